#!/usr/bin/env python3
"""Things that may happen in one place only, and calls nobody may make."""

import pathlib
import re
import sys

# pattern -> files that may contain it
SINGLE = {
    r"\bwaitpid\s*\(|\bwaitid\s*\(|\bwait4\s*\(": {"os/reaper.cc", "os/spawn.cc", "os/daemonize.cc"},
    r"\bclone\s*\(|\bfork\s*\(\)|\bvfork\s*\(|\bexecve?\s*\(|SYS_execve|SYS_clone": {
        "os/spawn.cc", "os/spawn_child.cc", "os/daemonize.cc", "os/execute.cc"},
    r"\bsteady_clock::now\(|\bsystem_clock::now\(|\bclock_gettime\s*\(|\bgettimeofday\s*\(": {"base/time.h"},
}
FORBIDDEN = (
    r"\buv_spawn\b|\buv_queue_work\b|\buv_getaddrinfo\b|\buv_fs_|\buv_os_get_passwd\b|\buv_os_homedir\b|"
    r"\buv_default_loop\b|\bgetpwnam|\bgetpwuid|\bgetgrnam|\bgetgrgid|\bgetaddrinfo\s*\(|\bgethostbyname|"
    r"std::thread|std::async|\bpthread_create"
)
COMMENT = re.compile(r"//[^\n]*|/\*.*?\*/", re.S)
STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')


# Classes whose state is assigned in one function (beside its initialiser).
MACHINES = {"core/process_machine.cc": "enter"}


def assignments_outside(code, function):
    """Assignments to state_ in another function than `function`."""
    name, found = "", []
    for line in code.splitlines():
        if re.match(r"^\S.*\(", line) and (hit := re.search(r"::(~?\w+)\s*\(", line)):
            name = hit.group(1)
        if re.search(r"\bstate_\s*=[^=]|exchange\(state_", line) and name != function:
            found.append(name)
    return found


def main():
    root = pathlib.Path(sys.argv[1]) / "supervisor"
    problems, seen = [], 0
    for file in sorted(root.rglob("*")):
        if file.suffix not in (".h", ".cc"):
            continue
        seen += 1
        name = file.relative_to(root).as_posix()
        code = STRING.sub('""', COMMENT.sub("", file.read_text(encoding="utf-8")))
        for pattern, places in SINGLE.items():
            if name not in places and (hit := re.search(pattern, code)):
                problems.append(f"{name}: '{hit.group(0)}' belongs in {' or '.join(sorted(places))}")
        if function := MACHINES.get(name):
            for other in assignments_outside(code, function):
                problems.append(f"{name}: state_ is assigned in {other}(), not in {function}()")
        if hit := re.search(FORBIDDEN, code):
            problems.append(f"{name}: '{hit.group(0)}' is not used in this program")
    print("\n".join(problems) or f"{seen} files keep to their places")
    return 1 if problems or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
