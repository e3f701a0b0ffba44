"""Lines sent to the system's log, as a socket in the place of /dev/log receives them."""

import os
import re

from product import BASE
from scenario import scenario

# A /dev of the daemon's own, in which only the log is another.
ENTER = """#!/bin/sh
set -e
mkdir {dir}/dev
mount -t tmpfs none {dir}/dev
for f in null zero full random urandom; do
  : > {dir}/dev/$f
  mount --bind /dev/$f {dir}/dev/$f
done
ln -s /proc/self/fd {dir}/dev/fd
ln -s /proc/self/fd/1 {dir}/dev/stdout
ln -s /proc/self/fd/2 {dir}/dev/stderr
ln -s {dir}/log.sock {dir}/dev/log
mount --move {dir}/dev /dev
exec {binary} "$@"
"""


def start(s, *arguments):
    """Starts the daemon in a namespace where somebody reads /dev/log."""
    log = s.datagrams("log.sock")
    s.write("enter", ENTER.replace("{binary}", s.binary), 0o755)
    mapped = "" if os.getuid() == 0 else "--user --map-root-user "
    s.write("isolated", f"#!/bin/sh\nexec unshare {mapped}--mount {{dir}}/enter \"$@\"\n", 0o755)
    s.binary = str(s.dir / "isolated")
    s.start(*arguments)
    return log


def lines(s, log, count, pattern=""):
    """Waits for so many lines that match, and observes them."""
    def received():
        found = [line for line in log() if re.search(pattern, line)]
        return found if len(found) >= count else None
    s.observe("syslog", s.until(f"{count} lines of syslog", received))


@scenario
def output_of_programs(s):
    """stdout_syslog and stderr_syslog, beside files: a line each, with the program's name."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo one; printf \"two\\nthree\\n\"; exec sleep 1000'\nstartsecs=0\n"
             "stdout_syslog=true\nstdout_logfile={dir}/p.log\n")
    log = start(s)
    s.until_file("p.log", "three")
    lines(s, log, 3)
    s.content("p.log")


@scenario
def output_of_both_channels(s):
    """redirect_stderr: errors are lines of stdout."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo out; sleep 0.2; echo err >&2; exec sleep 1000'\nstartsecs=0\n"
             "stdout_syslog=true\nredirect_stderr=true\nstdout_logfile=NONE\n")
    log = start(s)
    lines(s, log, 2)
    s.rpc("getProcessInfo", "p")


@scenario
def a_log_file_that_is_called_syslog(s):
    """The old form, with a warning."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo out; echo err >&2; exec sleep 1000'\nstartsecs=0\n"
             "stdout_logfile=syslog\nstderr_logfile=SYSLOG\n")
    log = start(s)
    lines(s, log, 1, "out")
    lines(s, log, 1, "err")
    s.rpc("getProcessInfo", "p")
    s.rpc("readProcessStdoutLog", "p", 0, 0)
    s.log("deprecated")


@scenario
def the_activity_log(s):
    """logfile=syslog: all lines, with their time and level."""
    s.config("[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n",
             base=BASE.replace("logfile={dir}/supervisord.log", "logfile=syslog"))
    log = start(s, "-s")
    s.until_state("p", "RUNNING")
    s.rpc("readLog", 0, 0)
    s.rpc("clearLog")
    s.end()
    lines(s, log, 8)
