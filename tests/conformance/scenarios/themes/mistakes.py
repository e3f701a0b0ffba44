"""Configurations and command lines that are refused: texts and exit statuses.

Each entry is one rule: its name, a whole configuration, and the arguments behind -n. {dir} is the
scenario's directory. Exactly one mistake each: of several the reference prints the first, ours all."""

from scenario import register

TOGETHER = True  # one ctest for the whole theme: each scenario lasts a fraction of a second

SYNTAX = [
    ("text before the first header", "hello\n"),
    ("an option before the first header", "nodaemon=true\n[supervisord]\n"),
    ("an unclosed header before any other", "[supervisord\n"),
    ("an empty header as first line", "[]\n[supervisord]\n"),
    ("an empty header later", "[supervisord]\n[]\n"),
    ("lines without delimiter are named together", "[supervisord]\nfirst\nnodaemon=true\nsecond\n"),
    ("a line number of two digits", "[supervisord]\n" + "\n" * 9 + "first\n"),
    ("an empty key", "[supervisord]\n=1\n"),
    ("a comment that leaves half a line", "[supervisord]\nuser ;name = root\n"),
    ("a quote in the line", "[supervisord]\nit's\n"),
    ("both quotes in the line", "[supervisord]\nit's \"so\"\n"),
    ("a tab, a backslash and letters in the line", "[supervisord]\na\tb\\c\u00e9\u0001\n"),
    ("a last line without its end", "[supervisord]\nlast"),
    ("a byte order mark", "\ufeff[supervisord]\n"),
    ("bytes that are not UTF-8", b"[supervisord]\n# caf\xe9 \n"),
    ("a byte that cannot begin a character", b"[supervisord]\n#\xff\n"),
    ("an empty file", ""),
    ("only comments", "# nothing\n; at all\n"),
    ("no supervisord section", "[program:a]\ncommand=/bin/cat\n"),
    ("the supervisord section is spelled in lower case", "[Supervisord]\n"),
]

DAEMON = [
    ("numbers are decimal", "[supervisord]\nminfds=0x10\n"),
    ("an empty number", "[supervisord]\nminprocs=\n"),
    ("a number with two underscores", "[supervisord]\nlogfile_backups=1__0\n"),
    ("masks are octal", "[supervisord]\numask=8\n"),
    ("directories exist", "[supervisord]\ndirectory={dir}/nowhere\n"),
    ("an empty directory", "[supervisord]\nchildlogdir=\n"),
    ("a log file's directory exists", "[supervisord]\nlogfile={dir}/nowhere/x.log\n"),
    ("a pid file's directory exists", "[supervisord]\npidfile=nowhere/x.pid\n"),
    ("sizes have three suffixes", "[supervisord]\nlogfile_maxbytes=1TB\n"),
    ("sizes are whole", "[supervisord]\nlogfile_maxbytes=1.5MB\n"),
    ("a suffix alone is no size", "[supervisord]\nlogfile_maxbytes=KB\n"),
    ("levels have seven names", "[supervisord]\nloglevel=Warning\n"),
    ("booleans have eight spellings", "[supervisord]\nnodaemon=Enabled\n"),
    ("an empty boolean", "[supervisord]\nstrip_ansi=\n"),
    ("an environment without value", "[supervisord]\nenvironment=A=1,B\n"),
    ("an environment with an open quote", "[supervisord]\nenvironment=A=\"1\n"),
    ("an environment cut by a comment", "[supervisord]\nenvironment=A=\"a #b\"\n"),
    ("an unknown user", "[supervisord]\nuser=nosuchuser\n"),
    ("an unknown user number", "[supervisord]\nuser=987654\n"),
    ("a user with a group", "[supervisord]\nuser=nobody:nogroup\n"),
    ("more descriptors than the system has", "[supervisord]\nlogfile={dir}/l\npidfile={dir}/p\nminfds=2147483647\n"),
]

EXPANSION = [
    ("an unknown name", "[supervisord]\nidentifier=%(nope)s\n"),
    ("an unknown variable", "[supervisord]\nidentifier=%(ENV_NOPE)s\n"),
    ("a name that belongs elsewhere", "[supervisord]\nlogfile=%(program_name)s\n"),
    ("names are case sensitive", "[supervisord]\nidentifier=%(HERE)s\n"),
    ("a lonely percent sign", "[supervisord]\nidentifier=100%\n"),
    ("a name that is not closed", "[supervisord]\nidentifier=%(here\n"),
    ("an unknown conversion", "[supervisord]\nidentifier=%(here)q\n"),
    ("a conversion that is a percent sign", "[supervisord]\nidentifier=a%5%\n"),
    ("a text as number", "[supervisord]\nidentifier=%(here)d\n"),
    ("a text as hexadecimal number", "[supervisord]\nidentifier=%(here)x\n"),
    ("a percent sign in prose", "[supervisord]\nidentifier=50% off\n"),
    ("a password with a percent sign",
     "[supervisord]\n[inet_http_server]\nport=127.0.0.1:19001\nusername=u\npassword=a%b\n"),
    ("an own variable in the same list", "[supervisord]\n[program:a]\ncommand=x\nenvironment=A=\"%(ENV_A)s\"\n"),
    ("an own variable in a key of the section",
     "[supervisord]\n[program:a]\ncommand=x\nenvironment=A=\"1\"\nstartsecs=%(ENV_A)s\n"),
    ("an own variable of another program",
     "[supervisord]\n[program:a]\ncommand=x\nenvironment=A=\"1\"\n[program:b]\ncommand=%(ENV_A)s\n"),
    ("the first priority knows no program", "[supervisord]\n[program:a]\ncommand=x\npriority=%(program_name)s\n"),
    ("keys of the section know no number", "[supervisord]\n[program:a]\ncommand=x\nstartsecs=%(process_num)d\n"),
    ("log files are expanded twice", "[supervisord]\n[program:a]\ncommand=x\nstdout_logfile={dir}/50%%.log\n"),
    ("an escaped here in a file that includes",
     "[supervisord]\n[include]\nfiles=x\n[program:a]\ncommand=%%(here)s\n"),
    ("includes know only the system's variables",
     "[supervisord]\nenvironment=A=\"1\"\n[include]\nfiles=%(ENV_A)s\n"),
]

PROGRAM = [
    ("a program without command", "[program:a]\nautostart=true\n"),
    ("a program's name has no space", "[program:a b]\ncommand=x\n"),
    ("a program's name has no slash", "[program:a/b]\ncommand=x\n"),
    ("a process's name has no colon", "[program:a]\ncommand=x\nprocess_name=a:b\n"),
    ("several processes need a number", "[program:a]\ncommand=x\nnumprocs=2\n"),
    ("a priority has no place", "[program:a]\ncommand=x\npriority=high\n"),
    ("seconds are numbers", "[program:a]\ncommand=x\nstartsecs=1s\n"),
    ("autostart is a boolean", "[program:a]\ncommand=x\nautostart=maybe\n"),
    ("autorestart has a third value", "[program:a]\ncommand=x\nautorestart=Always\n"),
    ("exit codes end at 255", "[program:a]\ncommand=x\nexitcodes=0,256\n"),
    ("exit codes are separated by commas", "[program:a]\ncommand=x\nexitcodes=0 2\n"),
    ("a list of exit codes has no end comma", "[program:a]\ncommand=x\nexitcodes=0,\n"),
    ("signals have names", "[program:a]\ncommand=x\nstopsignal=TERMINATE\n"),
    ("signals have numbers", "[program:a]\ncommand=x\nstopsignal=99\n"),
    ("real-time signals have no offset", "[program:a]\ncommand=x\nstopsignal=RTMIN+1\n"),
    ("a group stop implies a group kill", "[program:a]\ncommand=x\nstopasgroup=true\nkillasgroup=false\n"),
    ("a program's mask is octal", "[program:a]\ncommand=x\numask=0x12\n"),
    ("a program's user exists", "[program:a]\ncommand=x\nuser=nosuchuser\n"),
    ("a program's log directory exists", "[program:a]\ncommand=x\nstdout_logfile={dir}/nowhere/x\n"),
    ("a redirected log's directory exists",
     "[program:a]\ncommand=x\nredirect_stderr=true\nstderr_logfile={dir}/nowhere/x\n"),
    ("capture sizes are sizes", "[program:a]\ncommand=x\nstdout_capture_maxbytes=10k\n"),
    ("log sizes are per process", "[program:a]\ncommand=x\nstderr_logfile_maxbytes=lots\n"),
    ("an environment is checked", "[program:a]\ncommand=x\nenvironment=A=1 B=2\n"),
    ("defaults of all sections are checked", "[DEFAULT]\nstartsecs=x\n[program:a]\ncommand=x\n"),
]

GROUP = [
    ("an unknown member", "[group:g]\nprograms=a,b\n[program:a]\ncommand=x\n"),
    ("members are separated by commas", "[group:g]\nprograms=a b\n[program:a]\ncommand=x\n[program:b]\ncommand=x\n"),
    ("a comma at the end", "[group:g]\nprograms=a,\n[program:a]\ncommand=x\n"),
    ("a listener is no member", "[group:g]\nprograms=l\n[eventlistener:l]\ncommand=x\nevents=TICK\n"),
    ("an ambiguous member",
     "[group:g]\nprograms=a\n[program:a]\ncommand=x\n[fcgi-program:a]\ncommand=x\nsocket=unix:///x\n"),
    ("a group's name has no space", "[group:g h]\nprograms=a\n[program:a]\ncommand=x\n"),
    ("a group's priority", "[group:g]\nprograms=a\npriority=x\n[program:a]\ncommand=x\n"),
    ("a member's mistake names its section", "[group:g]\nprograms=a\n[program:a]\ncommand=x\nstartsecs=x\n"),
]

LISTENER = [
    ("a listener without events", "[eventlistener:l]\ncommand=x\n"),
    ("an unknown event", "[eventlistener:l]\ncommand=x\nevents=TICK_5,Tick_7\n"),
    ("a comma behind the events", "[eventlistener:l]\ncommand=x\nevents=TICK_5,\n"),
    ("a buffer of nothing", "[eventlistener:l]\ncommand=x\nevents=TICK\nbuffer_size=0\n"),
    ("a listener with redirected errors", "[eventlistener:l]\ncommand=x\nevents=TICK\nredirect_stderr=true\n"),
    ("a listener without command", "[eventlistener:l]\nevents=TICK\n"),
    ("a listener's name", "[eventlistener:a b]\ncommand=x\nevents=TICK\n"),
    ("a result handler of Python", "[eventlistener:l]\ncommand=x\nevents=TICK\nresult_handler=nosuch.module:f\n"),
]

FCGI = [
    ("a socket is needed", "[fcgi-program:f]\ncommand=x\n"),
    ("a socket's path is absolute", "[fcgi-program:f]\ncommand=x\nsocket=unix://x.sock\n"),
    ("a socket has one of two schemes", "[fcgi-program:f]\ncommand=x\nsocket=udp://h:1\n"),
    ("a port has a lower bound", "[fcgi-program:f]\ncommand=x\nsocket=tcp://h:0\n"),
    ("a port has an upper bound", "[fcgi-program:f]\ncommand=x\nsocket=tcp://h:70000\n"),
    ("an owner exists", "[fcgi-program:f]\ncommand=x\nsocket=unix:///x\nsocket_owner=nosuchuser\n"),
    ("a mode is octal", "[fcgi-program:f]\ncommand=x\nsocket=unix:///x\nsocket_mode=9\n"),
    ("a port has no mode", "[fcgi-program:f]\ncommand=x\nsocket=tcp://h:1\nsocket_mode=0700\n"),
    ("a backlog is not empty", "[fcgi-program:f]\ncommand=x\nsocket=unix:///x\nsocket_backlog=0\n"),
]

SERVER = [
    ("a port is needed", "[inet_http_server]\nusername=u\npassword=p\n"),
    ("a port is a number", "[inet_http_server]\nport=9001x\n"),
    ("a port of zero", "[inet_http_server]\nport=0\n"),
    ("a host needs a port", "[inet_http_server]\nport=localhost:\n"),
    ("a host's port is a number", "[inet_http_server]\nport=localhost:x\n"),
    ("a host's port has bounds", "[inet_http_server]\nport=127.0.0.1:70000\n"),
    ("half credentials", "[inet_http_server]\nport=127.0.0.1:19001\nusername=u\n"),
    ("half credentials of a section with a name", "[unix_http_server:x]\nfile={dir}/s\npassword=p\n"),
    ("a file is needed", "[unix_http_server]\nchmod=0700\n"),
    ("a socket's mode is octal", "[unix_http_server]\nfile={dir}/s\nchmod=rwx\n"),
    ("a socket's owner exists", "[unix_http_server]\nfile={dir}/s\nchown=nosuchuser\n"),
    ("a socket's group exists", "[unix_http_server]\nfile={dir}/s\nchown=root:nosuchgroup\n"),
    ("an interface without factory", "[rpcinterface:x]\nname=value\n"),
    ("an interface of Python", "[rpcinterface:x]\nsupervisor.rpcinterface_factory=nosuch.module:f\n"),
    ("a socket's directory is missing", "[unix_http_server]\nfile={dir}/nowhere/s\n"),
    ("a socket's path is too long", "[unix_http_server]\nfile={dir}/" + "x" * 150 + "\n"),
    ("an address of another machine", "[inet_http_server]\nport=192.0.2.1:19001\nusername=u\npassword=p\n"),
]

COMMAND_LINE = [
    ("an unknown letter", None, "-x"),
    ("an unknown word", None, "--nosuch"),
    ("an ambiguous beginning", None, "--no"),
    ("a missing value", None, "-c"),
    ("an unwanted value", None, "--nodaemon=1"),
    ("an option twice", None, "-n"),
    ("a bad level", None, "-e", "loud"),
    ("a bad level behind the long name", None, "--loglevel=loud"),
    ("a bad number", None, "-a", "many"),
    ("a bad mask", None, "-m", "9"),
    ("a bad size", None, "-y", "1TB"),
    ("a directory that is not there", None, "-d", "{dir}/nowhere"),
    ("a log file without directory", None, "--logfile", "{dir}/nowhere/x"),
    ("words that belong to nothing", None, "foo", "bar"),
    ("the whole line is checked first", None, "-v", "-x"),
    ("the version wins over later values", None, "-v", "-e", "loud"),
    ("a file that is not there", None, "-c", "nowhere.conf"),
    ("a directory as file", None, "-c", "{dir}"),
    ("a user that is not there", "[supervisord]\n", "-u", "nosuchuser"),
    ("the file is checked although the line overrides it", "[supervisord]\nloglevel=loud\n", "-e", "info"),
]


def refuse(theme_name, text, arguments):
    def performed(s):
        if text is not None:
            s.write("supervisord.conf", text)
            s.run_to_end("-n", *(a.replace("{dir}", str(s.dir)) for a in arguments))
        else:
            s.run_to_end("-n", *(a.replace("{dir}", str(s.dir)) for a in arguments), config=False)
    performed.__doc__ = theme_name
    return performed


def register_all():
    for table in (SYNTAX, DAEMON, EXPANSION, PROGRAM, GROUP, LISTENER, FCGI, SERVER, COMMAND_LINE):
        for name, text, *arguments in table:
            # What no entry of a table is about, every configuration needs.
            if table in (PROGRAM, GROUP, LISTENER, FCGI, SERVER):
                text = "[supervisord]\nlogfile={dir}/l\npidfile={dir}/p\n" + text
            register("mistakes", name.replace(" ", "_").replace("-", "_"), refuse(name, text, arguments))


register_all()


def included(name, files, text="[supervisord]\n[include]\nfiles=inc/*.conf\n"):
    """A mistake in a file that another includes."""
    def performed(s):
        s.write("supervisord.conf", text)
        for path, content in files.items():
            s.write(path, content)
        s.run_to_end("-n")
    performed.__doc__ = name
    register("mistakes", name.replace(" ", "_"), performed)


included("an include without files", {}, "[supervisord]\n[include]\n")
included("an included file without header", {"inc/a.conf": "hello\n"})
included("an included file with a bad line", {"inc/a.conf": "[program:a]\ncommand=x\nhello\n"})
included("an included file that is not UTF-8", {"inc/a.conf": b"[program:a]\ncommand=\xff\n"})
included("a mistake in an included file", {"inc/a.conf": "[program:a]\ncommand=x\nstartsecs=x\n"})
included("a section is where it was begun",
         {"inc/a.conf": "[program:a]\ncommand=x\n", "inc/b.conf": "[program:a]\nstartsecs=x\n"})
included("here is the included file's directory",
         {"inc/a.conf": "[program:a]\ncommand=x\nstdout_logfile=%(here)s/nowhere/x\n"})
