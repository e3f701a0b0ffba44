"""Program logs: rotation, redirection, automatic files, reading them back."""

from scenario import scenario


@scenario
def stdout_and_stderr_go_to_their_files(s):
    """Explicit files, and what RPC says of them."""
    s.config("[program:both]\ncommand=/bin/sh -c 'echo out; echo err >&2; exec sleep 1000'\n"
             "stdout_logfile={dir}/out.log\nstderr_logfile={dir}/err.log\n")
    s.start()
    s.until_file("err.log", "err")
    s.until_state("both", "RUNNING")
    s.content("out.log")
    s.content("err.log")
    s.rpc("readProcessStdoutLog", "both", 0, 0)
    s.rpc("readProcessStderrLog", "both", -3, 0)
    s.rpc("readProcessStdoutLog", "both", -4, 2)
    s.rpc("tailProcessStdoutLog", "both", 0, 2)
    s.rpc("tailProcessStdoutLog", "both", 0, 100)
    s.rpc("clearProcessLogs", "both")
    s.content("out.log")
    s.end()


@scenario
def stderr_can_be_redirected(s):
    """One file, order kept."""
    s.config("[program:both]\ncommand=/bin/sh -c 'echo 1; echo 2 >&2; echo 3; exec sleep 1000'\n"
             "redirect_stderr=true\nstdout_logfile={dir}/out.log\n")
    s.start()
    s.until_file("out.log", "3")
    s.content("out.log")
    s.rpc("readProcessStderrLog", "both", 0, 0)
    s.end()


@scenario
def logs_rotate_at_their_size(s):
    """The chunk that crosses the limit stays in the old file; backups are numbered."""
    s.config("[program:writer]\ncommand=/bin/sh -c 'for i in 1 2 3 4 5; do echo line $i 1234567890123456789012345678901234567890; sleep 0.3; done; exec sleep 1000'\n"
             "stdout_logfile={dir}/w.log\nstdout_logfile_maxbytes=90\nstdout_logfile_backups=1\n")
    s.start()
    s.until_file("w.log", "line 5")
    s.listing("w.log*")
    s.content("w.log")
    s.content("w.log.1")
    s.end()


@scenario
def without_backups_a_log_is_emptied(s):
    """backups=0 truncates."""
    s.config("[program:writer]\ncommand=/bin/sh -c 'for i in 1 2 3; do echo line $i 1234567890123456789012345678901234567890; sleep 0.3; done; exec sleep 1000'\n"
             "stdout_logfile={dir}/w.log\nstdout_logfile_maxbytes=90\nstdout_logfile_backups=0\n")
    s.start()
    s.until_file("w.log", "line 3")
    s.listing("w.log*")
    s.content("w.log")
    s.end()


@scenario
def automatic_logs_have_their_names(s):
    """AUTO files appear at start, also for programs that are not started."""
    s.config("[program:a]\ncommand=/bin/sleep 1000\nautostart=false\n"
             "[program:b]\ncommand=/bin/sleep 1000\nautostart=false\nredirect_stderr=true\n")
    s.start()
    s.observe("names", sorted(p.name for p in s.dir.glob("*---*")))
    s.rpc("getProcessInfo", "a")
    s.end()


@scenario
def a_log_set_to_none_is_not_kept(s):
    """Reading it is NO_FILE."""
    s.config("[program:quiet]\ncommand=/bin/sh -c 'echo out; exec sleep 1000'\nstdout_logfile=NONE\nstderr_logfile=off\n")
    s.start()
    s.until_state("quiet", "RUNNING")
    s.rpc("readProcessStdoutLog", "quiet", 0, 0)
    s.rpc("tailProcessStderrLog", "quiet", 0, 10)
    s.rpc("getProcessInfo", "quiet")
    s.listing("*.log")
    s.end()
