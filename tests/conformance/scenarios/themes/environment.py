"""What a program is born with: variables, directory, umask, descriptors."""

from product import BASE
from scenario import scenario

ONCE = "startsecs=0\nautorestart=false\n"


def show(name, pattern, more=""):
    """A program that writes its variables to <name>.log."""
    return (f"[program:{name}]\ncommand=/bin/sh -c 'env | grep -E \"^({pattern})=\" | sort'\n{ONCE}"
            f"stdout_logfile={{dir}}/{name}.log\n{more}")


def shown(s, *names):
    for name in names:
        s.until_state(name, "EXITED")
        s.content(f"{name}.log")


@scenario
def variables_of_a_program(s):
    """SUPERVISOR_*, both environment= lists, nothing removed."""
    s.config("[program:env]\ncommand=/bin/sh -c 'env | grep -E \"^(SUPERVISOR|A_|B_|C_)\" | sort; exec sleep 1000'\n"
             "stdout_logfile={dir}/env.log\nenvironment=B_TWO=\"program\",C_THREE='with space'\n",
             supervisord="environment=A_ONE=1,B_TWO=daemon")
    s.start(environment={"A_ZERO": "inherited"})
    s.until_state("env", "RUNNING")
    s.content("env.log")
    s.end()


@scenario
def directory_and_umask_of_a_program(s):
    """directory= and umask=."""
    s.write("sub/keep", "")
    s.config("[program:p]\ncommand=/bin/sh -c 'pwd; umask; exec sleep 1000'\n"
             "stdout_logfile={dir}/p.log\ndirectory={dir}/sub\numask=027\n")
    s.start()
    s.until_state("p", "RUNNING")
    s.content("p.log")
    s.end()


@scenario
def expansions_in_commands(s):
    """here, program_name, process_num, group_name, ENV_X, percent signs."""
    s.config("[program:p]\ncommand=/bin/echo %(here)s %(program_name)s %(process_num)02d %(group_name)s %(ENV_FOO)s 100%% %(numprocs)d\n"
             "process_name=%(program_name)s_%(process_num)d\nnumprocs=2\nnumprocs_start=7\nstartsecs=0\nautorestart=false\n"
             "stdout_logfile={dir}/%(program_name)s_%(process_num)d.log\n")
    s.start(environment={"FOO": "bar"})
    s.until_state("p:p_7", "EXITED")
    s.until_state("p:p_8", "EXITED")
    s.content("p_7.log")
    s.content("p_8.log")
    s.end()


@scenario
def conversions_of_numbers(s):
    """Width, flags, bases."""
    s.config("[program:p]\ncommand=/bin/echo %(process_num)03d %(process_num)+d %(process_num)-4d| %(process_num)x %(process_num)#o "
             "%(process_num).2f %(process_num)s %(program_name)r %(program_name)-5s| %(program_name)5s\n"
             "process_name=%(process_num)d\nnumprocs_start=10\n" + ONCE + "stdout_logfile={dir}/p.log\n")
    s.start()
    s.until_state("p:10", "EXITED")
    s.content("p.log")


@scenario
def values_with_quotes_and_separators(s):
    """environment=: quotes, commas, spaces, equal signs, several lines."""
    s.config(show("p", "[A-Z]", "environment=A=\"a,b\",B='c d',C=\"e=f\",\n  D=/g:h-i.j,\n  E=\"\",F=\"it's\",G='say \"x\" now'\n"
                  "  ,H=\"50%%\",I=(x)+y\n"))
    s.start()
    shown(s, "p")


@scenario
def own_variables_in_keys_of_a_process(s):
    """A program's environment can be used in its command, directory and log file."""
    s.write("one/keep", "")
    s.config("[program:p]\nenvironment=WHERE=\"one\",WHAT=\"%(program_name)s\"\ncommand=/bin/echo %(ENV_WHAT)s in %(ENV_WHERE)s\n"
             "directory={dir}/%(ENV_WHERE)s\nstdout_logfile={dir}/%(ENV_WHERE)s/out.log\n" + ONCE)
    s.start()
    s.until_state("p", "EXITED")
    s.content("one/out.log")


@scenario
def common_variables_in_programs(s):
    """%(ENV_X)s of [supervisord] environment; the program's own wins."""
    s.config("[program:p]\ncommand=/bin/echo %(ENV_A)s %(ENV_B)s\nenvironment=B=\"p%(ENV_B)s\"\n" + ONCE
             + "stdout_logfile={dir}/p.log\n", supervisord="environment=A=\"1\",B=\"2\"")
    s.start(environment={"B": "outside"})
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def variables_that_are_ours(s):
    """SUPERVISOR_* can be overridden by both lists; old ones are replaced."""
    s.config(show("p", "SUPERVISOR_.*", "environment=SUPERVISOR_GROUP_NAME=\"mine\"\n"),
             supervisord="environment=SUPERVISOR_ENABLED=\"no\"")
    s.start(environment={"SUPERVISOR_PROCESS_NAME": "old", "SUPERVISOR_OTHER": "kept"})
    shown(s, "p")


@scenario
def variables_of_each_number(s):
    """environment= is expanded for each process."""
    s.config(show("p", "N|PATH", "numprocs=2\nprocess_name=p%(process_num)d\nenvironment=N=\"%(process_num)d of %(numprocs)d\","
                  "PATH=\"/opt:%(ENV_PATH)s\"\n").replace("p.log", "p%(process_num)d.log"))
    s.start()
    for number in range(2):
        s.until_state(f"p:p{number}", "EXITED")
        s.content(f"p{number}.log")


@scenario
def percent_signs_of_the_environment(s):
    """A variable's text is not expanded again."""
    s.config("[program:p]\ncommand=/bin/echo %(ENV_ODD)s\n" + ONCE + "stdout_logfile={dir}/p.log\n" + show("q", "ODD"))
    s.start(environment={"ODD": "100%(here)s %d %%"})
    s.until_state("p", "EXITED")
    s.content("p.log")
    shown(s, "q")


@scenario
def percent_signs_in_log_files(s):
    """A log file's name is expanded twice."""
    s.config("[program:p]\ncommand=/bin/echo x\n" + ONCE + "stdout_logfile={dir}/100%%%%.log\n"
             "[program:q]\ncommand=/bin/echo y\n" + ONCE + "stdout_logfile={dir}/%%(program_name)s.log\n")
    s.start()
    s.until_state("p", "EXITED")
    s.until_state("q", "EXITED")
    s.listing("*.log")
    s.content("100%.log")
    s.content("q.log")


@scenario
def here_in_included_files(s):
    """The directory of the file it is written in."""
    s.write("inc/a.conf", "[program:a]\ncommand=/bin/echo %(here)s\n" + ONCE + "stdout_logfile=%(here)s/a.log\n")
    s.config("[include]\nfiles=%(here)s/inc/*.conf\n[program:b]\ncommand=/bin/echo %(here)s\n" + ONCE
             + "stdout_logfile=%(here)s/b.log\n")
    s.start()
    s.until_state("a", "EXITED")
    s.until_state("b", "EXITED")
    s.content("inc/a.log")
    s.content("b.log")


@scenario
def sections_in_several_files(s):
    """Sections are merged, later keys win, [supervisord] as well."""
    s.write("inc/a.conf", "[program:p]\ncommand=/bin/echo from a\n[supervisord]\nidentifier=included\n")
    s.write("inc/b.conf", "[program:p]\nstdout_logfile={dir}/p.log\n[include]\nfiles=never/*\n")
    s.config("[program:p]\ncommand=/bin/echo from main\n" + ONCE + "[include]\nfiles=inc/*\n",
             supervisord="identifier=main")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.rpc("getIdentification")
    s.log("ncluded")


@scenario
def the_name_of_the_node(s):
    """host_node_name in keys of programs."""
    s.config("[program:p]\ncommand=/bin/sh -c 'test %(host_node_name)s = $(uname -n) && echo same'\n" + ONCE
             + "stdout_logfile={dir}/p.log\n")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")


@scenario
def comments_inside_values(s):
    """What a comment cuts, and what it does not."""
    s.config("[program:p]\ncommand=/bin/echo a;b c#d ;e\n" + ONCE + "stdout_logfile={dir}/p.log ; where\n"
             "[program:q]\ncommand=/bin/echo one\n  ; between\n  two\n\n  three\n" + ONCE + "stdout_logfile={dir}/q.log\n")
    s.start()
    s.until_state("p", "EXITED")
    s.until_state("q", "EXITED")
    s.content("p.log")
    s.content("q.log")


@scenario
def defaults_of_all_sections(s):
    """[DEFAULT] and repeated sections."""
    s.config("[DEFAULT]\nstartsecs=0\nautorestart=false\ncommand=/bin/echo common\n"
             "[program:p]\nstdout_logfile={dir}/p.log\n[program:q]\nstdout_logfile={dir}/wrong.log\n"
             "[program:q]\nSTDOUT_LOGFILE : {dir}/q.log\n",
             base=BASE.partition("[rpcinterface")[0])  # its keys would be arguments of the interface
    s.start(wait=False)
    for name in "pq":
        s.until_log(f"exited: {name}")
    s.content("p.log")
    s.content("q.log")
    s.listing("*.log")
