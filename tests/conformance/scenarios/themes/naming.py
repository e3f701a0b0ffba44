"""Names: of groups and processes that meet, that are empty, that an expansion made."""

from product import LISTENER
from scenario import scenario

SLEEP = "command=/bin/sleep 1000\nstartsecs=0\n"
ONCE = "startsecs=0\nautorestart=false\n"


def once(name, command, more=""):
    return f"[program:{name}]\ncommand={command}\n{ONCE}{more}"


@scenario
def a_member_listed_twice(s):
    """Is one process."""
    s.config("[group:g]\nprograms=p,p\n[program:p]\n" + SLEEP)
    s.start()
    s.until_state("g:p", "RUNNING")
    s.rpc("getAllProcessInfo")
    s.log("spawned")
    s.rpc("stopProcessGroup", "g")


@scenario
def members_whose_processes_have_one_name(s):
    """The last of them is the one there is."""
    s.config("[group:g]\nprograms=a,b\n" + once("a", "/bin/echo a", "process_name=x\nstdout_logfile={dir}/a.log\n")
             + once("b", "/bin/echo b", "process_name=x\nstdout_logfile={dir}/b.log\n"))
    s.start()
    s.until_state("g:x", "EXITED")
    s.states()
    s.listing("?.log")
    s.log("spawned")


@scenario
def a_listener_beats_a_program_of_its_name(s):
    """The first in the order of priorities is made, the other is not."""
    s.config(f"[program:l]\n{SLEEP}[eventlistener:l]\ncommand={LISTENER} {{dir}}/heard\nevents=REMOTE_COMMUNICATION\n"
             "startsecs=0\n")
    s.start()
    s.until_state("l", "RUNNING")
    s.rpc("sendRemoteCommEvent", "a", "b")
    s.until_event("heard", "type:a")
    s.states()


@scenario
def a_program_beats_a_fastcgi_program_of_its_name(s):
    """With the same priority: group, program, listener, FastCGI program."""
    s.config(f"[fcgi-program:x]\n{SLEEP}socket=unix://{{dir}}/f.sock\n[program:x]\n{SLEEP}")
    s.start()
    s.until_state("x", "RUNNING")
    s.states()
    s.listing("f.sock")
    s.log("spawned")


@scenario
def two_sections_of_one_name(s):
    """[program:x] and [program:x ]: the one with the lower priority, else the first."""
    s.config(once("x", "/bin/echo first", "stdout_logfile={dir}/x.log\n")
             + once("x ", "/bin/echo second", "stdout_logfile={dir}/x.log\npriority=1\n")
             + once("y", "/bin/echo first", "stdout_logfile={dir}/y.log\n")
             + once("y ", "/bin/echo second", "stdout_logfile={dir}/y.log\n"))
    s.start()
    s.until_state("x", "EXITED")
    s.until_state("y", "EXITED")
    s.content("x.log")
    s.content("y.log")
    s.states()


@scenario
def an_empty_name(s):
    """[program:] is a program like others."""
    s.config(once("", "/bin/echo x", "stdout_logfile={dir}/x.log\n") + "[program:p]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.until_file("x.log", "x")
    s.states()
    s.rpc("getProcessInfo", "")
    s.rpc("getProcessInfo", ":")
    s.rpc("startProcess", ":")
    s.rpc("stopProcessGroup", "")
    s.log("spawned")
    s.ctl("status")


@scenario
def an_empty_process_name(s):
    """process_name= with nothing."""
    s.config(once("p", "/bin/echo x", "process_name=\nstdout_logfile={dir}/x.log\n"))
    s.start()
    s.until_file("x.log", "x")
    s.until_log("exited")
    s.rpc("getProcessInfo", "p:")
    s.rpc("getProcessInfo", "p")
    s.rpc("getProcessInfo", "p:*")
    s.rpc("stopProcessGroup", "p")
    s.log("spawned|exited")


@scenario
def a_process_named_after_a_directory(s):
    """What an expansion brings into a name is not checked."""
    s.config(once("p", "/bin/echo x", "process_name=%(ENV_ODD)s\nstdout_logfile={dir}/x.log\nstderr_logfile=NONE\n"))
    s.start(environment={"ODD": "a b/c"})
    s.until_file("x.log", "x")
    s.until_log("exited")
    s.states()
    s.rpc("getProcessInfo", "p:a b/c")
    s.log("spawned|exited")


@scenario
def a_process_with_a_colon_in_its_name(s):
    """The first colon separates group and process."""
    s.config(once("p", "/bin/echo x", "process_name=%(ENV_ODD)s\nstdout_logfile={dir}/x.log\n"))
    s.start(environment={"ODD": "a:b"})
    s.until_file("x.log", "x")
    s.until_log("exited")
    s.rpc("getProcessInfo", "p:a:b")
    s.rpc("getProcessInfo", "a:b")
    s.ctl("status")


@scenario
def names_of_signs(s):
    """A tab and an emoji, in states, events and the log."""
    s.config(once("a\tb", "/bin/echo tab") + once("\U0001f600", "/bin/echo smile")
             + f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/heard\nevents=PROCESS_STATE_EXITED\nstartsecs=0\n")
    s.start()
    s.until_event("heard", "EXITED", 2)
    s.states()
    s.log("spawned")
    s.rpc("getProcessInfo", "\U0001f600")
    s.rpc("readProcessStdoutLog", "a\tb", 0, 0)


@scenario
def numbers_below_zero(s):
    """numprocs_start=-2; the order is that of the text."""
    s.config(once("n", "/bin/echo %(process_num)03d", "numprocs=4\nnumprocs_start=-2\nprocess_name=%(process_num)d\n"
                  "stdout_logfile={dir}/n%(process_num)d.log\n"))
    s.start()
    for number in range(-2, 2):
        s.until_state(f"n:{number}", "EXITED")
        s.content(f"n{number}.log")
    s.log("spawned")
    s.states()


@scenario
def numbers_in_hexadecimal(s):
    """process_name=%(process_num)02X has all that numprocs needs."""
    s.config(once("n", "/bin/true", "numprocs=12\nprocess_name=%(program_name)s%(process_num)02X\n"))
    s.start()
    s.until_state("n:n0B", "EXITED")
    s.until_log("exited: n", 12)
    s.states()


@scenario
def listeners_of_several_numbers(s):
    """Members of a pool by their numbers."""
    s.config(f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/heard%(process_num)d\nevents=REMOTE_COMMUNICATION\nstartsecs=0\n"
             "numprocs=2\nprocess_name=%(program_name)s_%(process_num)d\n", supervisord="loglevel=debug")
    s.start()
    s.until_log("-> READY", 2)
    s.rpc("sendRemoteCommEvent", "a", "b")
    s.until_event("heard0", "type:a")
    s.events("heard0")
    s.states()
    s.log("spawned")
