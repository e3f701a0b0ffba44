"""Starting, stopping, restarting: states, texts of the log, exit statuses."""

import signal

from scenario import scenario

SLEEPER = "[program:sleeper]\ncommand=/bin/sleep 1000\n"


@scenario
def one_program_starts_and_is_stopped_at_shutdown(s):
    """The log of a plain life, from start to TERM."""
    s.config(SLEEPER)
    s.start()
    s.until_state("sleeper", "RUNNING")
    s.rpc("getProcessInfo", "sleeper")
    s.end()
    s.log()


@scenario
def interrupt_and_quit_end_the_daemon_like_term(s):
    """INT; the log names the signal."""
    s.config(SLEEPER)
    s.start()
    s.until_state("sleeper", "RUNNING")
    s.end(signal.SIGINT)
    s.log("received|stopped|waiting")


@scenario
def a_program_that_ends_at_once_backs_off_then_is_given_up(s):
    """startretries attempts beyond the first, then FATAL."""
    s.config("[program:quick]\ncommand=/bin/sh -c 'exit 7'\nstartretries=1\n")
    s.start()
    s.until_state("quick", "FATAL")
    s.rpc("getProcessInfo", "quick")
    s.log("quick")
    s.end()


@scenario
def a_missing_command_is_a_spawn_error(s):
    """The text clients see and the log's lines."""
    s.config("[program:missing]\ncommand=/no/such/file\nstartretries=0\n"
             "[program:directory]\ncommand=/etc\nstartretries=0\n"
             "[program:plain]\ncommand=/etc/passwd\nstartretries=0\n"
             "[program:quotes]\ncommand=/bin/echo \"unclosed\nstartretries=0\n"
             "[program:empty]\ncommand=\nstartretries=0\n")
    s.start()
    for name in ("missing", "directory", "plain", "quotes", "empty"):
        s.until_state(name, "FATAL")
        s.rpc("getProcessInfo", name)
        s.rpc("startProcess", name)
    s.log("spawnerr|gave up", ordered=False)
    s.end()


@scenario
def an_unexpected_exit_restarts_an_expected_one_does_not(s):
    """autorestart=unexpected with exitcodes."""
    s.config("[program:bad]\ncommand=/bin/sh -c 'sleep 1.3; test -e {dir}/second && exec sleep 1000; touch {dir}/second; exit 3'\n"
             "[program:good]\ncommand=/bin/sh -c 'sleep 1.3; exit 0'\n"
             "[program:listed]\ncommand=/bin/sh -c 'sleep 1.3; exit 5'\nexitcodes=5,6\n")
    s.start()
    s.until_state("good", "EXITED")
    s.until_state("listed", "EXITED")
    s.until_log("spawned: 'bad'", 2)
    s.until_state("bad", "RUNNING")
    s.rpc("getProcessInfo", "good")
    s.rpc("getProcessInfo", "listed")
    s.rpc("getProcessInfo", "bad")
    s.log("bad|good|listed", ordered=False)
    s.end()


@scenario
def a_killed_program_is_restarted(s):
    """SIGKILL from outside; the log and the spawn error it leaves."""
    s.config(SLEEPER)
    s.start()
    s.until_state("sleeper", "RUNNING")
    s.kill("sleeper")
    s.until_log("spawned: 'sleeper'", 2)
    s.until_state("sleeper", "RUNNING")
    s.rpc("getProcessInfo", "sleeper")
    s.log("sleeper")
    s.end()


@scenario
def a_program_that_ignores_its_signal_is_killed(s):
    """stopwaitsecs, then SIGKILL."""
    s.config("[program:stubborn]\ncommand=/bin/sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'\n"
             "stopwaitsecs=1\nkillasgroup=true\n")
    s.start()
    s.until_state("stubborn", "RUNNING")
    s.rpc("stopProcess", "stubborn")
    s.rpc("getProcessInfo", "stubborn")
    s.log_once("stubborn")
    s.end()


@scenario
def stop_signal_is_sent_as_configured(s):
    """stopsignal=USR1 reaches the program; an orderly exit is logged at INFO."""
    s.config("[program:polite]\ncommand=/bin/sh -c 'trap \"echo got usr1; exit 0\" USR1; echo up; while :; do sleep 0.05; done'\n"
             "stopsignal=USR1\nstdout_logfile={dir}/polite.log\n")
    s.start()
    s.until_state("polite", "RUNNING")
    s.until_file("polite.log", "up")
    s.rpc("stopProcess", "polite")
    s.content("polite.log")
    s.log("polite")
    s.end()


@scenario
def groups_start_and_stop_by_priority(s):
    """The order of spawned and stopped lines over groups."""
    s.config("[program:c]\ncommand=/bin/sleep 1000\npriority=30\n"
             "[program:a]\ncommand=/bin/sleep 1000\npriority=20\n"
             "[program:b]\ncommand=/bin/sleep 1000\npriority=10\n"
             "[program:n]\ncommand=/bin/sleep 1000\nnumprocs=11\nprocess_name=n_%(process_num)d\npriority=5\n")
    s.start()
    for name in ("c", "a", "b", "n:n_10"):
        s.until_state(name, "RUNNING")
    s.log("spawned")
    s.end()
    s.log("stopped: [abc]")
    s.log("stopped: n_", ordered=False)  # one group: signalled together, reaped in any order


@scenario
def start_of_running_and_stop_of_stopped_are_faults(s):
    """ALREADY_STARTED, NOT_RUNNING, BAD_NAME through RPC and client."""
    s.config(SLEEPER + "[program:idle]\ncommand=/bin/sleep 1000\nautostart=false\n")
    s.start()
    s.until_state("sleeper", "RUNNING")
    s.rpc("startProcess", "sleeper")
    s.rpc("stopProcess", "idle")
    s.rpc("startProcess", "nobody")
    s.rpc("getProcessInfo", "idle")
    for command in ("start sleeper", "stop idle", "start nobody", "restart idle", "status", "pid nobody"):
        s.ctl(*command.split())
    s.end()
