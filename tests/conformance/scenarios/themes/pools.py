"""Pools of listeners: what they subscribe to, what their channels are for, how they come and go."""

from product import LISTENER
from scenario import scenario

DEBUG = "loglevel=debug"


def listener(name="l", steps="", events="REMOTE_COMMUNICATION", more=""):
    return (f"[eventlistener:{name}]\ncommand={LISTENER} {{dir}}/{name} {steps}\nevents={events}\nstartsecs=0\n{more}")


def ready(s, text, count=1, supervisord=DEBUG):
    s.config(text, supervisord=supervisord)
    s.start()
    s.until_log("-> READY", count)


@scenario
def events_in_any_letters(s):
    """Names of events in small letters, with spaces, twice."""
    ready(s, listener(events=" remote_communication ,Remote_Communication"))
    s.rpc("sendRemoteCommEvent", "a", "b")
    s.rpc("sendRemoteCommEvent", "c", "d")
    s.until_event("l", "type:c")
    s.events("l")


@scenario
def a_buffer_of_one(s):
    """Only the newest waits."""
    s.config(listener(more="buffer_size=1\nautostart=false\n"), supervisord=DEBUG)
    s.start()
    for text in "abc":
        s.rpc("sendRemoteCommEvent", text, "")
    s.log("overflow")
    s.rpc("startProcess", "l")
    s.until_event("l", "type:c")
    s.events("l")


@scenario
def a_rejected_event_in_a_full_buffer(s):
    """Comes back at the head; the head makes room."""
    s.fifo("go")
    ready(s, listener(steps="ready event until:{dir}/go fail ready event ok loop", more="buffer_size=2\n"))
    s.rpc("sendRemoteCommEvent", "a", "")
    s.until_event("l", "type:a")
    for text in "bcd":
        s.rpc("sendRemoteCommEvent", text, "")
    s.release("go")
    s.until_log("rejected")
    s.until_event("l", "type:d")
    s.events("l")
    s.log("overflow|rejected")


@scenario
def output_of_a_listener_is_its_protocol(s):
    """stdout_events_enabled, stdout_capture_maxbytes and stdout_syslog do nothing there."""
    ready(s, listener(more="stdout_events_enabled=true\nstdout_capture_maxbytes=1000\nstdout_syslog=true\n"
                      "stdout_logfile={dir}/l.out\n")
          + listener("hears", events="PROCESS_LOG,PROCESS_COMMUNICATION"), 2)
    s.rpc("sendRemoteCommEvent", "a", "b")
    s.until_log("-> ACKNOWLEDGED")
    s.until_log("-> READY", 3)
    s.content("l.out")
    s.events("hears")


@scenario
def messages_of_a_listener_s_errors(s):
    """stderr_capture_maxbytes does something."""
    ready(s, listener(steps="\"err:x<!--XSUPERVISOR:BEGIN-->hello<!--XSUPERVISOR:END-->y and more than a token's length\" rest",
                      more="stderr_capture_maxbytes=1000\nstderr_logfile={dir}/l.err\n")
          + listener("hears", events="PROCESS_COMMUNICATION"))
    s.until_event("hears", "hello")
    s.events("hears")
    s.until_file("l.err", "length")
    s.content("l.err")


@scenario
def a_pool_that_comes_again(s):
    """Removed and added: its own numbers begin anew, the common ones go on."""
    ready(s, listener() + listener("other"), 2)
    s.rpc("sendRemoteCommEvent", "a", "")
    s.until_event("l", "type:a")
    s.until_event("other", "type:a")
    s.rpc("stopProcess", "l")
    s.rpc("removeProcessGroup", "l")
    s.rpc("sendRemoteCommEvent", "b", "")
    s.until_event("other", "type:b")
    s.rpc("addProcessGroup", "l")
    s.until_state("l", "RUNNING")
    s.rpc("sendRemoteCommEvent", "c", "")
    s.until_event("l", "type:c")
    s.until_event("other", "type:c")
    s.events("l")
    s.events("other")


@scenario
def a_pool_that_starts_last(s):
    """priority= of a pool places it among the others."""
    s.config(listener(more="priority=1000\n", events="PROCESS_STATE")
             + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n")
    s.start()
    s.until_event("l", "RUNNING.*processname:l")
    s.log("spawned")
    s.end()
    s.log("stopped")


@scenario
def priorities_of_a_pool_and_its_members(s):
    """The pool is before everybody, its processes have 999."""
    s.config(listener() + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\npriority=-5\n")
    s.start()
    s.until_state("l", "RUNNING")
    s.until_state("p", "RUNNING")
    s.rpc("getAllConfigInfo")
    s.log("spawned")


@scenario
def an_identifier_with_a_space(s):
    """Is in the header as it is."""
    s.config("[eventlistener:l]\ncommand=/bin/sh -c 'echo READY; read line; echo \"$line\" > {dir}/heard; exec sleep 1000'\n"
             "events=REMOTE_COMMUNICATION\nstartsecs=0\n", supervisord="identifier=my host:1\n" + DEBUG)
    s.start()
    s.until_log("-> READY")
    s.rpc("sendRemoteCommEvent", "a", "b")
    s.until_file("heard", "\n")
    s.content("heard")
    s.rpc("getIdentification")


@scenario
def a_listener_that_is_started_late_hears_what_waited(s):
    """autostart=false: its pool buffers all the same."""
    s.config(listener(more="autostart=false\n", events="PROCESS_STATE_EXITED")
             + "[program:p]\ncommand=/bin/true\nstartsecs=0\nautorestart=false\n")
    s.start()
    s.until_state("p", "EXITED")
    s.rpc("startProcess", "l")
    s.until_event("l", "EXITED")
    s.events("l")


@scenario
def a_listener_that_needs_time_to_start(s):
    """READY during STARTING counts, but nothing is sent before RUNNING."""
    s.config(listener().replace("startsecs=0", "startsecs=2"), supervisord=DEBUG)
    s.start()
    s.until_log("-> READY")
    s.rpc("sendRemoteCommEvent", "a", "b")
    s.observe("before", s.recorded("l"))
    s.until_state("l", "RUNNING")
    s.until_event("l", "type:a")
    s.log("sent to|success")


@scenario
def text_that_is_more_than_ascii(s):
    """The length counts characters, whatever their bytes."""
    ready(s, listener())
    for data in ("\u00e9", "\u20ac" * 3, "\U0001f600x", "a\r\nb\tc", ""):
        s.rpc("sendRemoteCommEvent", data, data)
    s.until_event("l", "type:\n")
    s.events("l")


@scenario
def a_large_event(s):
    """A megabyte for a listener that reads it slowly."""
    ready(s, listener())
    s.call("supervisor.sendRemoteCommEvent", "big", "x" * 1000000)
    s.call("supervisor.sendRemoteCommEvent", "small", "y")
    s.until_event("l", "type:small")
    s.observe("sizes", [len(payload) for _, payload in s.recorded("l")])
