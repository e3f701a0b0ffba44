"""Names, numbers and texts that clients send: which process is meant, and what is made of odd arguments."""

from scenario import scenario

SLEEP = "command=/bin/sleep 1000\nstartsecs=0\n"
NAMES = ("", "*", ":", ":*", "p:*", "p:", ":p", "p:p", "p:p:p", "all", "P", " p", "p ", "g", "g:", "g:*", "g:m", "m", "g:nosuch",
         "nosuch:m", "g:m:x")


def started(s, more=""):
    s.config("[group:g]\nprograms=m\n[program:m]\n" + SLEEP + "stdout_logfile={dir}/m.log\nstderr_logfile=NONE\n"
             "[program:p]\ncommand=/bin/cat\nstartsecs=0\nstdout_logfile={dir}/p.log\nstderr_logfile=NONE\n" + more)
    s.start()
    s.until_state("p", "RUNNING")
    s.until_state("g:m", "RUNNING")


@scenario
def names_of_processes_asked_about(s):
    """getProcessInfo and the logs."""
    started(s)
    for name in NAMES:
        s.rpc("getProcessInfo", name)
        s.rpc("readProcessStdoutLog", name, 0, 0)
        s.rpc("tailProcessStdoutLog", name, 0, 10)
        s.rpc("clearProcessLogs", name)


@scenario
def names_of_processes_started(s):
    """startProcess of what runs already."""
    started(s)
    for name in NAMES:
        s.rpc("startProcess", name)


@scenario
def names_of_processes_signalled(s):
    """signalProcess, sendProcessStdin."""
    started(s)
    for name in NAMES:
        s.rpc("signalProcess", name, "CONT")
        s.rpc("sendProcessStdin", name, "x\n")


@scenario
def names_of_processes_stopped(s):
    """stopProcess; each is started again before the next."""
    started(s)
    for name in NAMES:
        s.rpc("stopProcess", name)
        for process in ("p", "g:m"):
            if s.info(process)["statename"] == "STOPPED":
                s.call("supervisor.startProcess", process)


@scenario
def names_of_groups(s):
    """start, stop, signal, add and remove of groups."""
    started(s)
    for name in ("", "*", "p:*", "g:m", "m", "all", "G", " g", "g"):
        s.rpc("startProcessGroup", name)
        s.rpc("signalProcessGroup", name, "CONT")
        s.rpc("addProcessGroup", name)
        s.rpc("removeProcessGroup", name)
        s.rpc("stopProcessGroup", name)


@scenario
def texts_for_standard_input(s):
    """Letters of all kinds, nothing, ends of lines of all kinds, a long text."""
    started(s)
    for text in ("a\n", "\u00e9\u20ac\U0001f600\n", "", "\r\n", "tab\there\n", "<&>\"'\n", "no end", "\n", "x" * 100000 + "\n", "end of texts\n"):
        s.rpc("sendProcessStdin", "p", text)
    s.until_file("p.log", "end of texts")
    s.content("p.log")


@scenario
def numbers_that_stand_for_truth(s):
    """wait as 0 and 1."""
    started(s)
    s.rpc("stopProcess", "p", 1)
    s.rpc("startProcess", "p", 1)
    s.rpc("stopProcess", "p", 0)
    s.until_state("p", "STOPPED")
    s.rpc("startProcess", "p", 0)
    s.until_state("p", "RUNNING")


@scenario
def types_and_data_of_remote_events(s):
    """sendRemoteCommEvent with nothing, with several lines, with marks of the protocol."""
    started(s)
    for kind, data in (("", ""), ("a b", "c\nd"), ("type:x", "ver:3.0"), ("\u00e9", "\u00e9")):
        s.rpc("sendRemoteCommEvent", kind, data)


@scenario
def seconds_below_zero(s):
    """startsecs and stopwaitsecs of -1 are none; a priority may be negative."""
    started(s, "[program:n]\ncommand=/bin/sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'\nstartsecs=-1\nstopwaitsecs=-1\n"
            "priority=-7\nstartretries=-1\n")
    s.until_state("n", "RUNNING")
    s.rpc("stopProcess", "n")
    s.log_once("spawned: 'n'|n entered|killing 'n'|stopped: n")


@scenario
def a_stop_signal_of_nothing(s):
    """stopsignal=0 does nothing; SIGKILL follows."""
    started(s, "[program:n]\n" + SLEEP + "stopsignal=0\nstopwaitsecs=1\n")
    s.until_state("n", "RUNNING")
    s.rpc("stopProcess", "n")
    s.log_once("killing 'n'|stopped: n")
    s.rpc("getAllConfigInfo")
