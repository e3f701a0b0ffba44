"""How a program is stopped: signals, groups of processes, time to end.

Where SIGKILL is involved lines are observed once: the reference may repeat it in each pass of its loop."""

import os
import shutil
import signal

from product import LISTENER
from scenario import needs_root, scenario

# Waits for signals and tells them; written so that a signal during its start is not lost.
TELLER = ("#!/bin/sh\nfor s in TERM INT QUIT HUP USR1 USR2 CONT WINCH; do trap \"echo $s\" $s; done\n"
          "trap 'echo TERM; exit 5' TERM\ntrap 'echo INT; exit 0' INT\necho up\n"
          "while :; do sleep 1000 & wait $!; done\n")


def teller(s, more="", name="t"):
    s.write("teller", TELLER, 0o755)
    return f"[program:{name}]\ncommand={{dir}}/teller\nstartsecs=0\nstdout_logfile={{dir}}/{name}.log\nstop_tree=false\nkillasgroup=true\n{more}"


def up(s, name="t"):
    s.until_file(f"{name}.log", "up")
    s.until_state(name, "RUNNING")


@scenario
def a_stop_whose_code_is_not_expected(s):
    """Stopped all the same, but the line is a warning."""
    s.config(teller(s))
    s.start()
    up(s)
    s.rpc("stopProcess", "t")
    s.rpc("getProcessInfo", "t")
    s.content("t.log")
    s.log("stopped")


@scenario
def a_stop_by_a_signal_with_another_spelling(s):
    """stopsignal=sigint."""
    s.config(teller(s, "stopsignal=sigint\n"), supervisord="loglevel=debug")
    s.start()
    up(s)
    s.rpc("stopProcess", "t")
    s.content("t.log")
    s.log("stopped|killing")


@scenario
def a_stop_by_the_signal_s_number(s):
    """stopsignal=10 is USR1: told in the log by its name, then SIGKILL."""
    s.config(teller(s, "stopsignal=10\nstopwaitsecs=1\n"), supervisord="loglevel=debug")
    s.start()
    up(s)
    s.rpc("stopProcess", "t")
    s.content("t.log")
    s.log_once("stopped|killing")


@scenario
def a_stop_by_kill(s):
    """stopsignal=KILL needs no patience."""
    s.config(teller(s, "stopsignal=KILL\n"))
    s.start()
    up(s)
    s.rpc("stopProcess", "t")
    s.log("stopped|killing")


@scenario
def a_stop_without_patience(s):
    """stopwaitsecs=0: SIGKILL follows at once."""
    s.config(teller(s, "stopsignal=HUP\nstopwaitsecs=0\n"))
    s.start()
    up(s)
    s.rpc("stopProcess", "t")
    s.log_once("stopped|killing")


@scenario
def a_stop_while_it_starts(s):
    """STARTING is stopped like RUNNING."""
    s.config(teller(s, "startsecs=1000\n"))
    s.start()
    s.until_file("t.log", "up")
    s.states()
    s.rpc("stopProcess", "t")
    s.rpc("getProcessInfo", "t")
    s.log("stopped|success")


@scenario
def a_stop_that_nobody_waits_for(s):
    """wait=false: STOPPING can be seen; another stop is NOT_RUNNING; signals still go."""
    s.config(teller(s, "stopsignal=HUP\nstopwaitsecs=1000\n"))
    s.start()
    up(s)
    s.rpc("stopProcess", "t", False)
    s.rpc("getProcessInfo", "t")
    s.until_file("t.log", "HUP")
    s.rpc("stopProcess", "t")
    s.rpc("signalProcess", "t", "USR2")
    s.until_file("t.log", "USR2")
    s.rpc("startProcess", "t", False)
    s.rpc("startProcess", "t")
    s.log("already running")
    s.rpc("signalProcess", "t", "KILL")
    s.until_state("t", "STOPPED")
    s.content("t.log")
    s.log("stopped")


@scenario
def a_signal_goes_to_the_process_alone(s):
    """signalProcess spares the group, whatever stopasgroup says."""
    s.config("[program:t]\ncommand=/bin/sh -c 'trap \"echo parent\" USR1; sh -c \"trap \\\"echo child\\\" USR1; echo up; "
             "while :; do sleep 0.1; done\" & while :; do wait; done'\nstdout_logfile={dir}/t.log\nstartsecs=0\n"
             "stopasgroup=true\n")
    s.start()
    up(s)
    s.rpc("signalProcess", "t", "USR1")
    s.until_file("t.log", "parent")
    s.rpc("signalProcess", "t", "USR1")
    s.until_file("t.log", "parent.*parent")
    s.content("t.log")


# A parent that ends by TERM and a child of it that says when it gets TERM; the child's pid is in a file.
FAMILY = ("#!/bin/sh\nsh -c 'trap \"echo child TERM; exit 0\" TERM; echo $$ > {dir}/child; "
          "while :; do sleep 0.1; done' &\nwhile :; do sleep 0.1; done\n")


def family(s, more):
    s.write("family", FAMILY, 0o755)
    s.config("[program:f]\ncommand={dir}/family\nstdout_logfile={dir}/f.log\nstartsecs=0\n" + more,
             supervisord="loglevel=debug")
    s.start()
    s.until_state("f", "RUNNING")
    s.until_file("child", r"\d+\n")
    return int((s.dir / "child").read_text())


def lives(pid):
    try:
        with open(f"/proc/{pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


@scenario
def a_stop_of_the_group(s):
    """stopasgroup: children get the signal, too."""
    child = family(s, "stopasgroup=true\n")
    s.rpc("stopProcess", "f")
    s.until("the child's end", lambda: not lives(child))
    s.log_once("killing|stopped")


@scenario
def a_stop_of_the_process(s):
    """Without stopasgroup children live on."""
    child = family(s, "")
    s.rpc("stopProcess", "f")
    s.observe("the child lives", lives(child))
    s.log_once("killing|stopped")


STUBBORN = ("#!/bin/sh\ntrap '' TERM\nsh -c 'echo $$ > {dir}/child; while :; do sleep 0.1; done' &\n"
            "while :; do sleep 0.1; done\n")


def stubborn(s, more):
    s.write("family", STUBBORN, 0o755)
    s.config("[program:f]\ncommand={dir}/family\nstartsecs=0\nstopwaitsecs=1\n" + more, supervisord="loglevel=debug")
    s.start()
    s.until_state("f", "RUNNING")
    s.until_file("child", r"\d+\n")
    return int((s.dir / "child").read_text())


@scenario
def a_kill_of_the_group(s):
    """killasgroup: children are killed, too."""
    child = stubborn(s, "killasgroup=true\n")
    s.rpc("stopProcess", "f")
    s.until("the child's end", lambda: not lives(child))
    s.log_once("killing|stopped")


@scenario
def a_kill_of_the_process(s):
    """Without killasgroup children live on."""
    child = stubborn(s, "")
    s.rpc("stopProcess", "f")
    s.observe("the child lives", lives(child))
    s.log_once("killing|stopped")


@scenario
def a_stop_of_the_group_kills_the_group(s):
    """stopasgroup implies killasgroup."""
    child = stubborn(s, "stopasgroup=true\n")
    s.rpc("stopProcess", "f")
    s.until("the child's end", lambda: not lives(child))
    s.log_once("killing|stopped")


@scenario
def a_stopped_program_is_not_restarted(s):
    """autorestart=true does not matter."""
    s.config(teller(s, "autorestart=true\n") + "[program:q]\ncommand=/bin/sleep 1000\nautostart=false\nstartsecs=1\n")
    s.start()
    up(s)
    s.rpc("stopProcess", "t")
    s.rpc("startProcess", "q")  # takes a second: time for a restart
    s.states()
    s.log("spawned: 't'")


@scenario
def a_client_that_waits_is_told_of_in_the_log(s):
    """"waiting for t to stop" while a client waits."""
    s.config(teller(s, "stopsignal=HUP\nstopwaitsecs=1\n"))
    s.start()
    up(s)
    s.rpc("stopProcess", "t")
    s.log_once("killing|stopped")


@scenario
def restarts_by_the_client(s):
    """restart: stop, then start, with a new process."""
    s.config(teller(s, "stopsignal=INT\n"))
    s.start()
    up(s)
    before = s.pid("t")
    s.ctl("restart", "t")
    s.observe("another process", s.pid("t") != before)
    s.log("'t'|: t")


@scenario
def grandchildren_may_keep_the_output(s):
    """A program is gone when it is gone, even if a child of it holds the pipe."""
    s.config("[program:p]\ncommand=/bin/sh -c 'sh -c \"echo child; exec sleep 1000\" & sleep 0.3; echo parent'\n"
             "startsecs=0\nautorestart=false\nstdout_logfile={dir}/p.log\n")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.log("exited")


@scenario
def a_shutdown_stops_stubborn_programs(s):
    """SIGKILL after stopwaitsecs, also at the end."""
    s.config(teller(s, "stopsignal=HUP\nstopwaitsecs=1\n"))
    s.start()
    up(s)
    s.end()
    s.log_once("killing|stopped|waiting|received")


@scenario
def signals_by_all_their_names(s):
    """signalProcess takes names in any case, with or without SIG, and numbers."""
    s.config(teller(s))
    s.start()
    up(s)
    for count, name in enumerate(("USR2", "SIGUSR2", "usr2", "12", " sigusr2 ", 12), 1):
        s.rpc("signalProcess", "t", name)
        s.until_file("t.log", "USR2.*" * count)
    for name in ("0", "SIG", "RTMIN+1", "-1", "63", "USR3"):
        s.rpc("signalProcess", "t", name)
    s.content("t.log")


@scenario
def a_process_killed_from_outside_while_stopping(s):
    """STOPPED, not EXITED."""
    s.config(teller(s, "stopsignal=HUP\nstopwaitsecs=1000\n"))
    s.start()
    up(s)
    s.rpc("stopProcess", "t", False)
    os.kill(s.pid("t"), signal.SIGKILL)
    s.until_state("t", "STOPPED")
    s.rpc("getProcessInfo", "t")
    s.log("stopped|exited")


@scenario
@needs_root
def a_process_that_must_not_be_signalled(s):
    """It has become another user: UNKNOWN, which can neither be stopped nor started."""
    s.dir.chmod(0o777)
    shutil.copy(os.path.realpath("/usr/bin/python3"), s.dir / "become")
    (s.dir / "become").chmod(0o4755)
    s.config(f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/heard\nevents=PROCESS_STATE_UNKNOWN\nstartsecs=0\n"
             "[program:p]\ncommand={dir}/become -S -E -c 'import os, signal; os.setuid(0); "
             "print(\"root\", flush=True); signal.pause()'\nstartsecs=0\nstdout_logfile={dir}/p.log\n",
             supervisord="user=nobody")
    s.start()
    s.until_file("p.log", "root")
    s.until_state("p", "RUNNING")
    s.rpc("signalProcess", "p", "HUP")
    s.until_state("p", "UNKNOWN")
    s.rpc("stopProcess", "p")
    s.rpc("startProcess", "p")
    s.rpc("getProcessInfo", "p")
    s.until_event("heard", "UNKNOWN")
    s.events("heard")
    s.log("unknown problem")
