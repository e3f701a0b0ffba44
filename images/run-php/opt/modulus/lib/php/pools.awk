# A php-fpm.conf for a container. The first pool listens where nginx looks for it; every pool passes the environment
# on and what its workers print. What only root could do, or outside of /mnt, is left out, as a comment, so that the
# rest of the file works.
BEGIN {
  print "[global]"
  print "error_log = /proc/self/fd/2"
  print "process_control_timeout = 3s"
  print "systemd_interval = 0"
}
/^[ \t]*\[/ {
  name = $0
  gsub(/^[ \t]*\[[ \t]*|[ \t]*\].*/, "", name)
  print
  if (name != "global" && !(name in pools)) {
    pools[name]
    count++
    print "catch_workers_output = yes"
    print "decorate_workers_output = no"
    print "clear_env = no"
    if (count == 1) {
      first = name
      print "listen = /mnt/home/php-fpm.sock"
    }
  }
  next
}
/^[ \t]*clear_env[ \t]*=/ ||
/^[ \t]*listen\.(owner|group|acl_users|acl_groups)[ \t]*=/ ||
/^[ \t]*(daemonize|user|group|chroot)[ \t]*=/ ||
/^[ \t]*(pid|error_log)[ \t]*=/ && $0 !~ /=[ \t]*"?\/mnt\// ||
/^[ \t]*listen[ \t]*=/ && name == first {
  print ";" $0
  next
}
{ print }
