"""What clients see: RPC answers, faults, the packaged client's commands."""

import base64
import hashlib

from scenario import scenario

PROGRAMS = """[program:cat]
command=/bin/cat
stdout_logfile={dir}/cat.log
[program:idle]
command=/bin/sleep 1000
autostart=false
[group:pair]
programs=left,right
priority=5
[program:left]
command=/bin/sleep 1000
priority=2
[program:right]
command=/bin/sleep 1000
priority=1
"""


@scenario
def information_about_all_processes(s):
    """getAllProcessInfo, getAllConfigInfo, status, avail."""
    s.config(PROGRAMS)
    s.start()
    for name in ("cat", "pair:left", "pair:right"):
        s.until_state(name, "RUNNING")
    s.rpc("getAllProcessInfo")
    s.rpc("getAllConfigInfo")
    s.ctl("status")
    s.ctl("avail")
    s.end()


@scenario
def the_daemon_about_itself(s):
    """Versions, state, identification, method names and signatures."""
    s.config(PROGRAMS, supervisord="identifier=me")
    s.start()
    for method in ("getAPIVersion", "getVersion", "getSupervisorVersion", "getIdentification", "getState"):
        s.rpc(method)
    s.rpc("system.listMethods")
    for method in ("supervisor.startProcess", "supervisor.readLog", "system.multicall", "no.such"):
        s.rpc("system.methodSignature", method)
    s.rpc("supervisor.nosuch")
    s.rpc("getState", 1)
    s.end()


@scenario
def groups_are_started_and_stopped_as_a_whole(s):
    """Arrays of results, names with a star, order by priority."""
    s.config(PROGRAMS)
    s.start()
    for name in ("pair:left", "pair:right"):
        s.until_state(name, "RUNNING")
    s.rpc("startProcessGroup", "pair")
    s.rpc("stopProcessGroup", "pair", ordered=False)
    s.rpc("stopProcess", "pair:*")
    s.rpc("startProcess", "pair:*", ordered=False)
    s.rpc("stopProcessGroup", "nosuch")
    s.ctl("restart", "pair:left")
    s.ctl("status", "pair:*", "nosuch", "nosuch:*")
    s.end()


@scenario
def input_reaches_a_program(s):
    """sendProcessStdin."""
    s.config(PROGRAMS)
    s.start()
    s.until_state("cat", "RUNNING")
    s.rpc("sendProcessStdin", "cat", "h\u00e9llo\n")
    s.until_file("cat.log", "llo")
    s.content("cat.log")
    s.rpc("sendProcessStdin", "idle", "x")
    s.rpc("sendProcessStdin", "nosuch", "x")
    s.end()


@scenario
def signals_are_sent_by_name_and_number(s):
    """signalProcess and what it refuses."""
    s.config("[program:s]\ncommand=/bin/sh -c 'trap \"echo hup\" HUP; echo up; while :; do sleep 0.05; done'\nstdout_logfile={dir}/s.log\n" + PROGRAMS)
    s.start()
    s.until_state("s", "RUNNING")
    s.until_file("s.log", "up")
    s.rpc("signalProcess", "s", "HUP")
    s.until_file("s.log", "hup")
    for bad in ("USR9", "99", ""):
        s.rpc("signalProcess", "s", bad)
    s.rpc("signalProcess", "idle", "HUP")
    s.rpc("signalProcessGroup", "nosuch", "HUP")
    s.ctl("signal", "CONT", "s", "idle")
    s.end()


@scenario
def a_changed_configuration_is_found_and_applied(s):
    """reread and update: added, changed, removed."""
    s.config("[program:same]\ncommand=/bin/sleep 1000\n[program:old]\ncommand=/bin/sleep 1000\n"
             "[program:changes]\ncommand=/bin/sleep 1000\n")
    s.start()
    for name in ("same", "old", "changes"):
        s.until_state(name, "RUNNING")
    s.ctl("reread")
    s.config("[program:same]\ncommand=/bin/sleep 1000\n[program:fresh]\ncommand=/bin/sleep 1000\n"
             "[program:changes]\ncommand=/bin/sleep 2000\n")
    s.ctl("reread")
    s.rpc("reloadConfig")
    s.ctl("avail")
    s.ctl("update")
    for name in ("same", "fresh", "changes"):
        s.until_state(name, "RUNNING")
    s.states()
    s.ctl("update")
    s.end()


@scenario
def a_bad_configuration_is_not_applied(s):
    """reread fails, everything goes on."""
    s.config("[program:same]\ncommand=/bin/sleep 1000\n")
    s.start()
    s.until_state("same", "RUNNING")
    s.config("[program:same]\ncommand=/bin/sleep 1000\nstartsecs=x\n")
    s.rpc("reloadConfig")
    s.ctl("reread")
    s.states()
    s.end()


@scenario
def groups_are_added_and_removed(s):
    """addProcessGroup and removeProcessGroup with their faults."""
    s.config("[program:same]\ncommand=/bin/sleep 1000\n")
    s.start()
    s.until_state("same", "RUNNING")
    s.rpc("addProcessGroup", "same")
    s.rpc("addProcessGroup", "nosuch")
    s.rpc("removeProcessGroup", "same")
    s.rpc("stopProcess", "same")
    s.rpc("removeProcessGroup", "same")
    s.states()
    s.rpc("addProcessGroup", "same")
    s.until_state("same", "RUNNING")
    s.end()


@scenario
def multicall_returns_bare_results(s):
    """Values as they are, faults as structs, no recursion."""
    s.config(PROGRAMS)
    s.start()
    s.until_state("cat", "RUNNING")
    s.rpc("system.multicall", [{"methodName": "supervisor.getAPIVersion", "params": []},
                               {"methodName": "supervisor.getProcessInfo", "params": ["nosuch"]},
                               {"methodName": "system.multicall", "params": [[]]},
                               {"methodName": "supervisor.stopProcess", "params": ["cat"]},
                               {"methodName": "supervisor.startProcess", "params": ["cat"]},
                               {"params": []}])
    s.states("cat")
    s.end()


@scenario
def signatures_of_all_methods(s):
    """What system.methodSignature says of each method there is."""
    s.config("")
    s.start()
    for method in s.call("system.listMethods"):
        s.rpc("system.methodSignature", method)
    s.rpc("system.methodHelp", "no.such")
    s.rpc("system.methodSignature", "")


@scenario
def numbers_of_arguments(s):
    """Too few and too many are INCORRECT_PARAMETERS."""
    s.config(PROGRAMS)
    s.start()
    for method, *arguments in (("startProcess",), ("startProcess", "idle", True, 1), ("getAllProcessInfo", 1),
                               ("signalProcess", "cat"), ("readLog", 0), ("sendRemoteCommEvent", "a"),
                               ("system.listMethods", 1), ("system.multicall",), ("addProcessGroup",)):
        s.rpc(method, *arguments)


@scenario
def names_of_methods(s):
    """Two parts, no underscore in front, letters as they are."""
    s.config("")
    s.start()
    for method in ("getState", "supervisor", "supervisor.", ".getState", "a.b.c", "supervisor._update", "supervisor.getstate",
                   "Supervisor.getState", "system._x", "supervisor.supervisord", "nosuch.getState"):
        s.rpc("system.multicall", [{"methodName": method, "params": []}])


@scenario
def calls_of_a_multicall(s):
    """Nothing, no name, no parameters, its own kind."""
    s.config("")
    s.start()
    for calls in ([], [{"params": []}], [{"methodName": "supervisor.getState"}], [{"methodName": ""}],
                  [{"methodName": "system.multicall", "params": [[]]}], {"a": 1},
                  [{"methodName": "supervisor.getState", "params": [1]}]):
        s.rpc("system.multicall", calls)


@scenario
def statuses_of_http(s):
    """Paths, methods and lengths that are not what RPC wants."""
    s.config("")
    s.start()
    for request in (b"GET /RPC2 HTTP/1.1\r\n\r\n", b"POST /RPC2 HTTP/1.1\r\n\r\n", b"GET /nosuch HTTP/1.1\r\n\r\n",
                    b"PUT / HTTP/1.1\r\nContent-Length: 0\r\n\r\n", b"GET /logtail/nosuch HTTP/1.1\r\n\r\n",
                    b"GET /ok.html HTTP/1.1\r\n\r\n", b"POST /RPC2 HTTP/1.1\r\nContent-Length: 3\r\n\r\n<x>",
                    b"POST //RPC2 HTTP/1.1\r\nContent-Length: 3\r\n\r\n<x>"):
        s.http(request)


@scenario
def credentials(s):
    """A socket with a password: none, a wrong one, the right one, its digest."""
    digest = "{SHA}" + hashlib.sha1(b"secret").hexdigest()
    s.config("[unix_http_server:locked]\nfile={dir}/t.sock\nusername=me\npassword=" + digest + "\n")
    s.start()
    for words in (b"", b"me:wrong", b"you:secret", b"me:secret", b"me:" + digest.encode(), b"me", b":"):
        header = b"Authorization: Basic " + base64.b64encode(words) + b"\r\n" if words else b""
        s.http(b"GET /ok.html HTTP/1.1\r\n" + header + b"\r\n", "t.sock")
    s.http(b"GET /ok.html HTTP/1.1\r\nAuthorization: Digest x\r\n\r\n", "t.sock")
