# shellcheck shell=bash
# Scripts of a package.json, run as npm runs them, but without an npm that stays in between: that hands on signals late
# or not at all, and makes exit statuses its own. Sourced after common.sh.

# What package.js tells of a package.json, by field.
declare -A described=()

# describe_package FILE SCRIPT: fills `described`.
describe_package() {
  local field
  described=()
  while IFS= read -r -d '' field; do described["${field%%=*}"]="${field#*=}"; done \
    < <(/usr/bin/node /opt/modulus/lib/package.js "$1" "$2")
}

# Variables that a script finds: what package.json says, and commands of the installed packages, the nearest first.
export_for_script() {
  local field folder="$PWD" commands='' node
  for field in "${!described[@]}"; do
    case "$field" in npm_package_*) export "$field=${described[$field]}" ;; esac
  done
  while :; do
    commands+="${folder%/}/node_modules/.bin:"
    [ "$folder" != / ] || break
    folder="$(dirname -- "$folder")"
  done
  node="$(command -v node)"
  export PATH="$commands$PATH" NODE="$node" npm_node_execpath="$node" npm_execpath=/opt/modulus/bin/npm \
    npm_command=run-script npm_package_json="$PWD/package.json" INIT_CWD="${INIT_CWD:-$PWD}"
}

# become_script NAME [ARGUMENT...]: becomes the described script. The shell is bash under the name sh, since bash
# puts itself aside for the last command of a script (`a && node b`); a pipe keeps it. preNAME runs before;
# postNAME, which could only follow the end of an application, does not.
become_script() {
  local name="$1" command="${described[script]}"
  shift
  [ -z "${described[post]}" ] || warn "post$name is not run: 'npm run $name' is replaced by its command here."
  export_for_script
  if [ -n "${described[pre]}" ]; then
    say "Running command: ${described[pre]}"
    npm_lifecycle_event="pre$name" npm_lifecycle_script="${described[pre]}" bash -c "${described[pre]}" ||
      fail $? "pre$name failed: ${described[pre]}"
  fi
  export npm_lifecycle_event="$name" npm_lifecycle_script="$command"
  [ $# -eq 0 ] || command+="$(printf ' %q' "$@")"
  say "Running command: $command"
  exec -a sh /bin/bash -c "$command"
}
