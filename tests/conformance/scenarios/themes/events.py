"""Events and their payloads, as a listener reads them."""

import os
import signal

from product import LISTENER
from scenario import scenario

# What a plain listener heard is in the file "heard".
PLAIN = f"{LISTENER} {{dir}}/heard"


def listener(events, name="l", command=PLAIN, more=""):
    return f"[eventlistener:{name}]\ncommand={command}\nevents={events}\nstartsecs=0\n{more}"


def started(s, text, supervisord=""):
    """Starts with a listener that has said READY and is known to run."""
    s.config(text, supervisord=supervisord)
    s.start()
    s.until_state("l", "RUNNING")


@scenario
def states_of_a_plain_life(s):
    """STARTING, RUNNING, STOPPING, STOPPED."""
    started(s, listener("PROCESS_STATE") + "[program:p]\ncommand=/bin/sleep 1000\nautostart=false\nstartsecs=0\n")
    s.rpc("startProcess", "p")
    s.rpc("stopProcess", "p")
    s.until_event("heard", "STOPPED.*processname:p")
    s.events("heard", "processname:p")


@scenario
def states_of_failures(s):
    """BACKOFF and FATAL; the number of tries."""
    started(s, listener("PROCESS_STATE", more="buffer_size=100\n")
            + "[program:p]\ncommand=/bin/false\nautostart=false\nstartretries=1\n")
    s.rpc("startProcess", "p", False)
    s.until_event("heard", "FATAL")
    s.events("heard", "processname:p")


@scenario
def states_of_spawn_errors(s):
    """A program without command: BACKOFF behind STARTING, without a pid."""
    started(s, listener("PROCESS_STATE_STARTING,PROCESS_STATE_BACKOFF,PROCESS_STATE_FATAL", more="buffer_size=100\n")
            + "[program:p]\ncommand=/no/such\nstartretries=1\n")
    s.until_event("heard", "FATAL")
    s.events("heard", "processname:p")


@scenario
def expected_and_unexpected_ends(s):
    """EXITED with expected:1 and expected:0."""
    started(s, listener("PROCESS_STATE_EXITED", more="buffer_size=100\n")
            + "".join(f"[program:{name}]\ncommand=/bin/sh -c '{command}'\nautostart=false\nautorestart=false\n"
                      "startsecs=0\nexitcodes=3\n"
                      for name, command in (("good", "exit 3"), ("bad", "exit 0"), ("killed", "kill -9 $$"))))
    for name in ("good", "bad", "killed"):
        s.rpc("startProcess", name)
        s.until_event("heard", f"processname:{name}")
    s.events("heard")


@scenario
def a_stop_between_retries(s):
    """STOPPED from BACKOFF, pid 0; the number of tries is kept."""
    started(s, listener("PROCESS_STATE", more="buffer_size=100\n")
            + "[program:p]\ncommand=/bin/false\nautostart=false\nstartretries=100\n")
    s.rpc("startProcess", "p")
    s.rpc("stopProcess", "p")
    s.rpc("startProcess", "p", False)
    s.until_event("heard", "BACKOFF.*tries:2")
    s.events("heard", "processname:p.*(BACKOFF|STOPPED)|(BACKOFF|STOPPED).*processname:p")


@scenario
def members_of_groups_and_numbers(s):
    """Group and process names in payloads."""
    started(s, listener("PROCESS_STATE_RUNNING", more="buffer_size=100\n")
            + "[group:g]\nprograms=p\n[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\nautostart=false\n"
            "numprocs=2\nprocess_name=%(program_name)s-%(process_num)d\n")
    s.rpc("startProcess", "g:p-1")
    s.rpc("startProcess", "g:p-0")
    s.until_event("heard", "p-0")
    s.events("heard", "groupname:g")


@scenario
def one_type_only(s):
    """A concrete type excludes its siblings; names in any case; spaces around."""
    started(s, listener(" process_state_stopped , Process_State_Fatal ")
            + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n[program:f]\ncommand=/no/such\nstartretries=0\n")
    s.until_event("heard", "FATAL")
    s.rpc("stopProcess", "p")
    s.until_event("heard", "STOPPED")
    s.events("heard")


@scenario
def output_as_events(s):
    """PROCESS_LOG_STDOUT and PROCESS_LOG_STDERR, where enabled."""
    started(s, listener("PROCESS_LOG", more="buffer_size=100\n")
            + "[program:p]\ncommand=/bin/sh -c 'echo out; read x; echo err >&2; read x; echo h\u00e9llo w\u00f6rld; exec sleep 1000'\n"
            "startsecs=0\nstdout_events_enabled=true\nstderr_events_enabled=true\nautostart=false\n"
            "[program:q]\ncommand=/bin/sh -c 'echo hidden; exec sleep 1000'\nstartsecs=0\nstderr_events_enabled=true\n")
    s.rpc("startProcess", "p")
    s.until_event("heard", "out")
    s.rpc("sendProcessStdin", "p", "\n")
    s.until_event("heard", "err")
    s.rpc("sendProcessStdin", "p", "\n")
    s.until_event("heard", "llo")
    s.events("heard")


@scenario
def output_that_is_not_text(s):
    """Is sent as it would be written in Python."""
    started(s, listener("PROCESS_LOG_STDOUT")
            + "[program:p]\ncommand=/usr/bin/printf '\\\\377x\\\\t\\\\n\\\\047\\\\042\\\\134\\\\0\\\\177'\nstartsecs=0\n"
            "autorestart=false\nstdout_events_enabled=true\nautostart=false\n"
            "[program:q]\ncommand=/usr/bin/printf \"it\\\\047s \\\\200\"\nstartsecs=0\nautostart=false\n"
            "autorestart=false\nstdout_events_enabled=true\n")
    s.rpc("startProcess", "p")
    s.until_event("heard", "processname:p")
    s.rpc("startProcess", "q")
    s.until_event("heard", "processname:q")
    s.events("heard")


@scenario
def output_of_a_redirected_channel(s):
    """redirect_stderr: errors are output of stdout."""
    started(s, listener("PROCESS_LOG")
            + "[program:p]\ncommand=/bin/sh -c 'echo err >&2; exec sleep 1000'\nstartsecs=0\nredirect_stderr=true\n"
            "stdout_events_enabled=true\nstderr_events_enabled=true\n")
    s.until_event("heard", "err")
    s.events("heard")


@scenario
def output_without_log_file(s):
    """NONE: events are sent all the same."""
    started(s, listener("PROCESS_LOG")
            + "[program:p]\ncommand=/bin/sh -c 'echo out; exec sleep 1000'\nstartsecs=0\nstdout_logfile=NONE\n"
            "stdout_events_enabled=true\n")
    s.until_event("heard", "out")
    s.events("heard")


@scenario
def output_without_colours(s):
    """strip_ansi applies to events."""
    started(s, listener("PROCESS_LOG")
            + "[program:p]\ncommand=/usr/bin/printf '\\\\033[31mred\\\\033[0m done'\nstartsecs=0\nautorestart=false\n"
            "stdout_events_enabled=true\n", supervisord="strip_ansi=true")
    s.until_event("heard", "done")
    s.events("heard")


BEGIN, END = "<!--XSUPERVISOR:BEGIN-->", "<!--XSUPERVISOR:END-->"


def talker(steps, name="p", more="stdout_capture_maxbytes=1MB\n"):
    """A program that prints pieces, each when it has been sent a line."""
    script = "read x; ".join(f"printf %%b \"{step}\"; " for step in steps)
    return (f"[program:{name}]\ncommand=/bin/sh -c '{script}exec sleep 1000'\nstartsecs=0\n"
            f"stdout_logfile={{dir}}/{name}.log\n{more}")


@scenario
def messages_between_tokens(s):
    """PROCESS_COMMUNICATION_STDOUT: what is between the tokens is not in the log."""
    started(s, listener("PROCESS_COMMUNICATION") + talker([f"before {BEGIN}h\u00e9llo\\nworld{END} behind the token it goes on"]))
    s.until_event("heard", "COMMUNICATION")
    s.until_file("p.log", "goes on")
    s.events("heard")
    s.content("p.log")


@scenario
def messages_on_standard_error(s):
    """PROCESS_COMMUNICATION_STDERR."""
    started(s, listener("PROCESS_COMMUNICATION")
            + f"[program:p]\ncommand=/bin/sh -c 'echo \"{BEGIN}message{END}\" >&2; exec sleep 1000'\nstartsecs=0\n"
            "stderr_capture_maxbytes=1KB\n")
    s.until_event("heard", "COMMUNICATION")
    s.events("heard")


@scenario
def tokens_cut_anywhere(s):
    """A token may come in pieces."""
    text = f"a rather long beginning {BEGIN}message{END} and a rather long end of it\\n"
    started(s, listener("PROCESS_COMMUNICATION") + talker([text[:30], text[30:49], text[49:60], text[60:70], text[70:]]))
    for _ in range(4):
        s.until_state("p", "RUNNING")
        s.call("supervisor.sendProcessStdin", "p", "\n")
    s.until_event("heard", "COMMUNICATION")
    s.until_file("p.log", "end of it")
    s.events("heard")
    s.content("p.log")


@scenario
def several_messages(s):
    """Each pair of tokens is one event; an empty message is one, too."""
    started(s, listener("PROCESS_COMMUNICATION_STDOUT")
            + talker([f"{BEGIN}one{END} text between {BEGIN}{END}{BEGIN}three{END} and a long end of the text"]))
    s.until_event("heard", "three")
    s.until_file("p.log", "long end")
    s.events("heard")
    s.content("p.log")


@scenario
def a_message_larger_than_its_buffer(s):
    """stdout_capture_maxbytes: old bytes give way; a large piece is kept whole."""
    started(s, listener("PROCESS_COMMUNICATION_STDOUT")
            + talker([BEGIN + "x" * 60 + END + " some text behind the message"], more="stdout_capture_maxbytes=20\n"))
    s.until_event("heard", "xxx")
    s.events("heard")


@scenario
def without_capture_tokens_are_text(s):
    """stdout_capture_maxbytes=0, the default."""
    started(s, listener("PROCESS_COMMUNICATION") + talker([f"a {BEGIN}b{END} c"], more=""))
    s.until_file("p.log", "c$")
    s.content("p.log")
    s.events("heard")


@scenario
def captured_output_as_log_events(s):
    """PROCESS_LOG events are sent for what is captured."""
    started(s, listener("PROCESS_LOG,PROCESS_COMMUNICATION")
            + talker([f"before it {BEGIN}inside{END} a rather long text behind the token"],
                     more="stdout_capture_maxbytes=1KB\nstdout_events_enabled=true\n"))
    s.until_event("heard", "behind")
    s.until_event("heard", "COMMUNICATION")
    s.events("heard", "eventname:PROCESS_COMM")
    s.observe("logged", "".join(sorted(p.partition("\n")[2] for h, p in s.recorded("heard") if "PROCESS_LOG" in h)))


@scenario
def remote_events(s):
    """sendRemoteCommEvent: types and data; numbers of the event and of the pool."""
    started(s, listener("REMOTE_COMMUNICATION", more="buffer_size=100\n"))
    for kind, data in (("type", "data"), ("", ""), ("t\u00e9", "h\u00e9llo\n\nw\u00f6rld\n"), ("a b", "x: y")):
        s.rpc("sendRemoteCommEvent", kind, data)
    s.until_event("heard", "x: y")
    s.events("heard")


@scenario
def groups_come_and_go(s):
    """PROCESS_GROUP_ADDED for all at the start, and later; PROCESS_GROUP_REMOVED."""
    started(s, listener("PROCESS_GROUP", more="buffer_size=100\n") + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n")
    s.until_state("p", "RUNNING")
    s.rpc("stopProcess", "p")
    s.rpc("removeProcessGroup", "p")
    s.rpc("addProcessGroup", "p")
    s.until_event("heard", "ADDED.*groupname:p", 2)
    s.events("heard")


@scenario
def the_daemon_s_own_states(s):
    """SUPERVISOR_STATE_CHANGE_RUNNING at the start, STOPPING at the end."""
    started(s, listener("SUPERVISOR_STATE_CHANGE") + "[program:p]\ncommand=/bin/sh -c 'trap \"\" TERM; echo up; "
            "while :; do sleep 0.1; done'\nstartsecs=0\nstopwaitsecs=1000\nstdout_logfile={dir}/p.log\n")
    s.until_event("heard", "RUNNING")
    s.until_file("p.log", "up")
    pid = s.pid("p")
    s.send(signal.SIGTERM)
    s.until_event("heard", "STOPPING")  # the listener is stopped behind the program
    os.killpg(pid, signal.SIGKILL)
    s.observe("exit status", s.wait())
    s.events("heard")


@scenario
def ticks(s):
    """TICK_5 at a full five seconds; TICK stands for all of them."""
    started(s, listener("TICK_5") + listener("TICK", name="all", command=f"{LISTENER} {{dir}}/all"))
    s.until_event("heard", "TICK_5")
    s.until_event("all", "TICK_5")
    header, payload = s.recorded("heard")[0]
    s.observe("first", [header.split("eventname:")[1].split()[0], int(payload.partition(":")[2]) % 5])
    s.events("heard", "serial:0")


@scenario
def listeners_are_processes(s):
    """Their own states are events for others."""
    started(s, listener("PROCESS_STATE", more="buffer_size=100\n")
            + listener("TICK_3600", name="other", command=f"{LISTENER} {{dir}}/other", more="autostart=false\n"))
    s.rpc("startProcess", "other")
    s.rpc("stopProcess", "other")
    s.until_event("heard", "STOPPED.*processname:other")
    s.events("heard", "processname:other")


@scenario
def the_daemon_s_name_in_events(s):
    """server: is the identifier."""
    started(s, listener("REMOTE_COMMUNICATION"), supervisord="identifier=host-7")
    s.rpc("sendRemoteCommEvent", "a", "b")
    s.until_event("heard", "type:a")
    s.events("heard")


@scenario
def everything(s):
    """EVENT stands for all types."""
    started(s, listener("EVENT", more="buffer_size=100\n")
            + "[program:p]\ncommand=/bin/sh -c 'echo out; exec sleep 1000'\nstartsecs=0\nautostart=false\n"
            "stdout_events_enabled=true\n")
    s.rpc("startProcess", "p")
    s.until_event("heard", "out")
    s.rpc("stopProcess", "p")
    s.rpc("sendRemoteCommEvent", "a", "b")
    s.until_event("heard", "type:a")
    kinds = [header.split("eventname:")[1].split()[0] for header, _ in s.recorded("heard")]
    s.observe("kinds", sorted(set(kind for kind in kinds if not kind.startswith("TICK"))))
