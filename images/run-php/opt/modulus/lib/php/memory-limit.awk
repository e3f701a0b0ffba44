# A php.ini or php-fpm.conf whose memory_limit is at most `share` (MB): awk -v share=144 -v file=NAME. One that the
# application states stays as it is, unless it is more than that, or none (-1).
function bytes(text,    number) {
  number = text + 0
  if (text ~ /^-/) return -1
  if (text ~ /[kK]$/) return number * 1024
  if (text ~ /[mM]$/) return number * 1048576
  if (text ~ /[gG]$/) return number * 1073741824
  return number
}
/^[ \t]*(php(_admin)?_value\[)?memory_limit\]?[ \t]*=/ {
  key = $0
  sub(/=.*/, "", key)
  value = substr($0, length(key) + 2)
  sub(/[ \t]*;.*/, "", value)
  gsub(/[ \t\r"']/, "", value)
  if (bytes(value) < 0 || bytes(value) > share * 1048576) {
    if (file != "")
      print "WARNING: memory_limit is " value " in " file ", more than 75 % of the memory there is: it is " share "M now." > "/dev/stderr"
    print key "= " share "M"
    next
  }
}
{ print }
