"""Where a program's output goes when the configuration is unusual."""

import os
import shutil
import signal

from product import LISTENER
from scenario import scenario

ONCE = "startsecs=0\nautorestart=false\n"


def say(name, more, text="echo out; sleep 0.2; echo err >&2"):
    return f"[program:{name}]\ncommand=/bin/sh -c '{text}'\n{ONCE}{more}"


def ended(s, *names):
    for name in names:
        s.until_state(name, "EXITED")


@scenario
def spellings_of_no_log_file(s):
    """NONE, off and nothing."""
    s.config(say("a", "stdout_logfile=None\nstderr_logfile=OFF\n") + say("b", "stdout_logfile=\nstderr_logfile=\n"))
    s.start()
    ended(s, "a", "b")
    for name in "ab":
        s.rpc("getProcessInfo", name)
        s.rpc("tailProcessStderrLog", name, 0, 10)
        s.rpc("clearProcessLogs", name)
        s.ctl("tail", name)
        s.ctl("tail", name, "stderr")


@scenario
def redirection_and_a_file_for_errors(s):
    """The file is ignored, with a warning."""
    s.config(say("p", "redirect_stderr=true\nstdout_logfile={dir}/p.log\nstderr_logfile={dir}/p.err\n"))
    s.start()
    ended(s, "p")
    s.content("p.log")
    s.listing("p.err")
    s.log("WARN")
    s.rpc("getProcessInfo", "p")
    s.rpc("readProcessStderrLog", "p", 0, 0)
    s.rpc("getAllConfigInfo")


@scenario
def redirection_and_settings_of_errors(s):
    """stderr_ keys have no effect; those of stdout hold for both."""
    s.config(say("p", "redirect_stderr=true\nstdout_logfile={dir}/p.log\nstderr_events_enabled=true\nstderr_capture_maxbytes=100\n"
                 "stdout_events_enabled=true\n")
             + f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/l\nevents=PROCESS_LOG\nstartsecs=0\n")
    s.start()
    ended(s, "p")
    s.until_event("l", "err")
    s.events("l")
    s.content("p.log")


@scenario
def automatic_logs_are_there_from_the_start(s):
    """Also of programs that are not started; named ones are not."""
    s.config(say("a", "autostart=false\n") + say("b", "autostart=false\nstdout_logfile={dir}/b.log\nstderr_logfile=NONE\n"))
    s.start()
    s.listing("*---*")
    s.listing("b.log")
    s.rpc("readProcessStdoutLog", "a", 0, 0)
    s.rpc("readProcessStdoutLog", "b", 0, 0)
    s.rpc("tailProcessStdoutLog", "b", 0, 10)


@scenario
def a_second_start_goes_on(s):
    """The log file of an earlier run is appended to."""
    s.config(say("p", "stdout_logfile={dir}/p.log\n"))
    s.start()
    ended(s, "p")
    s.rpc("startProcess", "p")
    ended(s, "p")
    s.until_log("exited", 2)
    s.content("p.log")


@scenario
def a_log_that_is_deleted_between_runs(s):
    """Is made again by the next start."""
    s.config(say("p", "stdout_logfile={dir}/p.log\n"))
    s.start()
    ended(s, "p")
    os.unlink(s.dir / "p.log")
    s.rpc("startProcess", "p")
    s.until_log("exited", 2)
    s.content("p.log")


@scenario
def a_directory_of_logs_that_disappears(s):
    """A spawn error, until it is there again."""
    s.write("logs/keep", "")
    s.config(say("p", "stdout_logfile={dir}/logs/p.log\nautostart=false\nstartretries=0\n"))
    s.start()
    shutil.rmtree(s.dir / "logs")
    s.rpc("startProcess", "p")
    s.rpc("getProcessInfo", "p")
    s.log("spawnerr|gave up")
    s.write("logs/keep", "")
    s.rpc("startProcess", "p")
    s.until_log("exited")
    s.content("logs/p.log")


@scenario
def backups_below_zero(s):
    """Are none."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo 0123456789; read x; echo the end; exec sleep 1000'\nstartsecs=0\n"
             "stdout_logfile={dir}/p.log\nstdout_logfile_maxbytes=5\nstdout_logfile_backups=-1\n")
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("sendProcessStdin", "p", "\n")
    s.until("nothing", lambda: (s.dir / "p.log").exists() and (s.dir / "p.log").stat().st_size == 0)
    s.listing("p.log*")


@scenario
def reopening_while_a_program_writes_to_an_automatic_file(s):
    """SIGUSR2 makes it again under the same name."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo one; read x; echo two; exec sleep 1000'\nstartsecs=0\n")
    s.start()
    s.until_state("p", "RUNNING")
    s.until("one", lambda: s.call("supervisor.readProcessStdoutLog", "p", 0, 0) == "one\n")
    name = s.info("p")["stdout_logfile"]
    os.rename(name, s.dir / "away")
    s.send(signal.SIGUSR2)
    s.until_log("logreopen")
    s.until("a file", lambda: os.path.exists(name))
    s.rpc("sendProcessStdin", "p", "\n")
    s.until("two", lambda: s.call("supervisor.readProcessStdoutLog", "p", 0, 0) == "two\n")
    s.content("away")


@scenario
def colours_in_events_and_the_debug_log(s):
    """strip_ansi=true holds for all copies."""
    s.config(say("p", "stdout_logfile={dir}/p.log\nstdout_events_enabled=true\n", "printf \"\\\\033[1mbold\\\\033[0m\\\\n\"")
             + f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/l\nevents=PROCESS_LOG\nstartsecs=0\n",
             supervisord="strip_ansi=true\nloglevel=debug")
    s.start()
    ended(s, "p")
    s.until_event("l", "bold")
    s.events("l")
    s.content("p.log")
    text = s.log_text().splitlines()
    s.observe("copy", [text[i + 1] for i, line in enumerate(text) if "'p' stdout output" in line])


@scenario
def both_channels_captured(s):
    """Each has its own buffer and its own event."""
    tag = "<!--XSUPERVISOR:{}-->"
    both = "".join(f"echo \"{tag.format('BEGIN')}{name}{tag.format('END')} and a tail that is long enough\"{where}; sleep 0.2; "
                   for name, where in (("one", ""), ("two", " >&2")))
    s.config(say("p", "stdout_capture_maxbytes=1KB\nstderr_capture_maxbytes=1KB\nstdout_logfile={dir}/p.log\n"
                 "stderr_logfile={dir}/p.err\n", both)
             + f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/l\nevents=PROCESS_COMMUNICATION\nstartsecs=0\n")
    s.start()
    s.until_event("l", "two")
    s.events("l")
    ended(s, "p")
    s.content("p.log")
    s.content("p.err")


@scenario
def a_program_that_closes_its_output(s):
    """Goes on; its log is what it was."""
    s.config(say("p", "stdout_logfile={dir}/p.log\n", "echo out; exec >&- 2>&-; exec sleep 1000"))
    s.start()
    s.until_file("p.log", "out")
    s.until_state("p", "RUNNING")
    s.rpc("stopProcess", "p")
    s.content("p.log")


@scenario
def output_without_an_end_of_line(s):
    """Is written as it comes."""
    s.config(say("p", "stdout_logfile={dir}/p.log\n", "printf a; sleep 0.2; printf b; exec sleep 1000"))
    s.start()
    s.until_file("p.log", "ab")
    s.content("p.log")


@scenario
def a_stopped_program_s_last_words(s):
    """What it says on its stop signal is kept."""
    s.config("[program:p]\ncommand=/bin/sh -c 'trap \"echo bye; exit 0\" TERM; echo up; while :; do sleep 0.1; done'\n"
             "startsecs=0\nstdout_logfile={dir}/p.log\n")
    s.start()
    s.until_file("p.log", "up")
    s.end()
    s.content("p.log")


@scenario
def all_errors_of_a_spawn(s):
    """Commands that are empty, open, missing, a directory, not executable; in the log and for clients."""
    s.write("plain", "#!/bin/sh\n", 0o644)
    os.mkdir(s.dir / "folder")
    commands = {"empty": "", "quote": "echo 'x", "escape": "echo x\\", "missing": "no-such", "path": "/no/such",
                "folder": "{dir}/folder", "plain": "{dir}/plain", "it's": "it\"'\"s"}
    s.config("".join(f"[program:{name}]\ncommand={command}\nstartretries=0\n" for name, command in commands.items()))
    s.start()
    for name in commands:
        s.until_state(name, "FATAL")
        s.observe(name, s.info(name)["spawnerr"])
        s.observe(f"{name} described", s.info(name)["description"])
    s.log("spawnerr|gave up", ordered=False)


@scenario
def an_empty_directory(s):
    """directory= cannot be entered."""
    s.config("[program:p]\ncommand=/bin/true\ndirectory=\nstartretries=0\nstderr_logfile={dir}/p.err\n")
    s.start()
    s.until_state("p", "FATAL")
    s.content("p.err")


@scenario
def a_command_with_an_empty_path(s):
    """PATH with an empty entry is the current directory; an empty PATH is none."""
    s.write("tool", "#!/bin/sh\necho tool\n", 0o755)
    s.config(say("a", "stdout_logfile={dir}/a.log\nenvironment=PATH=\"/nowhere:\"\n").replace("/bin/sh -c 'echo out; sleep 0.2; echo err >&2'", "tool")
             + "[program:b]\ncommand=tool\nenvironment=PATH=\"\"\nstartretries=0\n"
             + "[program:c]\ncommand=true\nenvironment=PATH=\"\"\n" + ONCE)
    s.start()
    s.until_state("a", "EXITED", "FATAL")
    s.until_state("b", "EXITED", "FATAL")
    s.until_state("c", "EXITED", "FATAL")
    s.states()
    s.log("spawnerr", ordered=False)
