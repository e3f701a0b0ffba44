"""Restarting everything in the same process: SIGHUP, restart over RPC, what is read again."""

import os
import signal

from product import LISTENER
from scenario import scenario

SLEEP = "command=/bin/sleep 1000\nstartsecs=0\n"


def again(s, name="p"):
    """Waits for the second life."""
    s.until_log("supervisord started with pid", 2)
    s.until("an answer", s.answers)
    s.until_state(name, "RUNNING")


@scenario
def hang_up_restarts_everything(s):
    """The same process, new programs, the log goes on."""
    s.config("[program:p]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.send(signal.SIGHUP)
    again(s)
    s.observe("the same process", s.call("supervisor.getPID") == s.process.pid)
    s.end()
    s.log()


@scenario
def a_client_restarts_everything(s):
    """restart over RPC logs no request."""
    s.config("[program:p]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("restart")
    again(s)
    s.log()
    s.ctl("reload")
    s.until_log("supervisord started with pid", 3)


@scenario
def programs_of_the_new_configuration(s):
    """Those that are gone, changed and new."""
    s.config("[program:p]\n" + SLEEP + "[program:gone]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.config("[program:p]\n" + SLEEP + "priority=5\n[program:new]\n" + SLEEP)
    s.send(signal.SIGHUP)
    again(s)
    s.until_state("new", "RUNNING")
    s.states()
    s.rpc("reloadConfig")


@scenario
def settings_of_the_new_configuration(s):
    """Identifier, level, log file, environment."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo $A; exec sleep 1000'\nstartsecs=0\nstdout_logfile={dir}/p.log\n",
             supervisord="identifier=one\nenvironment=A=1")
    s.start()
    s.until_file("p.log", "1")
    s.until_state("p", "RUNNING")
    s.config("[program:p]\ncommand=/bin/sh -c 'echo $A; exec sleep 1000'\nstartsecs=0\nstdout_logfile={dir}/p.log\n",
             supervisord="identifier=two\nenvironment=A=2\nloglevel=warn\nlogfile={dir}/other.log")
    s.send(signal.SIGHUP)
    s.until_file("p.log", "2")
    s.until("an answer", s.answers)
    s.until_state("p", "RUNNING")
    s.rpc("getIdentification")
    s.kill("p")
    s.until_file("other.log", "exited")
    s.content("other.log")
    s.log()


@scenario
def the_command_line_still_wins(s):
    """-i and -e after a reload."""
    s.config("[program:p]\n" + SLEEP)
    s.start("-i", "mine", "-e", "debug")
    s.until_state("p", "RUNNING")
    s.config("[program:p]\n" + SLEEP, supervisord="identifier=other\nloglevel=critical")
    s.send(signal.SIGHUP)
    again(s)
    s.rpc("getIdentification")


@scenario
def servers_of_the_new_configuration(s):
    """Another socket; the old one is gone."""
    s.config("[program:p]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    text = s.config_file.read_text()
    s.config_file.write_text(text.replace("s.sock", "t.sock"))
    s.send(signal.SIGHUP)
    s.until_log("supervisord started with pid", 2)
    s.listing("*.sock")
    s.config_file.write_text(text)
    s.send(signal.SIGHUP)
    s.until_log("supervisord started with pid", 3)
    s.until("an answer", s.answers)
    s.listing("*.sock")


@scenario
def automatic_logs_are_made_anew(s):
    """Those of the life before are cleaned up."""
    s.config("[program:p]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    before = {p.name for p in s.dir.glob("*---*")}
    s.send(signal.SIGHUP)
    again(s)
    after = {p.name for p in s.dir.glob("*---*")}
    s.observe("numbers", [len(before), len(after), len(before & after)])


@scenario
def events_go_on_counting(s):
    """The number of an event survives, that of the pool does not."""
    s.config(f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/heard\nevents=REMOTE_COMMUNICATION\nstartsecs=0\n")
    s.start()
    s.until_state("l", "RUNNING")
    s.rpc("sendRemoteCommEvent", "a", "one")
    s.rpc("sendRemoteCommEvent", "a", "two")
    s.until_event("heard", "two")
    s.send(signal.SIGHUP)
    again(s, "l")
    s.rpc("sendRemoteCommEvent", "a", "three")
    s.until_event("heard", "three")
    s.events("heard")


@scenario
def a_reload_of_nothing(s):
    """Without programs it is over at once."""
    s.config("")
    s.start()
    s.send(signal.SIGHUP)
    s.until_log("supervisord started with pid", 2)
    s.until("an answer", s.answers)
    s.end()
    s.log()


STUBBORN = ("[program:p]\ncommand=/bin/sh -c 'trap \"echo asked\" TERM; echo up; while :; do sleep 0.1; done'\n"
            "startsecs=0\nstopwaitsecs=1000\nkillasgroup=true\nstdout_logfile={dir}/p.log\n")


def ending(s, number):
    """Asks the daemon to end or to restart, which takes until the program is killed."""
    s.config(STUBBORN)
    s.start()
    s.until_file("p.log", "up")
    s.until_state("p", "RUNNING")
    pid = s.pid("p")
    s.send(number)
    s.until_file("p.log", "asked")
    return pid


@scenario
def hang_up_while_it_ends(s):
    """Is ignored, and said to be."""
    pid = ending(s, signal.SIGTERM)
    s.send(signal.SIGHUP)
    s.until_log("ignored")
    os.killpg(pid, signal.SIGKILL)
    s.observe("exit status", s.wait())
    s.log("received|ignored|stopped|started")


@scenario
def an_end_while_it_restarts(s):
    """A restart becomes an end."""
    pid = ending(s, signal.SIGHUP)
    s.send(signal.SIGTERM)
    s.until_log("received SIGTERM")
    os.killpg(pid, signal.SIGKILL)
    s.observe("exit status", s.wait())
    s.log("received|ignored|stopped|started")


@scenario
def a_second_request_to_end(s):
    """Is logged, and changes nothing."""
    pid = ending(s, signal.SIGTERM)
    s.send(signal.SIGINT)
    s.until_log("received SIGINT")
    s.send(signal.SIGTERM)
    s.until_log("received SIGTERM", 2)
    os.killpg(pid, signal.SIGKILL)
    s.observe("exit status", s.wait())
    s.log("received|ignored|stopped|started|killing")


@scenario
def requests_while_it_ends(s):
    """SHUTDOWN_STATE for nearly all of them."""
    pid = ending(s, signal.SIGTERM)
    for method, *arguments in (("getState",), ("getAPIVersion",), ("getAllProcessInfo",), ("startProcess", "p"),
                               ("stopProcess", "p"), ("signalAllProcesses", "HUP"), ("shutdown",), ("restart",),
                               ("reloadConfig",), ("readLog", 0, 0), ("sendRemoteCommEvent", "a", "b"),
                               ("nosuch",), ("getState", 1), ("system.listMethods",),
                               ("system.multicall", [{"methodName": "supervisor.getState", "params": []}])):
        s.rpc(method, *arguments)
    s.ctl("status")
    s.ctl("shutdown")
    os.killpg(pid, signal.SIGKILL)
    s.observe("exit status", s.wait())
    s.log("received")


@scenario
def a_request_to_end(s):
    """shutdown over RPC; files are gone afterwards."""
    s.config("[program:p]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("shutdown")
    s.observe("exit status", s.wait())
    s.log()
    s.listing("s*")
    s.ctl("status")


@scenario
def waiting_is_told_again(s):
    """"waiting for ... to die" at once and every three seconds."""
    pid = ending(s, signal.SIGTERM)
    s.until_log("waiting for p to die", 2)
    os.killpg(pid, signal.SIGKILL)
    s.observe("exit status", s.wait())
    s.log("waiting")


@scenario
def programs_that_end_meanwhile_are_not_restarted(s):
    """autorestart does not apply while the daemon ends."""
    s.config(STUBBORN + "priority=20\n[program:q]\n" + SLEEP + "priority=10\nautorestart=true\n")
    s.start()
    s.until_file("p.log", "up")
    s.until_state("p", "RUNNING")
    s.until_state("q", "RUNNING")
    pid, other = s.pid("p"), s.pid("q")
    s.send(signal.SIGTERM)
    s.until_file("p.log", "asked")
    os.kill(other, signal.SIGKILL)
    s.until_log("exited: q")
    os.killpg(pid, signal.SIGKILL)
    s.observe("exit status", s.wait())
    s.log("exited|spawned|stopped")


@scenario
def quit_ends_the_daemon(s):
    """SIGQUIT is like SIGTERM."""
    s.config("[program:p]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.end(signal.SIGQUIT)
    s.log("received|stopped")


@scenario
def a_signal_that_is_not_handled(s):
    """SIGUSR1 kills the daemon; programs and files stay behind."""
    s.config("[program:p]\n" + SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    pid = s.pid("p")
    s.send(signal.SIGUSR1)
    s.observe("exit status", s.wait())
    os.kill(pid, 0)
    s.listing("s*")
