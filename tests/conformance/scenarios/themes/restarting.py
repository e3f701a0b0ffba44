"""When a program is started again, and when it is given up: startsecs, retries, exit codes, autorestart."""

from scenario import scenario


def program(name, command, more=""):
    return f"[program:{name}]\ncommand={command}\n{more}"


@scenario
def without_startsecs_every_start_succeeds(s):
    """startsecs=0: RUNNING at once, then EXITED; no retries."""
    s.config(program("p", "/bin/sh -c 'exit 3'", "startsecs=0\nautorestart=false\n"))
    s.start()
    s.until_state("p", "EXITED")
    s.rpc("getProcessInfo", "p")
    s.log("'p'|: p")


@scenario
def an_early_end_is_a_failure_whatever_the_code(s):
    """exitcodes do not matter before startsecs."""
    s.config(program("p", "/bin/true", "startretries=0\nexitcodes=0\n"))
    s.start()
    s.until_state("p", "FATAL")
    s.rpc("getProcessInfo", "p")
    s.log("'p'|: p")


@scenario
def negative_retries_are_none(s):
    """startretries=-5: one attempt."""
    s.config(program("p", "/bin/false", "startretries=-5\n"))
    s.start()
    s.until_state("p", "FATAL")
    s.log("'p'|: p")


@scenario
def a_start_after_a_failure_begins_anew(s):
    """FATAL is left by a request, with all retries again."""
    s.config(program("p", "/bin/false", "startretries=1\nautostart=false\n"))
    s.start()
    s.rpc("startProcess", "p", False)
    s.until_state("p", "FATAL")
    s.rpc("startProcess", "p", False)
    s.until_log("gave up", 2)
    s.rpc("getProcessInfo", "p")
    s.log("'p'|: p")


@scenario
def a_waiting_retry_counts_as_started(s):
    """BACKOFF: a start is refused, a stop succeeds at once."""
    s.config(program("p", "/bin/false", "startretries=100\n"), supervisord="loglevel=debug")
    s.start()
    s.until_log("exited: p", 2)
    s.until_state("p", "BACKOFF")
    s.rpc("startProcess", "p")
    s.rpc("signalProcess", "p", "HUP")
    s.rpc("sendProcessStdin", "p", "x")
    s.rpc("getProcessInfo", "p")
    s.rpc("stopProcess", "p")
    s.rpc("getProcessInfo", "p")
    s.rpc("stopProcess", "p")
    s.log("Attempted|attempted")


@scenario
def a_start_that_fails_is_told(s):
    """SPAWN_ERROR for who waits, true for who does not; the retries go on behind it."""
    s.config(program("p", "/bin/false", "startretries=1\nautostart=false\n"))
    s.start()
    s.rpc("startProcess", "p")
    s.until_state("p", "FATAL")
    s.rpc("startProcess", "p", False)
    s.until_log("gave up", 2)
    s.ctl("start", "p")


@scenario
def a_start_that_is_stopped_meanwhile(s):
    """ABNORMAL_TERMINATION for who waited."""
    s.config(program("p", "/bin/sleep 1000", "startsecs=1000\nautostart=false\n"))
    s.start()
    waiting = s.later(lambda: s.rpc("startProcess", "p"))
    s.until_state("p", "STARTING")
    s.call("supervisor.stopProcess", "p")
    waiting.join()
    s.rpc("getProcessInfo", "p")


@scenario
def an_expected_end_is_final(s):
    """autorestart=unexpected, the default."""
    s.config(program("p", "/bin/sh -c 'exit 4'", "startsecs=0\nexitcodes=4\n"))
    s.start()
    s.until_state("p", "EXITED")
    s.rpc("getProcessInfo", "p")
    s.rpc("startProcess", "p")
    s.until_log("exited: p", 2)
    s.log("'p'|: p")


@scenario
def no_code_is_expected(s):
    """exitcodes= without any: each end is unexpected."""
    s.config(program("p", "/bin/sh -c 'test -e {dir}/again && exec sleep 1000; touch {dir}/again'",
                     "startsecs=0\nexitcodes=\n"))
    s.start()
    s.until_log("spawned: 'p'", 2)
    s.until_state("p", "RUNNING")
    s.rpc("getProcessInfo", "p")
    s.log("'p'|exited: p")


@scenario
def always_restarted(s):
    """autorestart=true: an expected end, too."""
    s.config(program("p", "/bin/sh -c 'test -e {dir}/again && exec sleep 1000; touch {dir}/again'",
                     "startsecs=0\nautorestart=TRUE\n"))
    s.start()
    s.until_log("spawned: 'p'", 2)
    s.until_state("p", "RUNNING")
    s.log("'p'|exited: p")


@scenario
def never_restarted(s):
    """autorestart=false: not even a killed one."""
    s.config(program("p", "/bin/sleep 1000", "startsecs=0\nautorestart=off\n"))
    s.start()
    s.until_state("p", "RUNNING")
    s.kill("p")
    s.until_state("p", "EXITED")
    s.rpc("getProcessInfo", "p")
    s.log("'p'|: p")


@scenario
def death_by_signal_is_never_expected(s):
    """Its exit status is -1, its name is in the log."""
    s.config("".join(program(name, f"/bin/sh -c 'ulimit -c 0; kill -{name} $$'",
                             "startsecs=0\nautorestart=false\nexitcodes=0,1,2,9,15,137,143,255\n")
                     for name in ("TERM", "KILL", "HUP", "USR1", "ALRM")))
    s.start()
    for name in ("TERM", "KILL", "HUP", "USR1", "ALRM"):
        s.until_state(name, "EXITED")
        s.rpc("getProcessInfo", name)
    s.log("exited", ordered=False)


@scenario
def signals_have_their_names(s):
    """Also those with two, and real-time ones."""
    numbers = (6, 7, 17, 29, 31, 34, 35, 64)
    numbers = [n for n in numbers if n != 17]  # ignored by default
    s.config("".join(program(f"s{n}", f"/bin/sh -c 'ulimit -c 0; kill -{n} $$; kill -{n} $$'",
                             "startsecs=0\nautorestart=false\n") for n in numbers))
    s.start()
    for n in numbers:
        s.until_state(f"s{n}", "EXITED")
    s.log("exited", ordered=False)


@scenario
def exit_codes_in_their_range(s):
    """127, 128 and 255 are codes like others."""
    codes = (1, 127, 128, 255)
    s.config("".join(program(f"c{n}", f"/bin/sh -c 'exit {n}'", "startsecs=0\nautorestart=false\nexitcodes=128,255\n")
                     for n in codes))
    s.start()
    for n in codes:
        s.until_state(f"c{n}", "EXITED")
        s.rpc("getProcessInfo", f"c{n}")
    s.log("exited", ordered=False)


@scenario
def what_is_not_started_automatically(s):
    """autostart=false: no line in the log, no log file, Not started."""
    s.config(program("p", "/bin/true", "autostart=false\nstdout_logfile={dir}/p.log\n")
             + program("q", "/bin/sleep 1000", "startsecs=0\n"))
    s.start()
    s.until_state("q", "RUNNING")
    s.rpc("getProcessInfo", "p")
    s.listing("p.log")
    s.log("'p'")
    s.ctl("status")


@scenario
def a_start_with_and_without_waiting(s):
    """wait=false returns while the process is STARTING."""
    s.config(program("p", "/bin/sleep 1000", "startsecs=1000\nautostart=false\n")
             + program("q", "/bin/sleep 1000", "autostart=false\n"))
    s.start()
    s.rpc("startProcess", "p", False)
    s.rpc("getProcessInfo", "p")
    s.rpc("startProcess", "p")
    s.rpc("startProcess", "q", True)
    s.rpc("getProcessInfo", "q")
    s.rpc("stopProcess", "p")
    s.rpc("getProcessInfo", "p")


@scenario
def the_spawn_error_of_the_last_start(s):
    """Kept by a stop, cleared by the next start."""
    s.write("tool", "#!/bin/sh\nexit 1\n", 0o755)
    s.config(program("p", "{dir}/tool", "startretries=100\nautostart=false\n"))
    s.start()
    s.rpc("startProcess", "p")
    s.rpc("stopProcess", "p")
    s.rpc("getProcessInfo", "p")
    s.write("tool", "#!/bin/sh\nexec sleep 1000\n", 0o755)
    s.rpc("startProcess", "p")
    s.rpc("getProcessInfo", "p")


@scenario
def a_command_is_checked_before_the_state(s):
    """A running program whose file is gone cannot be started: NO_FILE."""
    s.write("tool", "#!/bin/sh\nexec sleep 1000\n", 0o755)
    s.config(program("p", "{dir}/tool", "startsecs=0\n"))
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("startProcess", "p")
    (s.dir / "tool").unlink()
    s.rpc("startProcess", "p")
    s.states()
