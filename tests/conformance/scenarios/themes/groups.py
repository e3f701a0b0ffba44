"""Groups: members, names, order at start, stop and shutdown."""

from scenario import scenario

SLEEP = "command=/bin/sleep 1000\nstartsecs=0\n"
IDLE = SLEEP + "autostart=false\n"
# Members in an order that is neither that of names nor that of priorities.
MIXED = ("[group:g]\nprograms=m,z,a\n[program:a]\npriority=3\n{body}[program:m]\npriority=2\n{body}"
         "[program:z]\npriority=1\n{body}")


def running(s, *names):
    for name in names:
        s.until_state(name, "RUNNING")


@scenario
def members_start_in_the_order_of_the_list(s):
    """Their priorities do not matter when the daemon starts."""
    s.config(MIXED.replace("{body}", SLEEP))
    s.start()
    running(s, "g:a", "g:m", "g:z")
    s.log("spawned")
    s.states()
    s.rpc("getProcessInfo", "a")


@scenario
def members_are_started_on_request_by_priority(s):
    """startProcessGroup sorts by priority."""
    s.config(MIXED.replace("{body}", IDLE))
    s.start()
    s.rpc("startProcessGroup", "g", ordered=False)
    s.log("spawned")


@scenario
def members_that_run_are_left_out(s):
    """Starting and stopping a group concerns those it changes."""
    s.config(MIXED.replace("{body}", IDLE))
    s.start()
    s.rpc("startProcess", "g:m")
    s.rpc("startProcessGroup", "g", ordered=False)
    s.rpc("startProcessGroup", "g")
    s.rpc("stopProcess", "g:z")
    s.rpc("stopProcessGroup", "g", ordered=False)
    s.rpc("stopProcessGroup", "g")


@scenario
def failures_in_a_group_are_entries(s):
    """One that cannot be started does not keep others from it."""
    s.config("[group:g]\nprograms=a,b,c\n[program:a]\n" + IDLE + "[program:b]\ncommand=/no/such\nautostart=false\n"
             "[program:c]\ncommand=/bin/false\nautostart=false\nstartretries=0\n")
    s.start()
    s.rpc("startProcessGroup", "g", ordered=False)
    s.until_state("g:c", "FATAL")
    s.states()
    s.ctl("start", "g:b")


@scenario
def a_program_in_two_groups(s):
    """Is two processes; its own group does not exist."""
    s.config("[group:g]\nprograms=p\n[group:h]\nprograms=p\n"
             "[program:p]\ncommand=/bin/sh -c 'echo %(group_name)s; exec sleep 1000'\nstartsecs=0\n"
             "stdout_logfile={dir}/%(group_name)s.log\n")
    s.start()
    running(s, "g:p", "h:p")
    s.until_file("g.log", "g")
    s.until_file("h.log", "h")
    s.states()
    s.rpc("getProcessInfo", "p")
    s.rpc("stopProcess", "h:p")
    s.states()


@scenario
def a_group_of_several_numbers(s):
    """Members with numprocs, sorted among themselves."""
    s.config("[group:g]\nprograms=two,three\n[program:three]\nnumprocs=3\nprocess_name=c%(process_num)d\n" + SLEEP
             + "[program:two]\nnumprocs=2\nprocess_name=%(group_name)s%(process_num)d\n" + SLEEP)
    s.start()
    running(s, "g:c0", "g:c1", "g:c2", "g:g0", "g:g1")
    s.log("spawned")
    s.rpc("getAllConfigInfo")


@scenario
def a_group_without_members(s):
    """Is there, and has nothing to do."""
    s.config("[group:g]\n[group:h]\nprograms=\n[program:p]\n" + SLEEP)
    s.start()
    running(s, "p")
    for method in ("startProcessGroup", "stopProcessGroup", "removeProcessGroup", "addProcessGroup"):
        s.rpc(method, "g")
    s.ctl("status", "h:*")
    s.ctl("start", "h:*")
    s.end()


@scenario
def a_group_beats_a_program_of_its_name(s):
    """Two groups of one name: the program's is not created."""
    s.config("[program:a]\n" + SLEEP + "[group:a]\nprograms=b\n[program:b]\n" + SLEEP)
    s.start()
    running(s, "a:b")
    s.states()
    s.rpc("getProcessInfo", "a")


@scenario
def group_priorities_order_groups(s):
    """[group:x] priority, not that of members; ties by name."""
    s.config("[group:late]\nprograms=l\npriority=900\n[program:l]\npriority=1\n" + SLEEP
             + "[group:early]\nprograms=e\npriority=-10\n[program:e]\npriority=999\n" + SLEEP
             + "[program:b]\npriority=5\n" + SLEEP + "[program:a]\npriority=5\n" + SLEEP)
    s.start()
    running(s, "late:l", "early:e", "a", "b")
    s.log("spawned")
    s.rpc("stopAllProcesses", ordered=False)
    s.rpc("startAllProcesses", ordered=False)
    s.log("spawned")


@scenario
def groups_end_one_after_another(s):
    """The next group is signalled when the one before it is gone."""
    s.config("[program:first]\ncommand=/bin/sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'\nstartsecs=0\n"
             "stopwaitsecs=1\nkillasgroup=true\npriority=30\n[program:second]\npriority=20\n" + SLEEP
             + "[program:third]\npriority=10\n" + SLEEP, supervisord="loglevel=debug")
    s.start()
    running(s, "first", "second", "third")
    s.end()
    s.log_once("killing|stopped|waiting")


@scenario
def members_end_together(s):
    """All members get their signal at once, in descending order."""
    s.config("[group:g]\nprograms=m,z,a\n" + "".join(
        f"[program:{name}]\ncommand=/bin/sh -c 'trap \"\" TERM; while :; do sleep 0.1; done'\nstartsecs=0\n"
        f"stopwaitsecs=1\nkillasgroup=true\npriority={priority}\n" for name, priority in (("m", 2), ("z", 1), ("a", 3))),
             supervisord="loglevel=debug")
    s.start()
    running(s, "g:a", "g:m", "g:z")
    s.end()
    s.log(r"killing \w \(pid.*SIGTERM|waiting")


@scenario
def members_without_priorities_end_in_reverse(s):
    """n_9 ... n_10, n_1, n_0."""
    s.config("[program:n]\nnumprocs=12\nprocess_name=n_%(process_num)d\n" + SLEEP, supervisord="loglevel=debug")
    s.start()
    running(s, *(f"n:n_{i}" for i in range(12)))
    s.send(15)
    s.observe("exit status", s.wait())
    s.log("killing|waiting")


@scenario
def a_member_that_waits_for_a_retry_at_the_end(s):
    """BACKOFF does not hold up a shutdown."""
    s.config("[program:b]\ncommand=/bin/false\nstartretries=100\n[program:p]\n" + SLEEP)
    s.start()
    running(s, "p")
    s.until_log("exited: b", 2)
    s.until_state("b", "BACKOFF")
    s.end()
    s.log("waiting|stopped|gave up|received")


@scenario
def groups_by_their_names(s):
    """name:* and name: in RPC and client; methods that take no groups."""
    s.config(MIXED.replace("{body}", IDLE) + "[program:p]\n" + IDLE)
    s.start()
    s.rpc("startProcess", "g:*", ordered=False)
    s.rpc("stopProcess", "g:", ordered=False)
    s.rpc("startProcess", "p:p")
    s.rpc("stopProcess", "p:*")
    for method in ("getProcessInfo", "clearProcessLogs"):
        s.rpc(method, "g:*")
    s.rpc("startProcess", "g")
    s.rpc("startProcess", "g:nobody")
    s.rpc("startProcess", "nobody:a")
    s.rpc("startProcessGroup", "g:*")
    s.rpc("startProcess", "")
    s.rpc("startProcess", ":")
    s.rpc("startProcess", "g:a:b")
    s.ctl("status", "g:")


@scenario
def signals_to_groups(s):
    """signalProcessGroup and signalAllProcesses concern who runs."""
    s.config(MIXED.replace("{body}", IDLE) + "[program:p]\n" + SLEEP)
    s.start()
    running(s, "p")
    s.rpc("signalProcessGroup", "g", "CONT")
    s.rpc("startProcessGroup", "g", ordered=False)
    s.rpc("signalProcessGroup", "g", "CONT")
    s.rpc("signalProcessGroup", "g", "NOPE")
    s.rpc("signalProcess", "g:*", "CONT")
    s.rpc("stopProcess", "g:m")
    s.rpc("signalAllProcesses", "CONT")
    s.ctl("signal", "CONT", "g:*")
    s.ctl("signal", "CONT", "all")


@scenario
def a_section_whose_name_has_spaces_around(s):
    """[program: a ] is program a, but no group finds it."""
    s.config("[program: a ]\ncommand=/bin/sh -c 'echo %(program_name)s. %(group_name)s.; exec sleep 1000'\nstartsecs=0\n"
             "stdout_logfile={dir}/a.log\n")
    s.start()
    running(s, "a")
    s.until_file("a.log", "a")
    s.content("a.log")
    s.states()


@scenario
def everything_at_once(s):
    """startAllProcesses and stopAllProcesses: by group, then by member."""
    s.config(MIXED.replace("{body}", IDLE) + "[program:p]\npriority=1\n" + IDLE)
    s.start()
    s.rpc("startAllProcesses", ordered=False)
    s.log("spawned")
    s.rpc("startAllProcesses")
    s.rpc("stopAllProcesses", ordered=False)
    s.rpc("stopAllProcesses")
    s.rpc("startAllProcesses", False)
    s.ctl("stop", "p")
