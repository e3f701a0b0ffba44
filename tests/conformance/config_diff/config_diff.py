#!/usr/bin/python3
"""Reads the same configurations with the reference product's own loader and with ours.

    config_diff.py <config_dump> [<number of random files> [<seed>]]

Compared are the text of the first error, or every attribute of the result, the warnings and the
infos. Exit status 77 (skipped) when the reference is not installed.

Differences that are wanted, and how they are kept out of the comparison:
  * the reference here is 4.2.5, the target is later: `environment` values stay inside the part
    both read alike, "cannot be resolved" is compared up to its end in 4.2.5;
  * negative sizes and counts mean 0 here (1 for capture buffers);
  * groups and processes that the reference drops when they are created, because another has the
    same name, are dropped when the file is read here, with a warning of our own;
  * warnings of our own (unknown names, dropped groups) are ignored;
  * host names are refused here, so only numeric addresses and localhost appear;
  * ports that other hosts can reach need a password or allow_unauthenticated here, so they have one.
"""

import contextlib
import io
import json
import os
import random
import subprocess
import sys
import tempfile

try:
    from supervisor.datatypes import Automatic, RestartUnconditionally
    from supervisor.datatypes import RestartWhenExitUnexpected
    from supervisor.options import ServerOptions
except ImportError:
    print("the reference product is not installed")
    sys.exit(77)

ENVIRONMENT = {
    "HOME": "/root", "PATH": "/usr/bin:/bin", "X": "from-os", "PCT": "50%.log", "EMPTY": "",
    "SPACED": " 7 ", "TRUE": "true",
}


# --- the reference, in the words of config_dump -------------------------------------------------

def text_of(value):
    return value if value is None or isinstance(value, str) else str(value)


def log_of(value):
    if value is Automatic:
        return "AUTO"
    return value or None


def process_of(config):
    restart = {False: 0, RestartWhenExitUnexpected: 1, RestartUnconditionally: 2}
    out = {
        "name": config.name, "command": config.command, "directory": config.directory,
        "umask": config.umask, "uid": config.uid, "priority": config.priority,
        "autostart": config.autostart, "autorestart": restart[config.autorestart],
        "startsecs": config.startsecs, "startretries": config.startretries,
        "exitcodes": list(config.exitcodes), "stopsignal": int(config.stopsignal),
        "stopwaitsecs": config.stopwaitsecs, "stopasgroup": config.stopasgroup,
        "killasgroup": config.killasgroup, "redirect_stderr": config.redirect_stderr,
        "environment": dict(config.environment), "serverurl": config.serverurl,
    }
    for channel in "stdout", "stderr":
        def value(name):
            return getattr(config, "%s_%s" % (channel, name))
        out[channel + "_logfile"] = log_of(value("logfile"))
        out[channel + "_logfile_maxbytes"] = max(value("logfile_maxbytes"), 0)
        out[channel + "_logfile_backups"] = value("logfile_backups")
        capture = value("capture_maxbytes")
        out[channel + "_capture_maxbytes"] = capture if capture >= 0 else 1
        out[channel + "_events_enabled"] = value("events_enabled")
        out[channel + "_syslog"] = value("syslog")
    return out


def group_of(config):
    processes = {}
    for process in config.process_configs:
        processes[process.name] = process_of(process)
    out = {"name": config.name, "priority": config.priority, "processes": list(processes.values())}
    kind = type(config).__name__
    if kind == "EventListenerPoolConfig":
        from supervisor.events import getEventNameByType
        out["buffer_size"] = config.buffer_size
        out["events"] = sorted(getEventNameByType(event) for event in config.pool_events)
    if kind == "FastCGIGroupConfig":
        socket = config.socket_config
        out["socket"] = str(socket)
        out["socket_backlog"] = socket.get_backlog()
        if str(socket).startswith("unix:"):
            out["socket_mode"] = socket.get_mode()
            out["socket_owner"] = list(socket.get_owner() or (-1, -1))
    return out


def server_of(config):
    out = {"section": config["section"], "username": config["username"] or "",
           "password": config["password"] or ""}
    if "port" in config:
        out.update(host=config["host"], port=config["port"])
    else:
        owner = config["chown"] or (-1, -1)
        out.update(file=config["file"], chmod=config["chmod"], chown=list(owner))
    return out


def config_of(options):
    groups = {}
    for config in options.process_group_configs:
        groups.setdefault(config.name, group_of(config))
    names = ("logfile logfile_backups loglevel pidfile umask nodaemon silent nocleanup uid "
             "directory strip_ansi identifier").split()
    daemon = {name: getattr(options, name) for name in names}
    daemon["environment"] = dict(options.configroot.supervisord.environment)
    daemon["minfds"] = max(options.minfds, 0)
    daemon["minprocs"] = max(options.minprocs, 0)
    daemon["logfile_maxbytes"] = max(options.logfile_maxbytes, 0)
    return {
        "daemon": daemon, "groups": list(groups.values()),
        "servers": [server_of(config) for config in options.server_configs],
        "serverurl": options.serverurl,
        "rpcinterfaces": [name for name, _, _ in options.rpcinterface_factories],
        "warnings": options.parse_warnings, "infos": options.parse_infos,
    }


def reference(path):
    options = ServerOptions()
    stderr = options.stderr = io.StringIO()
    try:
        with contextlib.redirect_stderr(stderr):
            options.realize(["-c", path])
    except SystemExit:
        text = stderr.getvalue()
        return {"error": text[len("Error: "):text.rindex("\nFor help")]}
    except Exception as error:  # an error the reference does not handle
        return {"crash": repr(error)}
    return config_of(options)


# --- comparison ----------------------------------------------------------------------------------

OWN_WARNINGS = ("unknown key", "unknown section", "more than once, the last", "more than one section")


def normalised(expected, actual):
    if "error" in expected and "error" in actual:
        if expected["error"].endswith("]") and " cannot be resolved within " in expected["error"]:
            actual["error"] = actual["error"].split("]: ")[0] + "]"
        actual.pop("errors", None)
    if "warnings" in actual:
        actual["warnings"] = [w for w in actual["warnings"] if not any(o in w for o in OWN_WARNINGS)]
    return expected, actual


def differences(expected, actual, path=""):
    if isinstance(expected, dict) and isinstance(actual, dict):
        for key in sorted(set(expected) | set(actual)):
            yield from differences(expected.get(key), actual.get(key), path + "/" + key)
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for index, pair in enumerate(zip(expected, actual)):
            yield from differences(*pair, "%s[%d]" % (path, index))
    elif expected != actual:
        yield "%s\n    reference: %r\n    ours:      %r" % (path, expected, actual)


# --- configurations ------------------------------------------------------------------------------

INTEGERS = ["0", "1", "2", "3", "007", "+5", "-5", "1_000", "%(ENV_SPACED)s"]
BAD_INTEGERS = ["", "x", "1.5", "0x10", "1__0", "%(ENV_NOPE)s", "%", "50% off"]
BOOLEANS = ["true", "FALSE", "yes", "no", "on", "Off", "1", "0", "%(ENV_TRUE)s"]
BAD_BOOLEANS = ["", "y", "2", "enabled", "%(ENV_SPACED)s"]
SIZES = ["0", "1024", "1KB", "2 mb", "3GB", "10kb"]
BAD_SIZES = ["1k", "1TB", "1.5MB", "KB", "10B", ""]
LOGS = ["AUTO", "auto", "NONE", "off", "", "syslog", "/tmp/x.log", "rel.log", "~/y.log",
        "%(here)s/%(program_name)s.log", "/tmp/%%%%.log", "%(ENV_X)s.log", "/tmp/%(group_name)s"]
BAD_LOGS = ["/nonexistent/x.log", "50%%.log", "%(ENV_PCT)s", "%(nope)s"]
ENVIRONMENTS = ["", 'A="1"', 'A="1",B="2"', "A=x,", 'ENVA="%(ENV_X)s"', 'PATH="/opt:%(ENV_PATH)s"',
                'P="%(here)s"', "A=1 B B=2", 'C="a,b"']
BAD_ENVIRONMENTS = ["A", "A=1,B", ",A=1", 'A="1', "A=%(ENV_NOPE)s"]
USERS = ["root", "0", "nobody", "daemon", "65534"]
BAD_USERS = ["nosuchuser", "", "99999", "nobody:nogroup", "%(ENV_SPACED)s"]
SIGNALS = ["TERM", "SIGKILL", "int", "15", "9", " usr1 ", "CLD", "RTMIN"]
BAD_SIGNALS = ["NOPE", "99", "", "RTMIN+1", "1.5"]
TEXTS = ["x", "%(here)s", "%(ENV_X)s", "a b", "%%", ""]

KEYS = {
    "priority": (INTEGERS, BAD_INTEGERS), "numprocs_start": (INTEGERS, BAD_INTEGERS),
    "startsecs": (INTEGERS, BAD_INTEGERS), "startretries": (INTEGERS, BAD_INTEGERS),
    "stopwaitsecs": (INTEGERS, BAD_INTEGERS), "autostart": (BOOLEANS, BAD_BOOLEANS),
    "autorestart": (BOOLEANS + ["unexpected", "UNEXPECTED"], BAD_BOOLEANS),
    "redirect_stderr": (BOOLEANS, BAD_BOOLEANS), "stopasgroup": (BOOLEANS, BAD_BOOLEANS),
    "killasgroup": (BOOLEANS, BAD_BOOLEANS),
    "exitcodes": (["0", "0,2", " 1 , 2 ", "", "255"], ["256", "1,", "a", "1 2", "-1"]),
    "stopsignal": (SIGNALS, BAD_SIGNALS), "user": (USERS, BAD_USERS),
    "umask": (["022", "0o22", "77"], ["8", "", "x"]),
    "numprocs": (["1", "0", "-1"], ["2", "x", ""]),
    "process_name": (["%(program_name)s", "p", "%(ENV_X)s", "%(here)s", "%(program_name)s_%(process_num)02d"],
                     ["a b", "a:b", "a/b", "%(nope)s", "%(process_num)"]),
    "stdout_logfile": (LOGS, BAD_LOGS), "stderr_logfile": (LOGS, BAD_LOGS),
    "stdout_logfile_maxbytes": (SIZES, BAD_SIZES), "stderr_logfile_maxbytes": (SIZES, BAD_SIZES),
    "stdout_logfile_backups": (INTEGERS, BAD_INTEGERS),
    "stderr_logfile_backups": (INTEGERS, BAD_INTEGERS),
    "stdout_capture_maxbytes": (SIZES + ["-1"], BAD_SIZES), "stderr_capture_maxbytes": (SIZES, BAD_SIZES),
    "stdout_events_enabled": (BOOLEANS, BAD_BOOLEANS),
    "stderr_events_enabled": (BOOLEANS, BAD_BOOLEANS),
    "stdout_syslog": (BOOLEANS, BAD_BOOLEANS), "stderr_syslog": (BOOLEANS, BAD_BOOLEANS),
    "environment": (ENVIRONMENTS, BAD_ENVIRONMENTS),
    "directory": (TEXTS + ["~/x", "/nonexistent", "%(program_name)s"], ["%(nope)s", "%"]),
    "serverurl": (["auto", " AUTO", "http://x", "", "none", "%(ENV_X)s"], ["%(nope)s"]),
}

DAEMON_KEYS = {
    "minfds": (INTEGERS, BAD_INTEGERS), "minprocs": (INTEGERS, BAD_INTEGERS),
    "directory": (["/tmp", "~", "."], ["/nonexistent", "", "%(nope)s"]),
    "user": (USERS, BAD_USERS), "umask": (["022", "77"], ["8", ""]),
    "logfile": (["x.log", "/tmp/x.log", "syslog", "SYSLOG", "%(here)s/l"], ["/nonexistent/x"]),
    "logfile_maxbytes": (SIZES + ["-1"], BAD_SIZES), "logfile_backups": (INTEGERS, BAD_INTEGERS),
    "loglevel": (["info", "DEBUG", "critical", "blather"], ["warning", "10", ""]),
    "pidfile": (["x.pid", "/tmp/x.pid"], ["/nonexistent/x"]),
    "identifier": (["me", "", "a b"], ["%(nope)s"]),
    "nodaemon": (BOOLEANS, BAD_BOOLEANS), "silent": (BOOLEANS, BAD_BOOLEANS),
    "childlogdir": (["/tmp"], ["/nonexistent", ""]), "nocleanup": (BOOLEANS, BAD_BOOLEANS),
    "strip_ansi": (BOOLEANS, BAD_BOOLEANS),
    "environment": (['A="1"', "", 'ENVD="%(ENV_X)s"', "N=5"], ["A", ",A=1"]),
}

INET_KEYS = {
    "port": (["9001", ":9001", "*:9001", "127.0.0.1:9001", "LOCALHOST:1", "9_001"],
             ["0", "65536", "x", "", "localhost:", "localhost:x", "*:0", "127.0.0.1:70000"]),
    "username": (["u", ""], ["%(here)s"]), "password": (["p", "", "{SHA}00"], ["a%b"]),
}
UNIX_KEYS = {
    "file": (["/tmp/x.sock", "~/x", "%(here)s/../s", "x.sock", "//x"], ["%(nope)s"]),
    "chmod": (["0700", "777"], ["8", ""]), "chown": (USERS + ["root:root", "0:0", "nobody:nogroup"],
                                                     ["nosuch", "root:", ":root", "root:nosuch"]),
    "username": (["u"], ["%(here)s"]), "password": (["p"], ["a%b"]),
}
FCGI_KEYS = {
    "socket": (["unix:///tmp/%(program_name)s.sock", "unix:///a/../b", "tcp://localhost:9000",
                "tcp://127.0.0.1:007"],
               ["unix://x", "tcp://:9000", "tcp://h:x", "udp://h:1", "/tmp/x", "", "tcp://h:0",
                "tcp://h:70000", "%(group_name)s"]),
    "socket_backlog": (["1", "65535", "100"], ["0", "65536", "x", ""]),
    "socket_owner": (USERS + ["nobody:nogroup"], ["nosuch", "", "root:"]),
    "socket_mode": (["0700", "666"], ["8", ""]),
}
LISTENER_KEYS = {
    "events": (["TICK_5", "PROCESS_STATE,tick_60", "EVENT, EVENT", "Process_State_Exited"],
               ["", "TICK,", "NOPE", "TICK PROCESS_STATE"]),
    "buffer_size": (["1", "10", "1_0"], ["0", "-1", "x"]),
    "result_handler": (["supervisor.dispatchers:default_handler"], ["nosuch:x"]),
    "redirect_stderr": (["false"], ["true", "x"]),
}


def fill(rng, keys, always=(), share=0.15, bad=0.02):
    lines = []
    for key in rng.sample(sorted(keys), len(keys)):
        if key in always or rng.random() < share:
            good, wrong = keys[key]
            lines.append("%s = %s" % (key, rng.choice(wrong if rng.random() < bad else good)))
    return lines


def program_lines(rng):
    lines = fill(rng, KEYS)
    if rng.random() < 0.97:
        lines.append("command = " + rng.choice(
            ["/bin/cat", "sh -c '%(process_num)d of %(numprocs)d'", "%(ENV_X)s %(host_node_name)s",
             "", "%(program_name)s %(group_name)s %(here)s"]))
    if rng.random() < 0.2:
        lines.append("numprocs = %d" % rng.randint(2, 12))
        if rng.random() < 0.95:
            lines.append("process_name = %(program_name)s_%(process_num)d")
    rng.shuffle(lines)
    return lines


def random_sections(rng):
    sections = []
    if rng.random() < 0.99:
        sections.append(("supervisord", fill(rng, DAEMON_KEYS)))
    names = ["a", "b", "c", "d"]
    for name in rng.sample(names, rng.randint(0, 4)):
        title = rng.choice(["program:%s"] * 6 + ["fcgi-program:%s", "eventlistener:%s", "program: %s "]
                           + (["program:%s x"] if rng.random() < 0.1 else []))
        lines = program_lines(rng)
        if title.startswith("fcgi"):
            lines += fill(rng, FCGI_KEYS, always=("socket",))
        if title.startswith("event"):
            lines += fill(rng, LISTENER_KEYS, always=("events", "redirect_stderr"))
        sections.append((title % name, lines))
    if rng.random() < 0.3:
        members = ",".join(rng.choice(names) for _ in range(rng.randint(0, 3)))
        lines = ["programs = " + members] + fill(rng, {"priority": KEYS["priority"]})
        sections.append((rng.choice(["group:g", "group:a"]), lines))
    if rng.random() < 0.2:
        sections.append((rng.choice(["inet_http_server", "inet_http_server:x"]),
                         fill(rng, INET_KEYS, always=("port",), bad=0.2) + ["allow_unauthenticated = true"]))
    if rng.random() < 0.2:
        sections.append((rng.choice(["unix_http_server", "unix_http_server:y"]),
                         fill(rng, UNIX_KEYS, always=("file",), bad=0.2)))
    if rng.random() < 0.3:
        factory = "supervisor.rpcinterface:make_main_rpcinterface"
        if rng.random() < 0.05:
            factory = "nosuch:x"
        sections.append(("rpcinterface:supervisor", ["supervisor.rpcinterface_factory = " + factory]))
    if rng.random() < 0.05:
        sections.append(("DEFAULT", fill(rng, {"startsecs": KEYS["startsecs"],
                                               "priority": KEYS["priority"],
                                               "directory": KEYS["directory"]}, share=0.7)))
    rng.shuffle(sections)
    return sections


def render(sections):
    return "".join("[%s]\n%s\n\n" % (name, "\n".join(lines)) for name, lines in sections)


def random_files(rng):
    """The main file's text, and included files by name."""
    sections = random_sections(rng)
    if rng.random() < 0.8:
        return {"s.conf": render(sections)}
    cut = rng.randint(0, len(sections))
    include = ("include", ["files = " + rng.choice(
        ["inc/*.conf", "inc/a.conf nofile", "*/b.conf ./inc/a.conf", "%(here)s/inc/[!b].conf",
         "inc/?.conf", "inc/**", ""])])
    middle = rng.randint(0, cut)
    return {"s.conf": render(sections[middle:cut] + [include]),
            "inc/a.conf": render(sections[:middle]), "inc/b.conf": render(sections[cut:])}


def handwritten_files():
    """cases.txt: a line "### name" before each file."""
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "cases.txt")
    with open(path, encoding="utf-8") as file:
        for case in file.read().split("### ")[1:]:
            name, text = case.split("\n", 1)
            yield name, {"s.conf": text}


# --- the run -------------------------------------------------------------------------------------

def main():
    dump = sys.argv[1]
    count = int(sys.argv[2]) if len(sys.argv) > 2 else 600
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else 1
    os.environ.clear()
    os.environ.update(ENVIRONMENT)
    ours = subprocess.Popen([dump], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
                            encoding="utf-8")

    cases = list(handwritten_files())
    cases += [("random %d:%d" % (seed, i), random_files(random.Random("%d:%d" % (seed, i))))
              for i in range(count)]
    failures = valid = 0
    with tempfile.TemporaryDirectory() as folder:
        for number, (name, files) in enumerate(cases):
            for path, text in files.items():
                path = os.path.join(folder, str(number), path)
                os.makedirs(os.path.dirname(path), exist_ok=True)
                with open(path, "w", encoding="utf-8") as file:
                    file.write(text)
            path = os.path.join(folder, str(number), "s.conf")
            ours.stdin.write(path + "\n")
            ours.stdin.flush()
            actual = json.loads(ours.stdout.readline())
            expected, actual = normalised(reference(path), actual)
            found = list(differences(json.loads(json.dumps(expected, default=text_of)), actual))
            valid += "error" not in expected
            if found:
                failures += 1
                if failures <= 10:
                    print("--- %s ---" % name)
                    for path, text in files.items():
                        print("# %s\n%s" % (path, text))
                    print("\n".join(found))
    ours.stdin.close()
    ours.wait()
    print("%d configurations, %d of them valid, %d read differently" % (len(cases), valid, failures))
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
