"""What a program is born with: variables, directory, umask, descriptors."""

from scenario import scenario


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
    s.file("sub/keep", "")
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
