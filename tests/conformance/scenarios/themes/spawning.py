"""From a section to a process: command, names, user, directory, descriptors."""

import os

from product import PYTHON
from scenario import needs_root, scenario

# Runs once, without waiting for anything.
ONCE = "startsecs=0\nautorestart=false\n"


def once(name, command, more=""):
    """A program that writes its output to <name>.log and ends."""
    return f"[program:{name}]\ncommand={command}\n{ONCE}redirect_stderr=true\nstdout_logfile={{dir}}/{name}.log\n{more}"


def all_end(s, *names):
    for name in names:
        s.until_state(name, "EXITED")


@scenario
def words_of_a_command(s):
    """Spaces, quotes, backslashes, and what a shell would do but nobody does here."""
    dump = f"{PYTHON} -c 'import sys; print(sys.argv[1:])' "
    commands = {
        "spaces": "a  b\tc", "quotes": "\"b c\" 'd e'", "joined": "a\"b\"c d=\"e f\"", "empty": "\"\" '' x",
        "backslash": r"a\ b c\nd", "inner": r'"a\"b" "a\\b" "a\nb"', "single": r"'a\b' 'a\\b'",
        "shell": "$HOME ~ * a;b a|b &", "hash": "a#b", "lines": "a\n  b\n  c", "percent": "100%% %%d",
    }
    s.config("".join(once(name, dump + words) for name, words in commands.items()))
    s.start()
    all_end(s, *commands)
    for name in commands:
        s.content(f"{name}.log")


@scenario
def a_command_is_looked_for_in_the_path(s):
    """The PATH of the program, of [supervisord], of the daemon; the first file there is decides."""
    for folder in ("one", "two", "three"):
        s.write(f"{folder}/tool", f"#!/bin/sh\necho {folder}\n", 0o755)
    s.write("data/tool", "not a program\n")
    s.config(once("daemon", "tool") + once("own", "tool", "environment=PATH=\"{dir}/two:/bin\"\n")
             + "[program:shadowed]\ncommand=tool\nstartretries=0\nenvironment=PATH=\"{dir}/data:{dir}/two\"\n"
             + "[program:absent]\ncommand=tool\nstartretries=0\nenvironment=PATH=\"/nowhere\"\n",
             supervisord="environment=PATH=\"{dir}/one:/bin\"")
    s.start()
    all_end(s, "daemon", "own")
    s.content("daemon.log")
    s.content("own.log")
    for name in ("shadowed", "absent"):
        s.until_state(name, "FATAL")
        s.rpc("getProcessInfo", name)


@scenario
def a_relative_command_belongs_to_the_daemon(s):
    """A command with a slash is found from the daemon's directory."""
    s.write("bin/tool", "#!/bin/sh\npwd\n", 0o755)
    s.write("sub/keep", "")
    s.config(once("here", "bin/tool") + "[program:away]\ncommand=tool/x\nstartretries=0\ndirectory={dir}/bin\n")
    s.start()
    all_end(s, "here")
    s.content("here.log")
    s.until_state("away", "FATAL")
    s.rpc("getProcessInfo", "away")


@scenario
def the_first_word_stays_as_written(s):
    """argv[0] is not the path that was found."""
    s.config(once("zero", "sh -c 'echo $0; tr \"\\\\0\" \" \" < /proc/$$/cmdline'"))
    s.start()
    all_end(s, "zero")
    s.content("zero.log")


@scenario
def numbers_of_processes(s):
    """numprocs, numprocs_start, width of the number; spawned in the order of their names."""
    s.config(once("n", "/bin/echo %(process_num)d of %(numprocs)d as %(program_name)s-%(process_num)03d",
                  "numprocs=11\nprocess_name=n_%(process_num)d\n")
             .replace("{dir}/n.log", "{dir}/n_%(process_num)d.log")
             + once("back", "/bin/echo %(process_num)d", "numprocs=2\nnumprocs_start=-1\n"
                    "process_name=%(group_name)s%(process_num)+d\n").replace("back.log", "%(process_num)d.log"))
    s.start()
    all_end(s, *(f"n:n_{i}" for i in range(11)), "back:back-1", "back:back+0")
    s.log("spawned")
    s.rpc("getAllProcessInfo")
    for name in ("n_0", "n_10", "-1", "0"):
        s.content(f"{name}.log")


@scenario
def one_process_with_another_name(s):
    """process_name without numprocs; the group keeps the program's name."""
    s.config(once("p", "/bin/echo %(program_name)s %(group_name)s", "process_name=web_%(program_name)s\n"))
    s.start()
    all_end(s, "p:web_p")
    s.content("p.log")
    s.states()
    s.ctl("status", "p:web_p")
    s.rpc("getProcessInfo", "p")


@scenario
def programs_without_processes(s):
    """numprocs=0 and less: a group with nothing in it."""
    s.config("[program:none]\ncommand=/bin/cat\nnumprocs=0\n[program:less]\ncommand=/bin/cat\nnumprocs=-1\n"
             + once("one", "/bin/true"))
    s.start()
    all_end(s, "one")
    s.states()
    s.rpc("startProcessGroup", "none")
    s.rpc("stopProcessGroup", "less")
    s.rpc("getAllConfigInfo")
    s.rpc("removeProcessGroup", "none")
    s.rpc("addProcessGroup", "none")
    s.end()


@scenario
def names_with_odd_characters(s):
    """Brackets, percent signs, stars and letters of other alphabets are fine in names."""
    names = ["a*b", "[x]", "50%", "gr\u00f6\u00dfe", "a.b-c+d"]
    s.config("".join(f"[program:{name}]\ncommand=/bin/echo %(program_name)s\n{ONCE}stdout_logfile={{dir}}/{i}.log\n"
                     for i, name in enumerate(names)))
    s.start()
    all_end(s, *names)
    for i in range(len(names)):
        s.content(f"{i}.log")
    s.states()
    s.ctl("status")


@scenario
def a_program_has_its_own_process_group(s):
    """Group leader in the daemon's session; the parent is the daemon."""
    s.config(once("ids", f"{PYTHON} -c 'import os; print(os.getpgrp() == os.getpid(), os.getsid(0) == os.getsid("
                         "os.getppid()), os.getppid() == int(open(\"{dir}/supervisord.pid\").read()))'"))
    s.start()
    all_end(s, "ids")
    s.content("ids.log")


@scenario
def a_program_has_three_descriptors(s):
    """Three pipes and nothing else; with redirect_stderr two of them are one."""
    look = "/bin/sh -c 'cd /proc/$$/fd; for f in *; do readlink $f; done | sed s/[0-9][0-9]*/N/; ls'"
    s.config(once("three", look) + once("two", "/bin/sh -c 'test /proc/$$/fd/1 -ef /proc/$$/fd/2 && echo same'"))
    s.start()
    all_end(s, "three", "two")
    s.content("three.log")
    s.content("two.log")


@scenario
def standard_input_stays_open(s):
    """A pipe without end, until the program is stopped."""
    s.config("[program:reader]\ncommand=/bin/sh -c 'read line; echo got $line; read line; echo end'\n"
             "startsecs=0\nstdout_logfile={dir}/r.log\nautorestart=false\n")
    s.start()
    s.until_state("reader", "RUNNING")
    s.rpc("sendProcessStdin", "reader", "one\n")
    s.until_file("r.log", "got one")
    s.states()
    s.rpc("stopProcess", "reader")
    s.content("r.log")


@scenario
def a_program_that_closed_its_input(s):
    """Text for it is NO_FILE."""
    s.config("[program:deaf]\ncommand=/bin/sh -c 'exec 0<&-; echo closed; exec sleep 1000'\nstartsecs=0\n"
             "stdout_logfile={dir}/d.log\n")
    s.start()
    s.until_file("d.log", "closed")
    s.rpc("sendProcessStdin", "deaf", "anybody?\n")
    s.states()


@scenario
def masks_of_files(s):
    """umask= of the program; without, the daemon's own."""
    s.config(once("own", "/bin/sh -c 'umask; touch {dir}/made'", "umask=077\n") + once("daemons", "/bin/sh -c umask"))
    s.start()
    all_end(s, "own", "daemons")
    s.content("own.log")
    s.content("daemons.log")
    s.mode("made")


@scenario
@needs_root
def a_program_of_another_user(s):
    """user=: ids and groups change, HOME and USER do not."""
    s.config(once("nobody", "/bin/sh -c 'id -u; id -g; id -G; echo $HOME $USER'", "user=nobody\n")
             + once("number", "/bin/sh -c 'id -u; id -G'", "user=1\n"))
    s.start(environment={"USER": "me"})
    all_end(s, "nobody", "number")
    s.content("nobody.log")
    s.content("number.log")
    s.mode("nobody.log")


@scenario
def limits_are_raised_for_programs(s):
    """minfds raises the soft limit of descriptors."""
    s.config(once("limit", "/bin/sh -c 'ulimit -Sn'"), supervisord="minfds=1500")
    s.start_with_limits(nofile=(1100, 4096))
    all_end(s, "limit")
    s.content("limit.log")
    s.log("RLIMIT")


@scenario
def limits_are_never_lowered(s):
    """A smaller minfds leaves the limit alone."""
    s.config(once("limit", "/bin/sh -c 'ulimit -Sn'"), supervisord="minfds=100")
    s.start_with_limits(nofile=(1100, 4096))
    all_end(s, "limit")
    s.content("limit.log")
    s.log("RLIMIT")


@scenario
def a_directory_is_not_expanded(s):
    """A tilde is a name like another."""
    s.write("~/keep", "")
    s.config(once("tilde", "/bin/pwd", "directory=~\n"))
    s.start()
    all_end(s, "tilde")
    s.content("tilde.log")


@scenario
def a_directory_that_is_missing(s):
    """What clients see when the directory cannot be entered, and what the log file holds."""
    s.config("[program:lost]\ncommand=/bin/echo x\ndirectory={dir}/nowhere\nstartretries=0\n"
             "redirect_stderr=true\nstdout_logfile={dir}/lost.log\n")
    s.start()
    s.until_state("lost", "FATAL")
    s.content("lost.log")
    s.log("gave up")


@scenario
def scripts_that_cannot_be_interpreted(s):
    """No first line, and an interpreter that is not there."""
    s.write("plain", "echo x\n", 0o755)
    s.write("orphan", "#!/nowhere/sh\necho x\n", 0o755)
    s.config("".join(f"[program:{name}]\ncommand={{dir}}/{name}\nstartretries=0\nstderr_logfile={{dir}}/{name}.log\n"
                     for name in ("plain", "orphan")))
    s.start()
    for name in ("plain", "orphan"):
        s.until_state(name, "FATAL")
        s.content(f"{name}.log")
    s.log("gave up", ordered=False)


@scenario
def a_log_file_that_cannot_be_opened(s):
    """A directory in its place is a spawn error."""
    os.mkdir(s.dir / "folder")
    s.config("[program:p]\ncommand=/bin/echo x\nstartretries=0\nstdout_logfile={dir}/folder\n")
    s.start()
    s.until_state("p", "FATAL")
    s.rpc("getProcessInfo", "p")
    s.log("spawnerr|gave up")
