# shellcheck shell=bash
# PHP for `start` of run-php. Sourced after common.sh.

php_lib=/opt/modulus/lib/php
php_ini=/mnt/home/php.ini
fpm_conf=/mnt/home/php-fpm.conf

# There is one PHP in the image. Whoever asked for another is told, once.
check_php_version() {
  local asked="${MODULUS_CONFIG_ENGINES_PHP:-}" version
  if [ -z "$asked" ] && [ -r "$APP_DIR/app.json" ]; then
    asked="$(php -n "$php_lib/asked-version.php" "$APP_DIR/app.json")" || asked=
  fi
  [ -n "$asked" ] || return 0
  version="$(php -n -r 'echo PHP_VERSION;')"
  php -n "$php_lib/satisfies.php" "$version" "$asked" || warn "PHP $asked was asked for; this image has PHP $version, which is used."
}

# write_php_ini SHARE: what php-fpm reads, from the application's php.ini, or else the image's.
write_php_ini() {
  local share="$1" source="$php_lib/php.ini" told=
  if [ -e "$APP_DIR/php.ini" ]; then
    source="$APP_DIR/php.ini"
    told="$source"
  fi
  [ -r "$source" ] || fail 2 "$source may not be read by $(id -u):$(id -g)."
  {
    cat "$php_lib/container.ini"
    echo "${share:+memory_limit = ${share}M}"
    if [ -n "$share" ]; then
      awk -v share="$share" -v file="$told" -f "$php_lib/memory-limit.awk" "$source"
    else
      cat "$source"
    fi
  } >"$php_ini"
  php_ini_begin=$(($(wc -l <"$php_lib/container.ini") + 1))
}

# write_fpm_conf SHARE: the same for its other file.
write_fpm_conf() {
  local share="$1" source="$php_lib/php-fpm.conf" children
  [ ! -e "$APP_DIR/php-fpm.conf" ] || source="$APP_DIR/php-fpm.conf"
  [ -r "$source" ] || fail 2 "$source may not be read by $(id -u):$(id -g)."
  if [ -n "$share" ]; then
    awk -f "$php_lib/pools.awk" "$source" |
      awk -v share="$share" -v file="$source" -f "$php_lib/memory-limit.awk" >"$fpm_conf"
  else
    awk -f "$php_lib/pools.awk" "$source" >"$fpm_conf"
  fi
  if [ "$source" = "$php_lib/php-fpm.conf" ] && [ -n "$share" ]; then
    # A worker of an ordinary application takes about 30 MB.
    children=$((share / 30))
    [ "$children" -ge 2 ] || children=2
    [ "$children" -le 32 ] || children=32
    sed -i "s/^pm.max_children = .*/pm.max_children = $children/" "$fpm_conf"
  fi
}

# line_of_source GENERATED LINE SOURCE: where the application has what php-fpm complains about in ours.
line_of_source() {
  local text
  text="$(sed -n "${2}p" "$1")"
  grep -m 1 -n -x -F -- "$text" "$3" | cut -d : -f 1
}

# What php-fpm makes of it, or the end with the application's file and line.
check_php() {
  local text status=0 line ini="$APP_DIR/php.ini" conf="$APP_DIR/php-fpm.conf"
  text="$(php-fpm8.2 --test --fpm-config "$fpm_conf" -c "$php_ini" 2>&1)" || status=$?
  if [[ "$text" =~ PHP:\ *(.*)\ in\ $php_ini\ on\ line\ ([0-9]+) ]] && [ -e "$ini" ]; then
    # PHP itself counts the line after, where something is missing at the end of one.
    fail 2 "$ini, near line $((BASH_REMATCH[2] - php_ini_begin)): ${BASH_REMATCH[1]}"
  fi
  [ "$status" -ne 0 ] || return 0
  line="$(grep -m 1 -E '(ALERT|ERROR): ' <<<"$text")" || line="php-fpm ended with status $status"
  line="${line#*ALERT: }"
  line="${line#*ERROR: }"
  if [[ "$line" =~ ^\[$fpm_conf:([0-9]+)\]\ (.*)$ ]] && [ -e "$conf" ]; then
    local told="${BASH_REMATCH[2]}"
    line="$(line_of_source "$fpm_conf" "${BASH_REMATCH[1]}" "$conf")" || line=
    fail 2 "$conf${line:+, line $line}: $told"
  fi
  fail 2 "php-fpm cannot use its configuration: $line"
}

# 75 % of the instance's memory in MB, if that is known.
php_share() {
  local memory
  memory="$(memory_mb)" || return
  [ -z "$memory" ] || printf '%s' "$((memory * 75 / 100))"
}

# php_prepare: both files, from what the application and the container say.
php_prepare() {
  local share
  make_folder /mnt/home /mnt/tmp/php/sessions
  share="$(php_share)"
  check_php_version
  write_php_ini "$share"
  write_fpm_conf "$share"
  check_php
}
