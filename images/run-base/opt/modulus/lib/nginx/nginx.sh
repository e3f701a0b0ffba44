# shellcheck shell=bash
# nginx for `start` of run-static and run-php. Sourced after common.sh.

# A stop while `start` is still at work. A shell ignores QUIT otherwise, and process 1 TERM as well.
trap 'exit 131' QUIT
trap 'exit 143' TERM

nginx_conf=/etc/nginx/nginx.conf
nginx_sites=/mnt/home/nginx/sites.conf

# The folder of the application, or the end.
application_folder() {
  APP_DIR="${APP_DIR:-/mnt/app}"
  export APP_DIR
  [ -d "$APP_DIR" ] || fail 2 "APP_DIR, $APP_DIR, is not there: the application belongs there."
  if [ ! -r "$APP_DIR" ] || [ ! -x "$APP_DIR" ]; then fail 2 "APP_DIR, $APP_DIR, may not be read by $(id -u):$(id -g)."; fi
}

# make_folder PATH...: or the end.
make_folder() {
  local path
  for path in "$@"; do
    if ! mkdir -p -- "$path" 2>/dev/null || [ ! -w "$path" ]; then
      fail 1 "$path cannot be made or written by $(id -u):$(id -g)." "On the host: chown -R 441:444 VOLUME"
    fi
  done
}

# What nginx makes of its configuration, or the end with the application's file and line.
nginx_dump() {
  local text status=0 line
  text="$(nginx -T -e stderr -c "$nginx_conf" 2>&1)" || status=$?
  if [ "$status" -eq 0 ]; then
    printf '%s\n' "$text"
    return 0
  fi
  # Either "nginx: [emerg] what", or "date time [emerg] pid#tid: what", with " in file:line" where it is about one.
  line="$(sed -n -E '/\[(emerg|alert|crit|error)\]/{s/^[^[]*\[[a-z]+\] ([0-9]+#[0-9]+: )?//p;q}' <<<"$text")"
  if [[ "$line" =~ ^(.*)\ in\ (/.*):([0-9]+)$ ]]; then
    fail 2 "${BASH_REMATCH[2]}, line ${BASH_REMATCH[3]}: ${BASH_REMATCH[1]}"
  fi
  fail 2 "nginx cannot use its configuration: ${line:-it ended with status $status}"
}

# The addresses of all `listen` directives in a dump, a line each.
listen_addresses() {
  sed 's/#.*//' | tr '\n' ' ' | tr '{};' '\n' | awk '$1 == "listen" { print $2 }'
}

# nginx_prepare SITE: writes sites.conf, the application's sites and ours, which is what SITE says of the folder. A
# site of the application's that listens on our port takes the place of ours, whatever name it serves.
nginx_prepare() {
  local site="$1" number addresses dump
  number="$(port)"
  make_folder /mnt/home/nginx /mnt/tmp/nginx
  printf 'include "%s/sites-enabled/*";\n' "$APP_DIR" >"$nginx_sites"
  dump="$(nginx_dump)"
  addresses="$(listen_addresses <<<"$dump")"
  if grep -qxE "((\*|0\.0\.0\.0|\[::\]):)?$number" <<<"$addresses"; then
    say "Port $number is served by a site in $APP_DIR/sites-enabled."
    return 0
  fi
  [ -z "$addresses" ] || say "No site in $APP_DIR/sites-enabled listens on port $number: $APP_DIR is served there."
  {
    printf 'server {\n  listen %s default_server;\n' "$number"
    [ ! -e /proc/net/if_inet6 ] || printf '  listen [::]:%s default_server;\n' "$number"
    printf '  root "%s";\n  include %s;\n' "$APP_DIR" "$site"
    # Were it named and not there, the answer would be "not found" instead of what went wrong.
    [ ! -e "$APP_DIR/50x.html" ] || echo '  error_page 500 502 503 504 /50x.html;'
    echo '}'
  } >>"$nginx_sites"
}

# nginx_exec SECONDS: becomes nginx, which at QUIT answers what it has begun, for that long.
nginx_exec() {
  # Where root started us as mop, the console is root's still: it can be written, but not opened.
  { : >>/dev/stdout; } 2>/dev/null || exec > >(exec cat)
  exec /opt/modulus/lib/serve nginx -e stderr -c "$nginx_conf" -g "worker_shutdown_timeout ${1}s;"
}
