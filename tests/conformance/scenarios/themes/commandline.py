"""Settings and options in unusual but legal combinations."""

import os
import pathlib
import re
import signal
import time

from product import BASE
from scenario import needs_root, scenario

SLEEP = "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n"
ONCE = "startsecs=0\nautorestart=false\n"
BARE = BASE.replace("logfile={dir}/supervisord.log\n", "").replace("pidfile={dir}/supervisord.pid\n", "")


def end_of_background(s):
    s.send(signal.SIGTERM)
    s.observe("end", s.wait())


def started_from_shell(s, prelude, via=""):
    """The product begins with what a shell has set up before."""
    s.write("shell", f"#!/bin/sh\n{prelude}\nexec {via}{s.binary} \"$@\"\n", 0o755)
    s.binary = str(s.dir / "shell")


@scenario
def files_by_their_default_names(s):
    """supervisord.log and supervisord.pid in the current directory."""
    s.config(SLEEP, base=BARE)
    s.start()
    s.until_state("p", "RUNNING")
    s.listing("supervisord.*")
    s.rpc("readLog", 0, 10)


@scenario
def log_files_whose_names_mean_something_elsewhere(s):
    """logfile=NONE, AUTO and SYSLOG are names of files."""
    for name in ("NONE", "auto", "SYSLOG"):
        s.config(SLEEP, base=BASE.replace("{dir}/supervisord.log", name))
        s.start()
        s.until_state("p", "RUNNING")
        s.end()
        s.observe(name, (s.dir / name).exists())


@scenario
def relative_files_in_the_background(s):
    """Belong to the directory of the start, whatever directory= says."""
    s.write("sub/keep", "")
    s.write("start/keep", "")
    s.config(SLEEP + "stdout_logfile=p.log\n", supervisord="directory={dir}/sub",
             base=BASE.replace("logfile={dir}/supervisord.log", "logfile=my.log").replace("{dir}/supervisord.pid", "my.pid"))
    started_from_shell(s, f"cd {s.dir}/start")
    s.start_in_background()
    s.until_state("p", "RUNNING")
    s.listing("start/*")
    s.listing("sub/*")
    s.rpc("getProcessInfo", "p")
    end_of_background(s)
    s.listing("start/*")


@scenario
def an_automatic_directory_that_is_relative(s):
    """-q logs: names of automatic logs."""
    s.write("logs/keep", "")
    s.config(SLEEP)
    s.start("-q", "logs")
    s.until_state("p", "RUNNING")
    s.rpc("getProcessInfo", "p")
    s.listing("logs/*")


@scenario
def the_directory_of_temporary_files(s):
    """childlogdir's default is TMPDIR."""
    s.write("tmp/keep", "")
    s.config(SLEEP, base=BASE.replace("childlogdir={dir}\n", ""))
    s.start(environment={"TMPDIR": str(s.dir / "tmp")})
    s.until_state("p", "RUNNING")
    s.listing("tmp/*")


@scenario
def the_directory_of_temporary_files_that_is_not_there(s):
    """The next one is taken."""
    s.write("tmp/keep", "")
    s.config(SLEEP, base=BASE.replace("childlogdir={dir}\n", ""))
    s.start(environment={"TMPDIR": "/nowhere", "TEMP": "", "TMP": str(s.dir / "tmp")})
    s.until_state("p", "RUNNING")
    s.listing("tmp/*")


@scenario
def an_empty_identifier(s):
    """Is allowed."""
    s.config(SLEEP, supervisord="identifier=")
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("getIdentification")
    s.observe("automatic logs", sorted(p.name[:12] for p in s.dir.glob("p-std*")))


@scenario
def a_beginning_of_two_options(s):
    """--min is minfds or minprocs."""
    s.config(SLEEP)
    s.run_to_end("-edebug", "-i=x", "--logfile_m", "1MB", "--logfile_b=2", "--min", "--")


@scenario
def options_with_their_values_attached(s):
    """-edebug, -i=x, beginnings of long names, two dashes at the end."""
    s.config(SLEEP)
    s.start("-eDEBUG", "-i=x", "--logfile_m", "1MB", "--logfile_b=2", "--minf", "100", "--minp=10", "-kst", "--")
    s.until_state("p", "RUNNING")
    s.rpc("getIdentification")
    s.log("spawned")
    s.end()


@scenario
def options_that_the_file_contradicts(s):
    """Flags only switch on; values of the command line win."""
    s.config(SLEEP, supervisord="nodaemon=false\nsilent=false\nnocleanup=false\nstrip_ansi=false\nidentifier=file\n"
             "loglevel=error\nminfds=1030\n")
    s.write("p-stdout---line-abcdefgh.log", "old\n")
    s.start("-s", "-k", "-t", "-i", "line", "-e", "info", "-a", "1025")
    s.until_state("p", "RUNNING")
    s.rpc("getIdentification")
    s.listing("*abcdefgh*")
    s.log()
    s.observe("output", s.output())


@scenario
def a_relative_configuration(s):
    """-c with a relative name; here is its directory; a reread finds it."""
    s.write("sub/keep", "")
    s.config("[program:p]\ncommand=/bin/echo %(here)s\n" + ONCE + "stdout_logfile={dir}/p.log\n")
    s.config_file = pathlib.Path("sub/../supervisord.conf")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.rpc("reloadConfig")
    s.send(signal.SIGHUP)
    s.until_log("supervisord started", 2)
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def a_configuration_that_is_a_link(s):
    """here is the directory of the link."""
    s.write("sub/keep", "")
    s.config("[program:p]\ncommand=/bin/echo %(here)s\n" + ONCE + "stdout_logfile={dir}/p.log\n")
    os.symlink(s.dir / "supervisord.conf", s.dir / "sub/link.conf")
    s.config_file = s.dir / "sub/link.conf"
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def a_configuration_from_a_pipe(s):
    """-c /dev/stdin and the like."""
    s.config(SLEEP)
    text = (s.dir / "supervisord.conf").read_text()
    os.mkfifo(s.dir / "fifo")
    s.config_file = s.dir / "fifo"
    thread = s.later(lambda: (s.dir / "fifo").write_text(text))
    s.start()
    thread.join()
    s.until_state("p", "RUNNING")
    s.states()


@scenario
@needs_root
def a_user_of_an_included_file(s):
    """[supervisord] may be in several files; user= counts wherever it is."""
    s.dir.chmod(0o777)
    s.write("more.conf", "[supervisord]\nuser=nobody\nminfds=1100\n")
    s.config("[include]\nfiles=more.conf\n[program:p]\ncommand=/bin/sh -c 'id -u; ulimit -Sn'\n" + ONCE
             + "stdout_logfile={dir}/p.log\n")
    s.start_with_limits(nofile=(1050, 4096))
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.mode("supervisord.log")
    s.log("uid|root|RLIMIT|ncluded")


@scenario
def a_main_file_that_only_includes(s):
    """[supervisord] is in an included file."""
    s.write("inc/daemon.conf", BASE.replace("{supervisord}", "identifier=inside"))
    s.config("", base="[include]\nfiles=inc/*.conf\n")
    s.start()
    s.rpc("getIdentification")
    s.log("ncluded|started")


@scenario
def standard_input_in_the_foreground(s):
    """Stays what it was; programs have a pipe."""
    s.config("[program:p]\ncommand=/bin/sh -c 'readlink /proc/$PPID/fd/0; readlink /proc/self/fd/0 | tr -d 0-9'\n" + ONCE
             + "stdout_logfile={dir}/p.log\n")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def descriptors_that_were_left_open(s):
    """Are not for programs."""
    s.config("[program:p]\ncommand=/bin/ls /proc/self/fd\n" + ONCE + "stdout_logfile={dir}/p.log\n")
    started_from_shell(s, f"exec 3<{s.dir}/supervisord.conf 7<{s.dir}/supervisord.conf")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def times_of_the_log_are_local(s):
    """TZ counts, in lines and in descriptions."""
    s.config("[program:p]\ncommand=/bin/true\n" + ONCE)
    s.start(environment={"TZ": "XYZ-5:30"})
    s.until_state("p", "EXITED")
    line = s.log_text().splitlines()[0]
    written = time.mktime(time.strptime(line[:19], "%Y-%m-%d %H:%M:%S"))
    s.observe("half hours ahead", round((written - time.time()) / 1800 - time.timezone / 1800))
    described = re.sub(r"^.* (\d\d:\d\d [AP]M)$", r"\1", s.info("p")["description"])
    now = time.gmtime(time.time() + 5.5 * 3600)
    before = time.gmtime(time.time() + 5.5 * 3600 - 60)
    s.observe("description", described in (time.strftime("%I:%M %p", now), time.strftime("%I:%M %p", before)))


@scenario
def signals_that_were_ignored_at_the_start(s):
    """As after nohup: the daemon's own are handled all the same; no signal is blocked in programs."""
    s.config("[program:p]\ncommand=/bin/grep SigBlk /proc/self/status\n" + ONCE + "stdout_logfile={dir}/p.log\n")
    started_from_shell(s, "trap '' HUP TERM INT")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.end()


@scenario
def the_mask_of_the_start(s):
    """In the foreground: of the main log, of the pid file, of logs, of programs."""
    s.config("[program:p]\ncommand=/bin/sh -c 'umask; touch made'\n" + ONCE + "stdout_logfile={dir}/p.log\n"
             "[program:q]\ncommand=/bin/sh -c 'umask'\n" + ONCE + "stdout_logfile={dir}/q.log\numask=0\n")
    started_from_shell(s, "umask 027")
    s.start()
    s.until_state("p", "EXITED")
    s.until_state("q", "EXITED")
    for name in ("supervisord.log", "supervisord.pid", "p.log", "q.log", "made", "s.sock"):
        s.mode(name)
    s.content("p.log")
    s.content("q.log")


@scenario
def niceness_and_limits_of_the_start(s):
    """Are inherited."""
    s.config("[program:p]\ncommand=/bin/sh -c 'nice; ulimit -c; ulimit -f; ulimit -s'\n" + ONCE + "stdout_logfile={dir}/p.log\n")
    started_from_shell(s, "ulimit -c 7; ulimit -f 100000; ulimit -s 4096", via="nice -n 3 ")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def a_reload_in_the_background(s):
    """The same process, without going to the background again."""
    s.config(SLEEP, supervisord="directory={dir}")
    s.start_in_background()
    s.until_state("p", "RUNNING")
    pid = s.process.pid
    s.send(signal.SIGHUP)
    s.until_log("supervisord started", 2)
    s.until_state("p", "RUNNING")
    s.observe("the same", s.call("supervisor.getPID") == pid)
    s.log("daemonizing|directory|started|SIGHUP")
    s.send(signal.SIGTERM)
    s.observe("end", s.wait())


@scenario
def nothing_as_a_file(s):
    """-l '' and -j '' leave what the file says."""
    s.config(SLEEP)
    s.start("-l", "", "--pidfile=")
    s.until_state("p", "RUNNING")
    s.listing("supervisord.*")
    s.rpc("readLog", 0, 4)


@scenario
def zeros_on_the_command_line(s):
    """-y 0 does not rotate, -z 0 keeps nothing, whatever the file says."""
    for options in (("-y", "0"), ("-y", "300", "-z", "0")):
        for name in s.dir.glob("supervisord.log*"):
            name.unlink()
        s.config(SLEEP, supervisord="logfile_maxbytes=400\nlogfile_backups=3")
        s.start(*options)
        s.until_state("p", "RUNNING")
        for _ in range(4):
            s.call("supervisor.stopProcess", "p")
            s.call("supervisor.startProcess", "p")
        s.end()
        s.listing("supervisord.log*")
