"""The listener's protocol: readiness, answers, mistakes; pools and their buffers."""

from product import LISTENER
from scenario import scenario

DEBUG = "loglevel=debug"
TALK = r"-> |rejected|processed|sent to|rebuffering|overflowed|bad result|UNKNOWN|caused an error"


def listener(*steps, name="l", events="REMOTE_COMMUNICATION", more="", record=None):
    """A listener that takes these steps; see programs/listener.py."""
    words = " ".join(f"\"{step}\"" for step in steps)
    return (f"[eventlistener:{name}]\ncommand={LISTENER} {{dir}}/{record or name} {words}\nevents={events}\n"
            f"startsecs=0\n{more}")


def started(s, text, *names, supervisord=DEBUG):
    s.config(text, supervisord=supervisord)
    s.start()
    for name in names or ("l",):
        s.until_state(name, "RUNNING")


def send(s, *texts):
    for text in texts:
        s.call("supervisor.sendRemoteCommEvent", "t", text)


@scenario
def an_event_is_processed(s):
    """The log's lines of READY, event, OK."""
    started(s, listener())
    s.until_log("-> READY")
    send(s, "one", "two")
    s.until_log("-> READY", 3)
    s.events("l")
    s.log(TALK)


@scenario
def a_rejected_event_comes_again(s):
    """FAIL: the same event, with the same numbers, before the next."""
    started(s, listener("ready", "event", "fail", "ready", "event", "ok", "loop"))
    s.until_log("-> READY")
    send(s, "one")
    s.until_event("l", "one", 2)
    send(s, "two")
    s.until_event("l", "two", 2)
    s.events("l")
    s.log("rejected")


@scenario
def any_other_answer_rejects(s):
    """RESULT 3 with three letters is not OK."""
    started(s, listener("ready", "event", "say:RESULT 3\\\\nNOT", "ready", "event", "ok", "loop"))
    send(s, "one")
    s.until_event("l", "one", 2)
    s.until_log("processed")
    s.events("l")
    s.log("rejected|processed")


@scenario
def an_empty_answer_rejects(s):
    """RESULT 0."""
    started(s, listener("ready", "event", "say:RESULT 0\\\\nREADY\\\\n", "event", "ok", "loop"))
    send(s, "one")
    s.until_event("l", "one", 2)
    s.until_log("processed")
    s.log("rejected|processed")


@scenario
def answers_in_pieces(s):
    """READY and RESULT may come a letter at a time."""
    for name in ("a", "b", "c", "d"):
        s.fifo(name)
    started(s, listener("say:REA", "until:{dir}/a", "say:DY\\\\n", "event", "say:RES", "until:{dir}/b", "say:ULT 2",
                        "until:{dir}/c", "say:\\\\nO", "until:{dir}/d", "say:KREA", "say:DY\\\\n", "event", "ok", "rest"))
    s.release("a")
    send(s, "one")
    for name in ("b", "c", "d"):
        s.release(name)
    s.until_log("processed")
    send(s, "two")
    s.until_log("processed", 2)
    s.events("l")
    s.log(TALK)


@scenario
def only_the_number_of_a_result_matters(s):
    """Seven letters, then a number with spaces."""
    started(s, listener("ready", "event", "say:XXXXXXX 2 \\\\nOK", "ready", "rest"))
    send(s, "one")
    s.until_log("-> READY", 2)
    s.log(TALK)


@scenario
def something_else_than_ready(s):
    """UNKNOWN: the process goes on, but gets no events."""
    started(s, listener("say:HELLO!\\\\n", "ready", "rest"))
    s.until_log("entered the UNKNOWN state")
    send(s, "one")
    s.states()
    s.events("l")
    s.log(TALK)


@scenario
def ready_twice(s):
    """A listener that speaks when it is READY is UNKNOWN."""
    s.fifo("go")
    started(s, listener("ready", "until:{dir}/go", "ready", "rest"))
    s.until_log("-> READY")
    s.release("go")
    s.until_log("entered the UNKNOWN state")
    send(s, "one")
    s.states()
    s.log(TALK)


@scenario
def a_result_that_is_no_number(s):
    """UNKNOWN; the event is kept for another."""
    started(s, listener("ready", "event", "say:RESULT x\\\\n", "rest"))
    send(s, "one")
    s.until_log("entered the UNKNOWN state")
    s.log(TALK)
    s.ctl("restart", "l")
    s.until_event("l", "one", 2)
    s.events("l")


@scenario
def a_restart_makes_a_listener_known_again(s):
    """UNKNOWN is left by a restart."""
    s.fifo("go")
    started(s, listener("until:{dir}/go", "say:NO\\\\nNO\\\\n", "rest"))
    s.release("go")
    s.until_log("entered the UNKNOWN state")
    s.rpc("stopProcess", "l")
    s.rpc("startProcess", "l")
    s.release("go")
    s.until_log("entered the UNKNOWN state", 2)
    s.log("UNKNOWN")


@scenario
def a_listener_ends_with_an_event(s):
    """The event is kept and comes again."""
    started(s, listener("ready", "event", "exit:3", more="autorestart=true\n"), "l")
    send(s, "one")
    s.until_event("l", "one", 2)
    s.events("l", "serial:0")
    s.log_once("exited: l")


@scenario
def a_listener_is_stopped_with_an_event(s):
    """The event is kept and comes again after the start."""
    started(s, listener("ready", "event", "rest"))
    send(s, "one")
    s.until_event("l", "one")
    s.rpc("stopProcess", "l")
    s.rpc("startProcess", "l")
    s.until_event("l", "one", 2)
    s.events("l")


@scenario
def events_wait_for_a_listener(s):
    """A pool that is not started keeps them."""
    started(s, listener(more="autostart=false\n") + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n", "p")
    send(s, "one", "two", "three")
    s.rpc("startProcess", "l")
    s.until_event("l", "three")
    s.events("l")


@scenario
def a_full_buffer_loses_the_oldest(s):
    """buffer_size=3: the log tells which."""
    started(s, listener(more="autostart=false\nbuffer_size=3\n") + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n",
            "p")
    send(s, *(f"number {i}" for i in range(6)))
    s.rpc("startProcess", "l")
    s.until_event("l", "number 5")
    s.events("l")
    s.log("overflowed")


@scenario
def a_buffer_of_ten(s):
    """The default."""
    started(s, listener(more="autostart=false\n") + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n", "p")
    send(s, *(f"number {i}" for i in range(12)))
    s.log("overflowed")


@scenario
def a_busy_listener_s_events_wait(s):
    """One at a time, in order."""
    s.fifo("go")
    started(s, listener("ready", "event", "until:{dir}/go", "ok", "ready", "event", "ok", "ready", "event", "ok", "rest"))
    send(s, "one")
    s.until_event("l", "one")
    send(s, "two", "three")
    s.events("l")
    s.release("go")
    s.until_event("l", "three")
    s.events("l")


@scenario
def the_first_free_member_gets_the_event(s):
    """A pool of two: in their order, not in turns."""
    s.fifo("go")
    started(s, listener("ready", "event", "until:{dir}/go", "ok", "ready", "event", "ok", "loop",
                        record="%(process_num)d", more="numprocs=2\nprocess_name=l%(process_num)d\n"), "l:l0", "l:l1")
    s.until_log("-> READY", 2)
    send(s, "one")
    s.until_event("0", "one")
    send(s, "two")
    s.until_event("1", "two")
    s.events("0")
    s.events("1")


@scenario
def two_pools_hear_the_same(s):
    """One number of the event for both, each pool with its own."""
    started(s, listener(name="a", events="REMOTE_COMMUNICATION,PROCESS_STATE_STOPPED") + listener(name="b")
            + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n", "a", "b", "p")
    send(s, "one")
    s.rpc("stopProcess", "p")
    send(s, "two")
    s.until_event("a", "two")
    s.until_event("b", "two")
    s.events("a")
    s.events("b")


@scenario
def events_nobody_wants_have_no_number(s):
    """Numbers count what was accepted."""
    started(s, listener() + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n", "l", "p")
    s.rpc("stopProcess", "p")
    send(s, "one")
    s.until_event("l", "one")
    s.events("l")


@scenario
def a_member_that_starts_gets_nothing(s):
    """READY counts, but only RUNNING gets events."""
    s.config(listener(more="startsecs=1\n").replace("startsecs=0\n", ""), supervisord=DEBUG)
    s.start()
    s.until_log("-> READY")
    send(s, "one")
    s.events("l")
    s.until_event("l", "one")
    s.until_state("l", "RUNNING")
    s.events("l")


@scenario
def the_default_handler_by_its_name(s):
    """result_handler=supervisor.dispatchers:default_handler."""
    started(s, listener(more="result_handler=supervisor.dispatchers:default_handler\n"))
    send(s, "one")
    s.until_log("processed")
    s.events("l")


@scenario
def the_protocol_is_in_the_log(s):
    """A listener's standard output goes to its log as well; errors are free text."""
    started(s, listener("ready", "event", "err:a word\\\\n", "ok", "ready", "rest",
                        more="stdout_logfile={dir}/out.log\nstderr_logfile={dir}/err.log\n"))
    send(s, "one")
    s.until_log("-> READY", 2)
    s.until_file("err.log", "word")
    s.content("out.log")
    s.content("err.log")


@scenario
def a_listener_s_output_in_the_debug_log(s):
    """Is written as bytes."""
    started(s, listener("ready", "event", "ok", "rest"))
    send(s, "one")
    s.until_log("processed")
    text = s.log_text()
    s.observe("output", [line for line in text.splitlines() if line.startswith(("b'", "'l'"))])


@scenario
def a_listener_s_errors_are_events(s):
    """stderr_events_enabled and stderr_capture_maxbytes of a listener; its stdout has neither."""
    started(s, listener(name="l", events="PROCESS_LOG,PROCESS_COMMUNICATION")
            + listener("ready", "event", "err:<!--XSUPERVISOR:BEGIN-->inside<!--XSUPERVISOR:END-->a text behind it that is long enough\\\\n",
                       "ok", "ready", "rest", name="m",
                       more="stdout_events_enabled=true\nstdout_capture_maxbytes=1KB\nstderr_events_enabled=true\n"
                            "stderr_capture_maxbytes=1KB\n"), "l", "m")
    send(s, "one")
    s.until_event("l", "behind")
    s.until_event("l", "inside")
    s.events("l", "COMMUNICATION")


@scenario
def a_listener_may_call_back(s):
    """RPC while its event is with it."""
    call = ("import sys, supervisor.childutils as c, os; h, p = c.listener.wait(); "
            "r = c.getRPCInterface(os.environ); print(r.supervisor.getProcessInfo(\\\"p\\\")[\\\"statename\\\"], "
            "r.supervisor.stopProcess(\\\"p\\\"), file=sys.stderr); c.listener.ok(); c.listener.wait()")
    started(s, f"[eventlistener:l]\ncommand=/usr/bin/python3 -c \"{call}\"\nevents=REMOTE_COMMUNICATION\nstartsecs=0\n"
            "stderr_logfile={dir}/err.log\n[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n", "l", "p")
    send(s, "one")
    s.until_file("err.log", "True|False|rror")
    s.content("err.log")
    s.until_log("processed")
    s.states("p")


@scenario
def a_listener_that_closed_its_input(s):
    """Another member of the pool gets the event."""
    started(s, listener("ready", "close", "touch:{dir}/closed", "rest", record="x",
                        more="numprocs=1\nprocess_name=a\n"), "l:a")
    s.until_file("closed")
    s.until_log("-> READY")
    send(s, "one")
    s.until_log("epipe|EPIPE|broken")
    s.states()
    s.until_log("rebuffering event 0")
    s.log_once("epipe|rebuffering")  # the reference tries again in every pass of its loop


@scenario
def an_event_larger_than_a_pipe(s):
    """Is delivered whole."""
    text = "".join(f"line {i} of many\n" for i in range(20000))
    started(s, listener(more="startsecs=0\n"), supervisord="")
    send(s, text)
    s.until_event("l", "line 19999")
    header, payload = s.recorded("l")[0]
    s.observe("event", [header, payload == "type:t\n" + text])


@scenario
def a_listener_in_shell(s):
    """A few lines that read by lines."""
    s.write("listener", "#!/bin/sh\necho READY\nwhile read -r line; do\n  echo \"$line\" >> {dir}/heard\n"
            "  read -r payload\n  echo \"$payload\" >> {dir}/heard\n  printf 'RESULT 2\\nOKREADY\\n'\ndone\n", 0o755)
    started(s, "[eventlistener:l]\ncommand={dir}/listener\nevents=PROCESS_GROUP\nstartsecs=0\nbuffer_size=100\n"
            "[program:p]\ncommand=/bin/true\nautostart=false\n[program:q]\ncommand=/bin/true\nautostart=false\n")
    s.until_file("heard", "groupname:q")
    s.content("heard")


@scenario
def listeners_are_first_and_last(s):
    """Priority -1 of their group: started before programs, stopped behind them."""
    started(s, listener() + "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\npriority=0\n"
            "[program:q]\ncommand=/bin/sleep 1000\nstartsecs=0\n", "l", "p", "q", supervisord="")
    s.end()
    s.log("spawned|stopped")
