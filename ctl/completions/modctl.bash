# bash completion for modctl and supervisorctl
#
# Names come from the daemon the command line so far points at; without one there are none.

# Prints the configured processes, one "group:name" or "name" a line.
_modctl_names() {
  local listing
  listing=$("$@" avail 2>/dev/null </dev/null) || return
  awk '{ print $1 }' <<<"$listing"
}

# Called as supervisorctl, the client knows neither the options of commands nor these commands.
_modctl_is_drop_in() {
  [[ ${1##*/} == supervisorctl ]]
}

_modctl_options() {
  case $1 in
    health) echo --ready --timeout ;;
    logs) echo -f --follow -n --lines --since-start --stdout --stderr ;;
    avail | pid | reread | version) echo --json ;;
    restart | start | stop) echo --wait ;;
    status) echo --json --watch ;;
    update) echo --json --wait ;;
  esac
}

_modctl_candidates() {
  local verb=$1 name
  shift
  case $verb in
    '')
      printf '%s\n' add avail clear exit fg help maintail open pid quit reload remove reread \
        restart shutdown signal start status stop tail update version
      _modctl_is_drop_in "$1" || printf '%s\n' explain health logs
      ;;
    help)
      _modctl_candidates '' "$@"
      ;;
    add | remove | update)
      _modctl_names "$@" | sed 's/:.*//' | sort -u
      ;;
    explain | logs)
      _modctl_is_drop_in "$1" || _modctl_candidates tail "$@"
      ;;
    clear | fg | pid | restart | signal | start | status | stop | tail)
      while read -r name; do
        printf '%s\n' "$name"
        [[ $name == *:* ]] && printf '%s\n' "${name%%:*}:*"
      done < <(_modctl_names "$@")
      [[ $verb != fg && $verb != tail ]] && echo all
      ;;
  esac
}

_modctl() {
  local line=${COMP_LINE:0:COMP_POINT} current='' verb='' value_of='' word last=''
  local -a words client
  # Not COMP_WORDS: bash takes "group:name" apart at the colon.
  read -ra words <<<"$line"
  if [[ $line != *[[:space:]] ]]; then
    current=${words[-1]}
    unset 'words[-1]'
  fi
  client=("${words[0]}")
  for word in "${words[@]:1}"; do
    if [[ $verb ]]; then
      last=$word
      continue
    fi
    if [[ $value_of ]]; then
      client+=("$value_of" "$word")
      value_of=''
      continue
    fi
    case $word in
      -[csupr] | --configuration | --serverurl | --username | --password | --history_file)
        value_of=$word
        ;;
      -i | --interactive) ;;
      -*)
        client+=("$word")
        ;;
      *)
        verb=$word
        ;;
    esac
  done

  COMPREPLY=()
  case $value_of in
    -c | --configuration | -r | --history_file)
      compopt -o default 2>/dev/null
      return
      ;;
    ?*)
      return
      ;;
  esac
  if [[ ! $verb && $current == -* ]]; then
    mapfile -t COMPREPLY < <(compgen -W '-c -h -i -s -u -p -r --configuration --help
      --interactive --serverurl --username --password --history_file' -- "$current")
    return
  fi
  if [[ $verb && $current == -* ]]; then
    _modctl_is_drop_in "${words[0]}" ||
      mapfile -t COMPREPLY < <(compgen -W "$(_modctl_options "$verb")" -- "$current")
    return
  fi
  case $verb:$last in
    health:--ready) verb=logs ;;  # names
    health:* | logs:-n | logs:--lines) return ;;
  esac
  while read -r word; do
    [[ $word == "$current"* && " ${COMPREPLY[*]} " != *" $word "* ]] && COMPREPLY+=("$word")
  done < <(_modctl_candidates "$verb" "${client[@]}")
  # readline replaces only what stands behind the last word break.
  if [[ $current == *:* && $COMP_WORDBREAKS == *:* ]]; then
    COMPREPLY=("${COMPREPLY[@]#"${current%"${current##*:}"}"}")
  fi
}

complete -F _modctl modctl supervisorctl
