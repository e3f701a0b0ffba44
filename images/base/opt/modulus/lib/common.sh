# shellcheck shell=bash
# What the scripts of the images have in common. Sourced: . /opt/modulus/lib/common.sh

say() { printf '%s\n' "$*"; }

warn() { printf 'WARNING: %s\n' "$*"; }

# fail STATUS TEXT...: the end, with a reason; a line for each text.
fail() {
  local status="$1"
  shift
  printf 'ERROR: %s\n' "$1" >&2
  shift
  [ $# -eq 0 ] || printf '       %s\n' "$@" >&2
  exit "$status"
}

# become_mop SCRIPT ARGUMENT...: nothing of a customer's is looked at as root. An entry point calls it first, as
# `become_mop "$0" "$@"`; started as root, it starts once more as mop and does not come back here as root.
become_mop() {
  [ "$EUID" -eq 0 ] || return 0
  setuser mop true 2>/dev/null || fail 1 "This container runs as root and may not change to mop." \
    "Run it with --user 441:444, or let it keep the capabilities SETUID and SETGID."
  exec setuser mop "$@"
}

# The container's memory limit in bytes; nothing where there is none, or none that can be seen.
container_memory() {
  local file value
  for file in /sys/fs/cgroup/memory.max /sys/fs/cgroup/memory/memory.limit_in_bytes; do
    [ -r "$file" ] || continue
    value="$(<"$file")"
    # Version 1 writes "no limit" as the largest multiple of a page.
    if [[ "$value" =~ ^[0-9]+$ ]] && [ "${#value}" -lt 16 ]; then printf '%s' "$value"; fi
    return 0
  done
}

# The instance's memory in MB: SERVO_SIZE, else the container's limit, else nothing.
memory_mb() {
  local bytes
  if [ -n "${SERVO_SIZE:-}" ]; then
    [[ "$SERVO_SIZE" =~ ^[1-9][0-9]{0,7}$ ]] || fail 2 "SERVO_SIZE is '$SERVO_SIZE'; a number of megabytes is expected, like 512."
    printf '%s' "$SERVO_SIZE"
    return 0
  fi
  bytes="$(container_memory)"
  [ -z "$bytes" ] || printf '%s' "$((bytes / 1048576))"
}

# Where the application is to listen: PORT, or 8080.
port() {
  local number="${PORT:-8080}"
  if [[ ! "$number" =~ ^[1-9][0-9]{0,4}$ ]] || [ "$number" -gt 65535 ]; then
    fail 2 "PORT is '$number'; a number from 1 to 65535 is expected."
  fi
  printf '%s' "$number"
}

# copy_input [FOLDER]: everything of the input to the output, or into FOLDER; dot files, links and times included.
copy_input() {
  local target="${1:-$OUTPUT_DIR}"
  mkdir -p -- "$target"
  cp -a --no-preserve=ownership -- "$INPUT_DIR/." "$target/"
}
