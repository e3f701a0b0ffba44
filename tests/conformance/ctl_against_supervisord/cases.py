"""What is compared: the commands of supervisor-protocol 5.6 and the options of supervisor-config 8.

A step is a Case, or a function that gets a daemon and changes something in both of them alike.
"""

from dataclasses import dataclass, field

LONG = "a-name-that-is-longer-than-thirty-characters"

_SERVER = """
[unix_http_server]
file={{dir}}/s.sock
[supervisord]
logfile={{dir}}/main.log
pidfile={{dir}}/d.pid
childlogdir={{dir}}
[supervisorctl]
serverurl=unix://{{dir}}/s.sock
prompt=compare
{interface}
"""
_INTERFACE = """
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
"""

# quick has so many startsecs because the daemon may miss its end for more than one of them.
PROGRAMS = """
[program:cat]
command=/bin/cat
startsecs=0
[program:sleeper]
command=/bin/sleep 10000
startsecs=0
[program:a]
command=/bin/sleep 10000
autostart=false
startsecs=0
priority=20
[program:b]
command=/bin/sleep 10000
autostart=false
startsecs=0
priority=10
[group:grp]
programs=a,b
priority=5
[program:nofile]
command=/no/such/file
autostart=false
[program:notexec]
command=/etc/passwd
autostart=false
[program:directory]
command=/etc
autostart=false
[program:badquote]
command=/bin/echo "unclosed
autostart=false
[program:quick]
command=/bin/false
autostart=false
startretries=0
startsecs=1000
[program:nolog]
command=/bin/sleep 10000
autostart=false
startsecs=0
stdout_logfile=NONE
[program:talker]
command=/bin/sh -c 'printf "first\\nh\\303\\251llo <&>\\n"; echo oops >&2; exec sleep 10000'
startsecs=0
[program:binary]
command=/bin/sh -c 'printf "\\377\\n"; exec sleep 10000'
startsecs=0
[program:""" + LONG + """]
command=/bin/sleep 10000
autostart=false
"""

MAIN = _SERVER.format(interface=_INTERFACE) + PROGRAMS
# Whether a program that fails at once counts as started is a race in "start all".
WITHOUT_QUICK = MAIN.replace("""[program:quick]
command=/bin/false
autostart=false
startretries=0
startsecs=1000
""", "")
# Not everywhere: "stop all" would never end.
STUBBORN = MAIN + """
[program:stubborn]
command=/bin/sh -c 'trap "" TERM; exec sleep 10000'
startsecs=0
autostart=false
stopwaitsecs=10000
"""
# Not everywhere: "start all" would never end.
SLOW = MAIN + """
[program:slow]
command=/bin/sleep 10000
autostart=false
startsecs=10000
"""
WITHOUT_INTERFACE = _SERVER.format(interface="") + "[program:cat]\ncommand=/bin/cat\n"
WITH_PASSWORD = """
[inet_http_server]
port=127.0.0.1:{port}
username=user
password=pa:ss
""" + MAIN
CHANGED = MAIN.replace("[program:nolog]\ncommand=/bin/sleep 10000",
                       "[program:nolog]\ncommand=/bin/sleep 20000")
CHANGED = CHANGED.replace("[program:badquote]\ncommand=/bin/echo \"unclosed\nautostart=false\n", "")
CHANGED += "[program:new1]\ncommand=/bin/cat\nstartsecs=0\n"
BROKEN = MAIN + "[program:broken]\n"
GARBAGE = "garbage\n"

# Commands whose answers differ between the daemons by intention, and why.
OTHER_DAEMON = {
    "tail binary": "bytes that are not UTF-8 are U+FFFD, not HTTP 500",
    "maintail -10": "the reference's log has a traceback about them",
}


@dataclass
class Case:
    """`words` is a command line behind "-c <config>", or the whole of it with `bare`."""

    words: list
    stdin: str = ""
    bare: bool = False
    # Only the first line is the reference's wording; behind it is help in our own words.
    help_follows: bool = False
    # Compare only this beginning of the output: the rest is in our own words.
    begins: str = ""
    any_order: bool = False
    # False: stderr may hold Python's warnings.
    compare_stderr: bool = True
    # The reference's output here is known to differ, and why; ours is given instead.
    instead: str = ""
    why: str = ""
    name: str = field(init=False, default="")

    def __post_init__(self):
        if isinstance(self.words, str):
            self.words = self.words.split()
        self.name = " ".join(self.words) + (f" < {self.stdin!r}" if self.stdin else "")


def commands(*lines, **options):
    return [Case(line, **options) for line in lines]


def reconfigure(template):
    return lambda daemon: daemon.configure(template)


LOOKING = commands(
    "status", "status sleeper", "status zz", "status zz:*", "status grp", "status grp:*",
    "status grp:", "status grp:a zz sleeper", "status sleeper cat", "status all zz",
    "status " + LONG, "status zz nolog", "avail", "version",
    "pid", "pid all", "pid nofile", "pid zz", "pid grp:*", "pid cat zz sleeper",
    "foo", "STATUS", "help foo", "help start stop", "quit", "exit", "?foo", "-foo", "help help foo",
    "reread", "update", "update zz", "update all", "add cat", "add zz", "add", "remove cat",
    "remove zz", "remove", "add cat zz", "update cat zz",
)
LOOKING += commands("avail x", "reread x", "version x", "shutdown x", "reload x",
                    help_follows=True)
LOOKING += [Case(["status sleeper"]), Case([""]), Case(["status", "  sleeper  "]),
            Case(["open", "ftp://x"]), Case(["open", "unix://{dir}/s.sock"]),
            Case(["open", "unix://{dir}/none"]), Case(["open", "foo"])]

LIFECYCLE = commands("start", "stop", "restart", "clear", "signal", "signal HUP",
                     help_follows=True)
LIFECYCLE += commands(
    "start zz", "start zz:a", "start zz:*", "start sleeper", "start nofile", "start notexec",
    "start directory", "start badquote", "start quick", "start grp:*", "start grp:*",
    "status grp:*", "stop grp:*", "stop grp:*", "stop grp:a", "start grp:a", "start grp:*",
    "restart grp:*", "restart grp:a cat", "stop grp:b", "stop zz", "stop zz:*", "stop nofile",
    "restart nolog", "restart nolog", "restart zz", "restart zz:*", "restart nofile",
    "restart quick", "signal BAD sleeper", "signal HUP zz", "signal HUP zz:*",
    "signal CONT nofile", "signal CONT nofile:*", "signal CONT sleeper", "signal 18 sleeper",
    "signal BAD grp:*", "signal BAD all", "signal CONT all", "signal CONT cat sleeper zz",
    "clear zz", "clear grp:a cat", "clear all",
    "start sleeper nofile quick", "start nofile quick sleeper", "stop cat nofile",
    "stop nolog", "start cat", "status",
)
LIFECYCLE.insert(-1, Case(["clear", "grp:*"], instead="grp:*: ERROR (no such process)\n",
                          why="the reference prints grp:None"))
# The reference reports each process when its loop happens to see that it is done.
ALL = commands("start all", "status", "stop all", "restart all", "stop all", "stop all", "status",
               any_order=True)

LOGS = commands("tail", "tail a b c d", "maintail a b", "fg", help_follows=True)
LOGS += commands(
    "tail talker", "tail talker stderr", "tail talker STDERR", "tail -5 talker", "tail -0 talker",
    "tail --3 talker", "tail -3 talker stdout", "tail zz", "tail nolog", "tail -f", "tail -5",
    "tail -x talker", "tail talker foo", "tail talker Fo'o", "tail - talker", "tail -1_0 talker",
    "tail binary", "tail -f zz", "tail -f nolog", "tail -f zz foo", "tail grp:*", "tail talker a b",
    "maintail -10", "maintail x", "maintail -x", "maintail x5", "fg cat sleeper", "fg zz",
    "fg nofile", "fg grp:*",
)

SHELL = [
    Case([], stdin=""), Case([], stdin="\n"), Case([], stdin="quit\nstatus\n"),
    Case([], stdin="status sleeper\nhelp foo\n? foo\n!x\n\n  \nSTATUS\nfoo bar\nexit\n"),
    Case([], stdin="pid sleeper zz\nstop nofile"), Case([], stdin="help\nEOF\n"),
    Case([], stdin="shutdown\nn\nreload\nno\nquit\n"), Case([], stdin="shutdown\n"),
    Case("-i shutdown", stdin="n\n"), Case("-i reload", stdin="\n"), Case("-i shutdown"),
    Case("-i status sleeper"), Case([], stdin="open foo\nopen unix://{dir}/none\nquit\n"),
]

OPTIONS = [Case(words, bare=True) for words in (
    "--nosuch", "-z", "-s", "--serverurl", "--configuration", "-s foo", "-s //x", "-s http: status",
    "-shttp: status", "--serverurl=foo status", "--s=foo", "-u a -u b status",
    "-u a --username=b", "-i -i status", "-c /nonexist status", "-c {dir} status",
    "-c /dev/null status", "--help=x", "--int=1", "-ux -uy", "--=x", "--conf /nonexist",
    "-iz", "-c", "-s ftp://x status", "-s unix:x status", "-s http://127.0.0.1:x/ status",
    "-s http://127.0.0.1:99999 status",
    "-c {dir}/d.conf -- status sleeper", "--c={dir}/d.conf status sleeper",
    "-c{dir}/d.conf status -s foo", "-c {dir}/bad1.conf status", "-c {dir}/bad2.conf status",
)]
OPTIONS += [Case(words, bare=True, begins="\0") for words in (
    "-h", "-?", "--help", "--he", "-h -s foo", "-ih", "-c {dir}/none.conf -h -s foo")]

UNREACHABLE = commands(
    "status", "start x", "start", "stop x", "restart x", "signal HUP x", "clear x", "tail x",
    "tail -f x", "maintail", "fg x", "pid", "version", "avail", "reread", "update", "add x",
    "remove x", "shutdown", "reload", "quit", "foo", "open unix://{dir}/none", "add",
)
UNREACHABLE += [Case([], stdin="status\nversion\nquit\n")]
UNREACHABLE += commands("version x", help_follows=True)

SHUTTING_DOWN = commands(
    "status", "start cat", "stop cat", "restart cat", "signal HUP cat", "clear cat", "tail cat",
    "maintail", "fg cat", "pid", "version", "avail", "reread", "update", "add cat", "remove cat",
    "shutdown", "reload",
)

NO_INTERFACE = commands(
    "start cat", "status", "version",
    begins="Sorry, supervisord responded but did not recognize the supervisor namespace commands")
NO_INTERFACE += commands("avail", "shutdown", "update")

_EMPTY = "-c {dir}/empty.conf -s "
PASSWORD = [Case((_EMPTY + words).split(), bare=True) for words in (
    "http://127.0.0.1:{port} status sleeper",
    "http://127.0.0.1:{port} -u user -p pa:ss status sleeper",
    "http://localhost:{port} -u user -p pa:ss version",
    "http://127.0.0.1:{port}/path?x -u user -p pa:ss status sleeper",
    "http://user:pa:ss@127.0.0.1:{port} status",
    "http://127.0.0.1:{port} -u user -p wrong version",
    "http://127.0.0.1:{port} -u user version",
    "http://127.0.0.1:{port} -p pa:ss shutdown",
    "http://127.0.0.1:{port} -u user -p wrong tail -f cat",
    "http://127.0.0.1:{port} -u user -p pa:ss tail -f zz",
    "http://127.0.0.1:{port}/x/ -u user -p pa:ss tail -f zz",
    "http://127.0.0.1:{port} avail",
    "http://127.0.0.1:1 status",
    "http://127.0.0.1:1 version",
    "http://127.0.0.1:1 shutdown",
    "http://127.0.0.1:1 update",
)]
PASSWORD += [Case((_EMPTY + "http://127.0.0.1:{port} -i status sleeper").split(), bare=True,
                  stdin=answers, compare_stderr=False)
             for answers in ("", "user\n", "user\npa:ss\n", "x\ny\nuser\npa:ss\n")]
PASSWORD += [Case((_EMPTY + "http://127.0.0.1:{port}").split(), bare=True,
                  stdin="user\npa:ss\nversion\nquit\n", compare_stderr=False)]

CONFIGURATION = [
    reconfigure(CHANGED),
    *commands("avail", "reread", "avail", "reread", "update zz new1", "add nolog", "remove badquote",
              "add badquote", "update sleeper", "start nolog", "update nolog", "update", "update",
              "avail", "status"),
    reconfigure(MAIN),
    *commands("reread", "stop new1", "remove new1", "add new1", "update", "status", "avail"),
    reconfigure(BROKEN),
    *commands("reread", "update", "update cat", "avail"),
    reconfigure(GARBAGE),
]
# The client needs the file, too, unless told where the daemon is.
CONFIGURATION += [Case((_EMPTY + "unix://{dir}/s.sock " + verb).split(), bare=True)
                  for verb in ("reread", "update")]
CONFIGURATION += [reconfigure(MAIN), *commands("update")]
