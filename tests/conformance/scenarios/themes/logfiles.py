"""Files that programs' output goes to: making, rotating, reopening, what is written, what is read back."""

import os
import signal

from scenario import scenario

SLEEP = "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n"


def echo(lines, more="", name="p"):
    """A program that writes a line each time it is sent one."""
    script = "; read x; ".join(f"echo \"{line}\"" for line in lines)
    return (f"[program:{name}]\ncommand=/bin/sh -c '{script}; exec sleep 1000'\nstartsecs=0\n"
            f"stdout_logfile={{dir}}/{name}.log\n{more}")


def step(s, pattern, name="p", file="p.log"):
    """Sends the line and waits for what is written."""
    s.call("supervisor.sendProcessStdin", name, "\n")
    s.until_file(file, pattern)


@scenario
def backups_are_shifted(s):
    """.1 is the newest, the oldest goes."""
    s.config(echo([f"line {i} of some length" for i in range(6)], "stdout_logfile_maxbytes=20\nstdout_logfile_backups=2\n"))
    s.start()
    s.until_file("p.log.1", "line 0")
    for i in range(1, 5):
        step(s, f"line {i}", file="p.log.1")
    s.listing("p.log*")
    for name in ("p.log", "p.log.1", "p.log.2"):
        s.content(name)


@scenario
def a_limit_is_a_threshold(s):
    """Exactly maxbytes rotates; one less does not."""
    s.config(echo(["123456789", "12345678", ""], "stdout_logfile_maxbytes=10\nstdout_logfile_backups=1\n"))
    s.start()
    s.until_file("p.log.1", "123456789")
    step(s, "12345678")
    s.listing("p.log*")
    s.content("p.log")


@scenario
def a_limit_of_nothing(s):
    """maxbytes=0: never rotated."""
    s.config(echo(["x" * 2000, "end"], "stdout_logfile_maxbytes=0\nstdout_logfile_backups=1\n"))
    s.start()
    s.until_file("p.log", "xxx\n")
    step(s, "end")
    s.listing("p.log*")


@scenario
def a_file_that_is_there_is_continued(s):
    """Appended to; its size counts for the limit."""
    s.write("p.log", "old line\n")
    s.config(echo(["new line", "another"], "stdout_logfile_maxbytes=15\n"))
    s.start()
    s.until_file("p.log.1", "new line")
    step(s, "another")
    s.content("p.log")
    s.content("p.log.1")


@scenario
def log_files_are_made_by_the_start(s):
    """A named log is there when its program was started, empty; the mode is the mask's."""
    s.config(SLEEP + "stdout_logfile={dir}/out\nstderr_logfile={dir}/err\n"
             "[program:q]\ncommand=/bin/true\nautostart=false\nstdout_logfile={dir}/q.out\n")
    s.start()
    s.until_state("p", "RUNNING")
    s.listing("*out")
    s.listing("err")
    s.mode("out")


@scenario
def names_relative_to_the_daemon(s):
    """A relative log file is in the daemon's directory, not in the program's."""
    s.write("sub/keep", "")
    s.config(echo(["line"]).replace("{dir}/p.log", "p.log") + "directory={dir}/sub\n")
    s.start()
    s.until_file("p.log", "line")
    s.listing("sub/*")
    s.rpc("readProcessStdoutLog", "p", 0, 0)
    s.rpc("getProcessInfo", "p")


@scenario
def automatic_files_are_cleaned_up(s):
    """Those of the same identifier, with backups; other names stay."""
    for name in ("p-stdout---supervisor-abcdefgh.log", "p-stderr---supervisor-abcdefgh.log.3",
                 "gone-stdout---supervisor-01234567.log", "p-stdout---other-abcdefgh.log", "---supervisor-abcdefgh.log",
                 "p-stdout---supervisor-abcd efgh.log", "p-stdout--supervisor-abcdefgh.log", "notes.log"):
        s.write(name, "old\n")
    s.config(SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.listing("*old*")
    s.observe("kept", sorted(p.name for p in s.dir.glob("*.log*") if p.read_text() == "old\n"))


@scenario
def automatic_files_are_kept(s):
    """nocleanup=true, and their modes."""
    s.write("p-stdout---supervisor-abcdefgh.log", "old\n")
    s.config(SLEEP, supervisord="nocleanup=true")
    s.start()
    s.until_state("p", "RUNNING")
    s.observe("kept", sorted(p.name for p in s.dir.glob("*.log*") if p.read_text() == "old\n"))
    s.observe("modes", sorted(f"{p.stat().st_mode:o}" for p in s.dir.glob("*---*")))


@scenario
def the_identifier_names_automatic_files(s):
    """And tells which old ones are ours."""
    s.write("p-stdout---supervisor-abcdefgh.log", "old\n")
    s.write("p-stdout---mine-abcdefgh.log", "old\n")
    s.config(SLEEP, supervisord="identifier=mine")
    s.start()
    s.until_state("p", "RUNNING")
    s.observe("names", sorted(p.name for p in s.dir.glob("*---*")))


@scenario
def a_directory_among_automatic_files(s):
    """Cannot be cleaned up: a warning."""
    os.mkdir(s.dir / "p-stdout---supervisor-abcdefgh.log")
    s.config(SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.log("clean")


@scenario
def files_are_reopened(s):
    """SIGUSR2 after a move: the main log and programs' logs begin anew."""
    s.config(echo(["one", "two", "three"]))
    s.start()
    s.until_file("p.log", "one")
    s.until_state("p", "RUNNING")
    os.rename(s.dir / "p.log", s.dir / "p.log.old")
    step(s, "two", file="p.log.old")
    os.rename(s.dir / "supervisord.log", s.dir / "supervisord.log.old")
    s.send(signal.SIGUSR2)
    s.until_file("p.log")
    s.until_file("supervisord.log")
    step(s, "three")
    s.content("p.log.old")
    s.content("p.log")
    s.until_file("supervisord.log.old", "logreopen")
    s.content("supervisord.log.old")


@scenario
def deleted_files_come_back_by_reopening(s):
    """Until then output goes to nowhere."""
    s.config(echo(["one", "two", "three"]))
    s.start()
    s.until_file("p.log", "one")
    s.until_state("p", "RUNNING")
    os.unlink(s.dir / "p.log")
    s.rpc("readProcessStdoutLog", "p", 0, 0)
    s.rpc("tailProcessStdoutLog", "p", 0, 10)
    s.call("supervisor.sendProcessStdin", "p", "\n")
    s.send(signal.SIGUSR2)
    s.until_file("p.log")
    step(s, "three")
    s.observe("last", (s.dir / "p.log").read_text()[-6:])


@scenario
def two_programs_one_file(s):
    """Both append."""
    s.config(echo(["a one", "a two"], "stdout_logfile_maxbytes=0\n", name="a").replace("a.log", "shared.log")
             + echo(["b one", "b two"], "stdout_logfile_maxbytes=0\n", name="b").replace("b.log", "shared.log"))
    s.start()
    for text in ("a one", "b one"):
        s.until_file("shared.log", text)
    s.until_state("a", "RUNNING")
    s.until_state("b", "RUNNING")
    step(s, "a two", "a", "shared.log")
    step(s, "b two", "b", "shared.log")
    s.observe("lines", sorted((s.dir / "shared.log").read_text().splitlines()))


@scenario
def both_channels_of_a_program_in_one_file(s):
    """The same name twice."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo out; sleep 0.2; echo err >&2; exec sleep 1000'\nstartsecs=0\n"
             "stdout_logfile={dir}/p.log\nstderr_logfile={dir}/p.log\nstdout_logfile_maxbytes=0\n"
             "stderr_logfile_maxbytes=0\n")
    s.start()
    s.until_file("p.log", "err")
    s.content("p.log")


@scenario
def a_pipe_as_log_file(s):
    """/dev/stdout with maxbytes=0: the daemon's own standard output."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo from p; exec sleep 1000'\nstartsecs=0\n"
             "stdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\n")
    s.start("-s")
    s.until("the line", lambda: "from p\n" in s.output())
    s.rpc("getProcessInfo", "p")


@scenario
def a_device_as_log_file(s):
    """/dev/null and /dev/fd/1."""
    s.config(echo(["x"]).replace("{dir}/p.log", "/dev/null") + "stdout_logfile_maxbytes=0\n"
             + echo(["y"], "stdout_logfile_maxbytes=0\n", name="q").replace("{dir}/q.log", "/dev/fd/1"))
    s.start("-s")
    s.until("the line", lambda: "y\n" in s.output())
    s.until_state("p", "RUNNING")
    s.states()


@scenario
def bytes_are_bytes(s):
    """A log file holds what was written, whatever it is."""
    s.config("[program:p]\ncommand=/usr/bin/printf 'a\\\\0b\\\\377\\\\200\\\\r\\\\nc'\nstartsecs=0\nautorestart=false\n"
             "stdout_logfile={dir}/p.log\n")
    s.start()
    s.until_state("p", "EXITED")
    s.until_file("p.log", "c")
    s.content("p.log")


@scenario
def a_long_line(s):
    """A megabyte without an end."""
    s.config("[program:p]\ncommand=/bin/sh -c 'head -c 1000000 /dev/zero | tr \"\\\\0\" x; echo; exec sleep 1000'\n"
             "startsecs=0\nstdout_logfile={dir}/p.log\n")
    s.start()
    s.until_file("p.log", "x\n")
    s.observe("size", (s.dir / "p.log").stat().st_size)
    s.rpc("readProcessStdoutLog", "p", -10, 0)


@scenario
def the_last_words_of_a_program(s):
    """Output right before the end is kept."""
    s.config("[program:p]\ncommand=/bin/sh -c 'head -c 60000 /dev/zero | tr \"\\\\0\" x; echo end'\n"
             "startsecs=0\nautorestart=false\nstdout_logfile={dir}/p.log\n")
    s.start()
    s.until_state("p", "EXITED")
    s.observe("size", (s.dir / "p.log").stat().st_size)


@scenario
def colours_are_stripped(s):
    """strip_ansi=true takes out some sequences, leaves others."""
    s.config("[program:p]\ncommand=/usr/bin/printf '\\\\033[31mred\\\\033[0m \\\\033[?25lhid \\\\033[10Gcol then "
             "\\\\033]0;t\\\\007x \\\\033M end'\nstartsecs=0\nautorestart=false\nstdout_logfile={dir}/p.log\n",
             supervisord="strip_ansi=true")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def colours_are_kept(s):
    """The default."""
    s.config("[program:p]\ncommand=/usr/bin/printf '\\\\033[31mred\\\\033[0m end'\nstartsecs=0\nautorestart=false\n"
             "stdout_logfile={dir}/p.log\n")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def output_in_the_debug_log(s):
    """Each piece with the name of its channel; bytes that are no text as in Python."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo out; echo err >&2; read x; printf \"\\\\377\\\\n\"; exec sleep 1000'\n"
             "startsecs=0\n", supervisord="loglevel=debug")
    s.start()
    s.until_state("p", "RUNNING")
    s.until_log("'p' stderr output")
    s.until_log("'p' stdout output")
    s.rpc("sendProcessStdin", "p", "\n")
    s.until_log("Undecodable")
    text = s.log_text().splitlines()
    s.observe("output", sorted(f"{line.partition(' DEBG ')[2]} {text[i + 1]}" for i, line in enumerate(text)
                               if line.endswith(" output:")))


@scenario
def logs_of_running_programs_are_cleared(s):
    """clearProcessLogs: empty, and written on."""
    s.config(echo(["one", "two"]))
    s.start()
    s.until_file("p.log", "one")
    s.until_state("p", "RUNNING")
    s.rpc("clearProcessLogs", "p")
    s.content("p.log")
    step(s, "two")
    s.content("p.log")
    s.rpc("clearProcessLog", "nosuch")


@scenario
def all_logs_are_cleared(s):
    """clearAllProcessLogs: one result for each."""
    s.config(echo(["one"], name="a") + echo(["two"], name="b"))
    s.start()
    for name in "ab":
        s.until_file(f"{name}.log", "one|two")
        s.until_state(name, "RUNNING")
    s.rpc("clearAllProcessLogs")
    s.content("a.log")
    s.content("b.log")
    s.ctl("clear", "all")


@scenario
def tails_of_logs(s):
    """What offset and length of tailProcessStdoutLog mean."""
    s.write("p.log", b"hello\nh\xc3\xa9\nbin\n")
    s.config(SLEEP + "stdout_logfile={dir}/p.log\nstderr_logfile=NONE\n")
    s.start()
    s.until_state("p", "RUNNING")
    for offset, length in ((0, 0), (0, 5), (0, 14), (0, 15), (0, 13), (3, 4), (14, 5), (13, 1), (13, 2), (12, 1),
                           (19, 5), (5, 1000), (-4, 2), (-4, 100), (-1, 0), (0, -3)):
        s.rpc("tailProcessStdoutLog", "p", offset, length)
    s.rpc("tailProcessStderrLog", "p", 3, 10)
    s.rpc("tailProcessLog", "nosuch", 0, 10)


@scenario
def pieces_of_logs(s):
    """What offset and length of readProcessStdoutLog mean."""
    s.write("p.log", "0123456789")
    s.config(SLEEP + "stdout_logfile={dir}/p.log\nstderr_logfile=NONE\n")
    s.start()
    s.until_state("p", "RUNNING")
    for offset, length in ((0, 0), (0, 4), (4, 3), (8, 100), (10, 0), (99, 5), (-3, 0), (-30, 0), (-3, 2), (0, -1),
                           (-3, -1)):
        s.rpc("readProcessStdoutLog", "p", offset, length)
    s.rpc("readProcessLog", "p", 2, 2)
    s.rpc("readProcessStderrLog", "p", 0, 0)
    s.rpc("readProcessStdoutLog", "nosuch", 0, 0)


@scenario
def a_rotated_log_is_read_alone(s):
    """Reading concerns the live file."""
    s.config(echo(["a line of some length", "short"], "stdout_logfile_maxbytes=20\n"))
    s.start()
    s.until_file("p.log.1", "a line")
    step(s, "short")
    s.rpc("readProcessStdoutLog", "p", 0, 0)
    s.rpc("tailProcessStdoutLog", "p", 0, 100)
    s.ctl("tail", "p")
