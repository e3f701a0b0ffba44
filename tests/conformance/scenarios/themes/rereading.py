"""reread and update: what counts as a change, what is done about it."""

from product import BASE, LISTENER
from scenario import scenario

SLEEP = "command=/bin/sleep 1000\nstartsecs=0\n"
IDLE = SLEEP + "autostart=false\n"


def changes(s, first, *others, supervisord=""):
    """Starts with one configuration, and tells for each of the others what reread finds."""
    s.config(first, supervisord=supervisord)
    s.start()
    for number, text in enumerate(others):
        s.config(text, supervisord=supervisord)
        s.observe("variant", number)
        s.rpc("reloadConfig")


@scenario
def how_a_program_runs_is_compared(s):
    """Command, directory, user, mask, environment."""
    changes(s, "[program:p]\n" + IDLE, *(f"[program:p]\n{IDLE}{line}\n" for line in (
        "command=/bin/sleep  1000", "directory=/tmp", "user=root", "umask=022", "environment=A=1",
        "serverurl=unix:///x")))


@scenario
def when_a_program_runs_is_compared(s):
    """Starting and stopping."""
    changes(s, "[program:p]\n" + IDLE, *(f"[program:p]\n{IDLE}{line}\n" for line in (
        "autostart=true", "autorestart=true", "startsecs=2", "startretries=5", "exitcodes=0,1", "stopsignal=INT",
        "stopwaitsecs=5", "stopasgroup=true", "killasgroup=true", "priority=5")))


@scenario
def where_output_goes_is_compared(s):
    """All keys of both channels."""
    changes(s, "[program:p]\n" + IDLE, *(f"[program:p]\n{IDLE}{channel}_{line}\n" for channel in ("stdout", "stderr")
                                         for line in ("logfile={dir}/x", "logfile_maxbytes=1MB", "logfile_backups=3",
                                                      "capture_maxbytes=1KB", "events_enabled=true", "syslog=true")),
            f"[program:p]\n{IDLE}redirect_stderr=true\n")


@scenario
def the_same_in_other_words(s):
    """Comments, order, defaults, other spellings of a value are no change."""
    changes(s, "[program:p]\n" + IDLE + "[program:q]\n" + IDLE, *(
        "; comment\n[program:q]\n" + IDLE + "\n[program:p]\n" + IDLE + line for line in (
            "stopsignal=15\n", "stopsignal=SIGTERM\n", "autorestart=Unexpected\n", "exitcodes= 0 \n", "priority=0999\n",
            "stdout_logfile_maxbytes=50MB\n", "stdout_logfile_maxbytes=52428800\n", "stdout_logfile=AUTO\n",
            "startsecs=00\n")))


@scenario
def a_log_file_becomes_automatic(s):
    """Is not seen as a change; the other way is."""
    changes(s, "[program:p]\n" + IDLE + "stdout_logfile={dir}/p.log\n[program:q]\n" + IDLE,
            "[program:p]\n" + IDLE + "[program:q]\n" + IDLE,
            "[program:p]\n" + IDLE + "stdout_logfile={dir}/p.log\n[program:q]\n" + IDLE + "stdout_logfile=NONE\n",
            "[program:p]\n" + IDLE + "stdout_logfile=NONE\n[program:q]\n" + IDLE)


@scenario
def the_common_environment_changes_all(s):
    """[supervisord] environment is part of each program's."""
    s.config("[program:p]\n" + IDLE + "[program:q]\n" + IDLE, supervisord="environment=A=1")
    s.start()
    s.config("[program:p]\n" + IDLE + "[program:q]\n" + IDLE, supervisord="environment=A=2")
    s.rpc("reloadConfig")
    s.config("[program:p]\n" + IDLE + "[program:q]\n" + IDLE + "environment=B=1\n", supervisord="environment=A=1")
    s.rpc("reloadConfig")


@scenario
def what_groups_consist_of_is_compared(s):
    """Members, their number and names, priority."""
    one = "[program:a]\n" + IDLE + "[program:b]\n" + IDLE
    changes(s, one + "[group:g]\nprograms=a,b\n",
            one + "[group:g]\nprograms=b,a\n", one + "[group:g]\nprograms=a\n",
            one + "[group:g]\nprograms=a,b\npriority=5\n", one + "[group:h]\nprograms=a,b\n", one,
            one.replace("[program:b]\n", "[program:b]\nnumprocs=2\nprocess_name=%(process_num)d\n")
            + "[group:g]\nprograms=a,b\n")


@scenario
def numbers_of_processes_are_compared(s):
    """numprocs, names."""
    text = "[program:p]\nprocess_name=p%(process_num)d\n" + IDLE
    changes(s, text + "numprocs=2\n", text + "numprocs=3\n", text + "numprocs=2\nnumprocs_start=1\n",
            text.replace("name=p", "name=q") + "numprocs=2\n", text + "numprocs=0\n")


@scenario
def listeners_are_compared(s):
    """Events in any order, buffer, kind."""
    text = f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/heard\nautostart=false\n"
    changes(s, text + "events=TICK_60,TICK_5\n", text + "events=tick_5,TICK_60\n", text + "events=TICK_5\n",
            text + "events=TICK_60,TICK_5\nbuffer_size=11\n", text + "events=TICK_60,TICK_5\npriority=-1\n",
            text + "events=TICK_60,TICK_5\npriority=5\n", text.replace("eventlistener", "program"))


@scenario
def several_changes_in_their_order(s):
    """New and changed by priority, gone by their order so far."""
    s.config("".join(f"[program:{name}]\npriority={priority}\n{IDLE}" for name, priority in
                     (("d", 1), ("c", 2), ("b", 3), ("a", 4))))
    s.start()
    s.config("".join(f"[program:{name}]\npriority={priority}\n{IDLE}" for name, priority in
                     (("z", 1), ("y", 2), ("b", 5), ("a", 1))))
    s.rpc("reloadConfig")
    s.rpc("reloadConfig")
    s.ctl("reread")
    s.ctl("avail")


@scenario
def an_update_of_some_groups(s):
    """update with names; the rest waits."""
    s.config("[program:a]\n" + IDLE + "[program:b]\n" + IDLE)
    s.start()
    s.config("[program:a]\npriority=5\n" + IDLE + "[program:c]\n" + IDLE)
    s.ctl("update", "a", "nosuch")
    s.ctl("update", "c", "b")
    s.states()
    s.ctl("update", "all")


@scenario
def a_changed_program_is_restarted_by_update(s):
    """stopped, updated, and started again."""
    s.config("[program:p]\ncommand=/bin/sh -c 'echo one; exec sleep 1000'\nstartsecs=0\nstdout_logfile={dir}/p.log\n"
             "[program:q]\n" + SLEEP)
    s.start()
    s.until_file("p.log", "one")
    s.until_state("p", "RUNNING")
    s.until_state("q", "RUNNING")
    before = s.pid("q")
    s.config("[program:p]\ncommand=/bin/sh -c 'echo two; exec sleep 1000'\nstartsecs=0\nstdout_logfile={dir}/p.log\n"
             "[program:q]\n" + SLEEP)
    s.ctl("update")
    s.until_file("p.log", "two")
    s.until_state("p", "RUNNING")
    s.observe("q is untouched", s.pid("q") == before)
    s.log("'p'|: p")


@scenario
def a_removed_group_can_come_back(s):
    """add without another reread."""
    s.config("[program:p]\n" + SLEEP + "[program:q]\n" + IDLE)
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("removeProcessGroup", "p")
    s.rpc("stopProcess", "p")
    s.rpc("removeProcessGroup", "p")
    s.rpc("removeProcessGroup", "p")
    s.rpc("getProcessInfo", "p")
    s.ctl("avail")
    s.rpc("addProcessGroup", "p")
    s.until_state("p", "RUNNING")
    s.rpc("addProcessGroup", "p")


@scenario
def a_group_that_is_not_stopped_stays(s):
    """STILL_RUNNING also while it waits for a retry."""
    s.config("[program:p]\ncommand=/bin/false\nstartretries=100\n")
    s.start()
    s.until_log("exited: p", 2)
    s.rpc("removeProcessGroup", "p")
    s.rpc("stopProcess", "p")
    s.rpc("removeProcessGroup", "p")
    s.states()


@scenario
def mistakes_leave_everything(s):
    """CANT_REREAD with the text of the mistake; what was read before stays."""
    s.config("[program:p]\n" + IDLE)
    s.start()
    for bad in ("garbage\n", "[program:q]\n", "[program:q q]\n" + IDLE, "[group:g]\nprograms=nope\n",
                "[program:p]\n" + IDLE + "priority=%(nope)s\n", "[eventlistener:l]\ncommand=x\nevents=NOPE\n"):
        s.config(bad)
        s.rpc("reloadConfig")
    s.ctl("update")
    s.config_file.unlink()
    s.rpc("reloadConfig")
    s.rpc("getAllConfigInfo")


@scenario
def included_files_are_read_again(s):
    """New files are found, gone ones are missed."""
    s.write("inc/a.conf", "[program:a]\n" + IDLE)
    s.config("[include]\nfiles=inc/*.conf\n")
    s.start()
    s.write("inc/b.conf", "[program:b]\n" + IDLE)
    s.rpc("reloadConfig")
    (s.dir / "inc/a.conf").unlink()
    s.rpc("reloadConfig")
    s.ctl("update")
    s.states()
    s.log("ncluded")


@scenario
def a_new_listener_hears_of_itself(s):
    """update adds a pool: it gets PROCESS_GROUP_ADDED of its own."""
    s.config("[program:p]\n" + IDLE)
    s.start()
    s.config("[program:p]\n" + IDLE + f"[eventlistener:l]\ncommand={LISTENER} {{dir}}/heard\nevents=PROCESS_GROUP\n"
             "startsecs=0\n")
    s.ctl("update")
    s.until_event("heard", "groupname:l")
    s.events("heard")
    s.config("[program:p]\n" + IDLE)
    s.ctl("update")
    s.states()


@scenario
def what_is_configured_is_told(s):
    """getAllConfigInfo: every key, of programs that are there and that are not."""
    s.config("[program:p]\n" + IDLE + "directory=/tmp\nuser=root\nexitcodes=1,2\nstopsignal=HUP\nstdout_syslog=false\n"
             "serverurl=http://x\nstderr_logfile=NONE\nstdout_logfile={dir}/p.log\nredirect_stderr=true\n"
             "[group:g]\nprograms=q\npriority=7\n[program:q]\npriority=8\nnumprocs=2\nprocess_name=%(process_num)d\n"
             + IDLE)
    s.start()
    s.rpc("getAllConfigInfo")
    s.config("[program:p]\n" + IDLE + "[program:new]\n" + IDLE)
    s.rpc("reloadConfig")
    s.rpc("getAllConfigInfo")
    s.ctl("avail")


@scenario
def automatic_logs_are_told_by_their_names(s):
    """Before a reread and behind it."""
    s.config("[program:p]\n" + IDLE)
    s.start()
    s.rpc("getAllConfigInfo")
    s.rpc("reloadConfig")
    s.rpc("getAllConfigInfo")


@scenario
def settings_of_the_daemon_are_taken_over_in_part(s):
    """reread: identifier and childlogdir hold from then on, level and log file do not."""
    s.write("logs/keep", "")
    s.config("[program:p]\n" + IDLE)
    s.start()
    s.rpc("getIdentification")
    s.config("[program:p]\n" + IDLE + "[program:q]\n" + IDLE, supervisord="identifier=second\nloglevel=critical",
             base=BASE.replace("childlogdir={dir}", "childlogdir={dir}/logs"))
    s.rpc("reloadConfig")
    s.rpc("getIdentification")
    s.rpc("addProcessGroup", "q")
    s.rpc("startProcess", "q")
    s.observe("automatic logs", sorted(p.name.partition("-std")[2].rpartition("-")[0] for p in (s.dir / "logs").glob("q-*")))
    s.log("spawned")
