"""Every wanted difference from the reference, with the reason a user finds in docs/compatibility.md.

A rule rewrites one product's observation into the other's before they are compared:
(pattern, replacement, reason). GENERAL applies to every scenario's text, BY_SCENARIO to one."""

import re

TRACEBACK = "a signal that is not permitted: the system's reason instead of a traceback"

# Applied to what our product said.
GENERAL = [
    (r"(unknown problem [^(]*\(<PID>\):)Operation not permitted", r"\1",
     TRACEBACK),
    (r"(cannot be resolved within \[[^]]*\]): only \S+ is built in", r"\1",
     "plug-ins: the reason is appended, as in the reference's development version"),
]

# Keys of structs that our product answers with and the installed reference does not.
ADDED_KEYS = {
    "autorestart": "getAllConfigInfo answers with autorestart, as the reference's development version does",
}

# Applied to what the reference said.
REFERENCE = [
    (r"^<TIME> DEBG fd \d+ closed, stopped monitoring .*", "<DROPPED>",
     "a closed pipe is no line of the debug log"),
    (r"\S+: UserWarning: Supervisord is running as root and it is searching .*\n.*\n", "",
     "root without -c is not warned"),
    (r"^(<14><DATE> .*<TIME> .*)\n$", r"\1", "a line sent to the system's log has no line feed at its end"),
    (r"(unknown problem [^(]*\(<PID>\):)Traceback (.|\n)*", r"\1", TRACEBACK),
]

SERVER_ERROR = [
    (r"(socket\.error reported (?:errno\.\w+ \(\d+\)|-2)): cannot .*", r"\1",
     "a server that cannot be opened: the address is told"),
    (r"<TIME> CRIT (Cannot open an HTTP server: |Another program is already listening ).*\n", "",
     "a server that cannot be opened: the log tells it, too"),
]

# scenario -> rules for our product's observations
BY_SCENARIO = {
    "mistakes.a_socket's_directory_is_missing": SERVER_ERROR,
    "mistakes.a_socket's_path_is_too_long": SERVER_ERROR,
    "mistakes.an_address_of_another_machine": SERVER_ERROR,
    "daemon.a_second_daemon": SERVER_ERROR,
    "servers.a_host_that_does_not_exist": SERVER_ERROR,
    "daemon.a_port_that_is_taken": SERVER_ERROR,
    "daemon.a_pid_file_that_cannot_be_written": [
        (r"(could not write pidfile \S+): .*", r"\1", "the reason is appended"),
    ],
}

# scenario -> observations that are another thing by intention, and why
NOT_COMPARED = {
    "control.credentials": {
        "GET /ok.html HTTP/1.1\r\nAuthorization: Basic bWU=\r\n\r\n": "credentials without a colon are wrong ones"},
    "daemon.a_stale_socket": {"said": "a stale socket is replaced without a line on standard error"},
    "activity.the_activity_log_nowhere": {"readLog(0, 0)": "only regular files are read: a device may never end"},
    "activity.an_activity_log_that_was_moved_is_cleared": {"clearLog()": "a log that was moved or deleted is made again"},
    "rereading.automatic_logs_are_told_by_their_names": {
        "getAllConfigInfo() again": "the name of an automatic log stays known behind a reread"},
}


def without_trials(lines):
    """FastCGI sockets: the reference makes each when its group is made, to see whether that is possible,
    and closes it again; ours are made when a process needs them."""
    kept = []
    for line in lines:
        _, closing, url = line.partition(" INFO Closing socket ") if isinstance(line, str) else ("", "", "")
        if closing and kept and kept[-1].endswith(f" INFO Creating socket {url}"):
            kept.pop()
        else:
            kept.append(line)
    return kept


def apply(rules, value):
    if isinstance(value, str):
        for pattern, replacement, _reason in rules:
            value = re.sub(pattern, replacement, value)
        return value
    if isinstance(value, dict):
        return {key: apply(rules, entry) for key, entry in value.items() if key not in ADDED_KEYS}
    if isinstance(value, list):
        entries = [apply(rules, entry) for entry in value]
        return [entry for entry in entries if entry != "<DROPPED>"]
    return value


def apply_to_reference(value):
    value = apply(REFERENCE, value)
    return without_trials(value) if isinstance(value, list) else value


def without_wanted(scenario, seen):
    """Observations without those that are not compared. A second one of a name is "name again"."""
    wanted = NOT_COMPARED.get(scenario, {})
    names, kept = set(), []
    for what, value in seen:
        name = f"{what} again" if what in names else what
        names.add(what)
        kept.append((what, "<not compared>" if name in wanted else value))
    return kept
