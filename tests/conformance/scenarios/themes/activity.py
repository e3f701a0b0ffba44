"""The activity log: levels, rotation, reading and clearing it, the copy on standard output."""

import os

from product import BASE
from scenario import needs_root, scenario

SLEEP = "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n"


def life(s, level):
    """A start, a stop, an unexpected end, a request that fails."""
    s.config("[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\nautostart=false\n"
             "[program:e]\ncommand=/bin/sh -c 'exit 3'\nstartsecs=0\nautostart=false\nautorestart=false\n"
             "[program:n]\ncommand=/no/such\nautostart=false\n", base=BASE.replace("loglevel=info", f"loglevel={level}"))
    s.start()
    s.rpc("startProcess", "p")
    s.rpc("startProcess", "e", False)
    s.until_state("e", "EXITED")
    s.rpc("stopProcess", "p", False)  # who waits is told of in the log, or not
    s.until_state("p", "STOPPED")
    s.end()


@scenario
def level_critical(s):
    """Only the two lines about a missing user and missing passwords."""
    life(s, "critical")
    s.log()


@scenario
def level_error(s):
    """In any case of letters."""
    life(s, "ERROR")
    s.log()


@scenario
def level_warn(s):
    """Warnings: unexpected ends, stops by a signal, requests to end."""
    life(s, "warn")
    s.log()


@scenario
def level_info(s):
    """The default."""
    life(s, "info")
    s.log()


@scenario
def level_debug(s):
    """Signals that are sent, children that end, output."""
    life(s, "debug")
    s.log(r"CRIT|WARN|INFO|killing|SIGCHLD")


@scenario
def level_trace(s):
    """Each request by name and result."""
    s.config(SLEEP, base=BASE.replace("loglevel=info", "loglevel=trace"))
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("getIdentification")
    s.rpc("stopProcess", "nosuch")
    s.rpc("nosuch")
    s.until_log("fault", 2)
    s.log("method.*(getIdentification|stopProcess|nosuch)")


@scenario
def the_copy_on_standard_output(s):
    """The same lines, in the foreground."""
    s.config(SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.end()
    s.observe("the same", s.output() == s.log_text())


@scenario
def no_copy_on_standard_output(s):
    """silent=true."""
    s.config(SLEEP, supervisord="silent=true")
    s.start()
    s.until_state("p", "RUNNING")
    s.end()
    s.observe("output", s.output())


@scenario
def an_activity_log_rotates(s):
    """At its size, with its backups."""
    s.config("[program:p]\ncommand=/bin/false\nstartretries=2\n",
             supervisord="logfile_maxbytes=300\nlogfile_backups=2")
    s.start()
    s.until("the end of it", lambda: "gave up" in s.output())
    s.listing("supervisord.log*")
    s.observe("sizes", [p.stat().st_size >= 300 for p in sorted(s.dir.glob("supervisord.log.*"))])


@scenario
def an_activity_log_without_backups(s):
    """Begins anew at its size."""
    s.config("[program:p]\ncommand=/bin/false\nstartretries=1\n",
             supervisord="logfile_maxbytes=400\nlogfile_backups=0")
    s.start()
    s.until("the end of it", lambda: "gave up" in s.output())
    s.listing("supervisord.log*")


@scenario
def the_activity_log_on_standard_output(s):
    """logfile=/dev/stdout: silent, or each line twice."""
    base = BASE.replace("logfile={dir}/supervisord.log", "logfile=/dev/stdout\nlogfile_maxbytes=0")
    s.config(SLEEP, base=base, supervisord="silent=true")
    s.start()
    s.until_state("p", "RUNNING")
    s.end()
    s.observe("output", s.output())


@scenario
def the_activity_log_nowhere(s):
    """logfile=/dev/null; reading it."""
    s.config(SLEEP, base=BASE.replace("logfile={dir}/supervisord.log", "logfile=/dev/null\nlogfile_maxbytes=0"))
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("readLog", 0, 0)
    s.end()
    s.observe("output", s.output())


@scenario
def the_activity_log_is_read(s):
    """readLog with offset and length."""
    s.config(SLEEP)
    s.start()
    s.until_log("success: p")
    for offset, length in ((0, 4), (-12, 0), (4, 1), (99999, 5), (-3, 2), (0, -1)):
        s.rpc("readLog", offset, length)
    s.rpc("readMainLog", 0, 4)
    os.rename(s.dir / "supervisord.log", s.dir / "away")
    s.rpc("readLog", 0, 4)


@scenario
def the_activity_log_is_cleared(s):
    """clearLog: the file begins anew."""
    s.config(SLEEP + "autostart=false\n")
    s.start()
    s.until_log("supervisord started")
    s.rpc("clearLog")
    s.content("supervisord.log")
    s.rpc("startProcess", "p")
    s.log("spawned")


@scenario
def an_activity_log_that_was_moved_is_cleared(s):
    """What was moved away keeps its content."""
    s.config(SLEEP)
    s.start()
    s.until_log("supervisord started")
    os.rename(s.dir / "supervisord.log", s.dir / "away")
    s.rpc("clearLog")
    s.observe("kept", "supervisord started" in (s.dir / "away").read_text())


@scenario
def warnings_of_the_configuration(s):
    """Come first, once for each process."""
    s.config("[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\nredirect_stderr=true\nstderr_logfile={dir}/x\n"
             "stdout_logfile_maxbytes=0\nnumprocs=2\nprocess_name=%(process_num)d\n")
    s.start()
    s.until_state("p:1", "RUNNING")
    s.log("WARN|CRIT")


@scenario
def included_files_are_named(s):
    """Those found, in their order, and patterns that found nothing."""
    s.write("inc/b.conf", "[program:b]\n" + SLEEP.partition("\n")[2])
    s.write("inc/a.conf", "[program:a]\n" + SLEEP.partition("\n")[2])
    s.write("inc/B.conf", "[program:c]\n" + SLEEP.partition("\n")[2])
    s.config("[include]\nfiles=inc/*.conf nothing/*.conf {dir}/inc/[ab].conf\n")
    s.start()
    for name in "abc":
        s.until_state(name, "RUNNING")
    s.log("CRIT|WARN|ncluded|started|spawned")


@scenario
@needs_root
def root_with_a_user(s):
    """user=root: no warning, but a line."""
    s.config(SLEEP, supervisord="user=root")
    s.start()
    s.until_state("p", "RUNNING")
    s.log()
