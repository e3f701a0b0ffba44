"""Options and settings of the daemon itself: background, files, servers, users."""

import os
import signal
import socket

from product import BASE
from scenario import needs_root, scenario

SLEEP = "[program:p]\ncommand=/bin/sleep 1000\nstartsecs=0\n"
ONCE = "startsecs=0\nautorestart=false\n"


@scenario
def in_the_background(s):
    """Without -n: exit status 0, own session, nothing on the terminal, the pid file."""
    s.config(SLEEP)
    s.start_in_background()
    s.until_state("p", "RUNNING")
    pid = s.process.pid
    s.observe("pid file", int((s.dir / "supervisord.pid").read_text()) == pid)
    s.observe("own session", os.getsid(pid) == pid)
    s.observe("descriptors", [os.readlink(f"/proc/{pid}/fd/{n}") for n in range(3)])
    s.observe("directory", os.readlink(f"/proc/{pid}/cwd"))
    s.send(signal.SIGTERM)
    s.observe("end", s.wait())
    s.log()
    s.listing("supervisord.pid")


@scenario
def mask_and_directory_in_the_background(s):
    """umask= and directory= apply there, and to programs."""
    s.write("sub/keep", "")
    s.config("[program:p]\ncommand=/bin/sh -c 'pwd; umask; touch made'\n" + ONCE + "stdout_logfile={dir}/p.log\n",
             supervisord="umask=027\ndirectory={dir}/sub")
    s.start_in_background()
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.mode("sub/made")
    s.mode("supervisord.pid")
    s.mode("supervisord.log")
    s.log("directory|daemon")


@scenario
def mask_and_directory_in_the_foreground(s):
    """umask= and directory= do not apply there."""
    s.write("sub/keep", "")
    s.config("[program:p]\ncommand=/bin/sh -c 'pwd; umask'\n" + ONCE + "stdout_logfile={dir}/p.log\n",
             supervisord="umask=077\ndirectory={dir}/sub")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.log("directory|daemon")


@scenario
def in_the_foreground_by_the_file(s):
    """nodaemon=true."""
    s.config("", supervisord="nodaemon=true\nlogfile_maxbytes=0")
    s.write("once", f"#!/bin/sh\nexec {s.binary} \"$2\" \"$3\"\n", 0o755)  # without -n
    s.binary = str(s.dir / "once")
    s.start()
    s.end()
    s.log("daemon|started")


@scenario
def options_of_the_background(s):
    """-d, -m, -j, -l on the command line."""
    s.write("sub/keep", "")
    s.config("[program:p]\ncommand=/bin/sh -c 'pwd; umask'\n" + ONCE + "stdout_logfile={dir}/p.log\n")
    s.start_in_background("-d", str(s.dir / "sub"), "-m", "0002", "-j", str(s.dir / "my.pid"), "-l", str(s.dir / "my.log"))
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.listing("*.pid")
    s.listing("*.log")
    s.mode("my.pid")
    s.send(signal.SIGTERM)
    s.observe("end", s.wait())
    s.listing("*.pid")


@scenario
def options_of_the_logs(s):
    """-e, -y, -z, -q, -t, -i and long names."""
    s.write("logs/keep", "")
    s.config("[program:p]\ncommand=/usr/bin/printf '\\\\033[31mred'\n" + ONCE)
    s.start("-e", "debug", "--logfile_maxbytes=1KB", "-z", "1", "-q", str(s.dir / "logs"), "-t", "--ident", "me")
    s.until_state("p", "EXITED")
    s.rpc("getIdentification")
    s.listing("logs/*")
    s.rpc("readProcessStdoutLog", "p", 0, 0)
    s.listing("supervisord.log*")


@scenario
def flags_of_the_command_line(s):
    """-s and -k."""
    s.write("p-stdout---supervisor-abcdefgh.log", "old\n")
    s.config(SLEEP)
    s.start("-sk")
    s.until_state("p", "RUNNING")
    s.listing("*abcdefgh*")
    s.end()
    s.observe("output", s.output())


@scenario
def numbers_of_the_command_line(s):
    """-a and --minprocs."""
    s.config("[program:p]\ncommand=/bin/sh -c 'ulimit -Sn'\n" + ONCE + "stdout_logfile={dir}/p.log\n")
    s.write("limited", f"#!/bin/sh\nulimit -Sn 512; ulimit -Hn 2048\nexec {s.binary} \"$@\" -a 1234 --minprocs 10\n", 0o755)
    s.binary = str(s.dir / "limited")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.log("RLIMIT")


@scenario
def helps(s):
    """-v, -h and -? end at once."""
    s.run_to_end("-v", config=False)
    s.run_to_end("--vers", config=False)
    s.run_to_end("-nv", config=False)
    for option in ("-h", "-?", "--help"):
        s.status_of(option)


@scenario
def a_pid_file_that_cannot_be_written(s):
    """Is told; the daemon goes on."""
    os.mkdir(s.dir / "folder")
    s.config(SLEEP, base=BASE.replace("pidfile={dir}/supervisord.pid", "pidfile={dir}/folder"))
    s.start()
    s.until_state("p", "RUNNING")
    s.log("pid")
    s.end()
    s.listing("folder")


@scenario
def a_pid_file_that_is_there(s):
    """Is overwritten."""
    s.write("supervisord.pid", "1\n")
    s.config(SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.observe("pid file", (s.dir / "supervisord.pid").read_text() == f"{s.process.pid}\n")
    s.mode("supervisord.pid")


@scenario
def the_socket_s_mode(s):
    """0700, or as chmod= says."""
    s.config(SLEEP + "[unix_http_server:two]\nfile={dir}/t.sock\nchmod=0766\n")
    s.start()
    s.until_state("p", "RUNNING")
    s.mode("s.sock")
    s.mode("t.sock")
    s.log("RPC|Server")
    s.end()
    s.listing("*.sock*")


@scenario
@needs_root
def the_socket_s_owner(s):
    """chown=user:group."""
    s.config(SLEEP + "[unix_http_server:two]\nfile={dir}/t.sock\nchown=nobody:daemon\n"
             "[unix_http_server:three]\nfile={dir}/u.sock\nchown=nobody\n")
    s.start()
    s.until_state("p", "RUNNING")
    s.mode("t.sock")
    s.mode("u.sock")


@scenario
def a_stale_socket(s):
    """Nobody listens: it is replaced, with a line on standard error."""
    with socket.socket(socket.AF_UNIX) as old:
        old.bind(str(s.dir / "s.sock"))
    s.config(SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.observe("said", [line for line in s.output().splitlines() if "nlinking" in line])


@scenario
def a_second_daemon(s):
    """The sockets protect against it."""
    s.config(SLEEP)
    s.start()
    s.until_state("p", "RUNNING")
    s.run_to_end("-n", "-l", str(s.dir / "second.log"))
    s.states()


@scenario
def a_port_that_is_taken(s):
    """Another program listens there."""
    with socket.create_server(("127.0.0.1", 0)) as other:
        s.write("supervisord.conf", f"[supervisord]\nlogfile={{dir}}/l\npidfile={{dir}}/p\n"
                f"[inet_http_server]\nport=127.0.0.1:{other.getsockname()[1]}\n")
        s.run_to_end("-n", "-s")


@scenario
def the_programs_server(s):
    """SUPERVISOR_SERVER_URL: the first unix socket, else the last port."""
    ports = s.port(), s.port()
    env = "command=/bin/sh -c 'env | grep SUPERVISOR_ | sort'\n" + ONCE
    s.config(f"[inet_http_server]\nport=127.0.0.1:{ports[0]}\n[inet_http_server:b]\nport=LocalHost:{ports[1]}\n"
             "[unix_http_server:two]\nfile={dir}/t.sock\n"
             "[program:p]\n" + env + "stdout_logfile={dir}/p.log\n"
             "[program:q]\n" + env + "stdout_logfile={dir}/q.log\nserverurl=http://elsewhere\n"
             "[program:r]\n" + env + "stdout_logfile={dir}/r.log\nserverurl=\n")
    s.start()
    for name in "pqr":
        s.until_state(name, "EXITED")
        s.content(f"{name}.log")
    s.log("Server|RPC")


@scenario
def a_port_as_the_only_server(s):
    """Its address is what programs are told."""
    port = s.port()
    s.config("[program:p]\ncommand=/bin/sh -c 'env | grep SUPERVISOR_ | sort'\n" + ONCE + "stdout_logfile={dir}/p.log\n",
             base=BASE.replace("[unix_http_server]\nfile={dir}/s.sock\n",
                               f"[inet_http_server]\nport=127.0.0.1:{port}\nusername=u\npassword=p\n"))
    s.start(wait=False)
    s.until_log("exited: p")
    s.content("p.log")
    s.log("Server|RPC")


@scenario
def without_a_server(s):
    """The daemon runs; programs have no address of it."""
    s.config("[program:p]\ncommand=/bin/sh -c 'env | grep SUPERVISOR_ | sort'\n" + ONCE + "stdout_logfile={dir}/p.log\n",
             base=BASE.replace("[unix_http_server]\nfile={dir}/s.sock\n", ""))
    s.start(wait=False)
    s.until_log("exited: p")
    s.content("p.log")
    s.log()
    s.end()


@scenario
def without_an_interface(s):
    """No [rpcinterface:supervisor]: only system methods."""
    s.config(SLEEP, base=BASE.partition("[rpcinterface")[0])
    s.start(wait=False)
    s.until_log("spawned")
    s.rpc("getState")
    s.rpc("system.listMethods")
    s.log("RPC|Server")
    s.end()


@scenario
@needs_root
def a_daemon_of_another_user(s):
    """user=: files belong to it, programs are its, the line about it."""
    s.dir.chmod(0o777)
    s.config("[program:p]\ncommand=/bin/sh -c 'id -u; id -G'\n" + ONCE + "stdout_logfile={dir}/p.log\n",
             supervisord="user=nobody")
    s.start()
    s.until_state("p", "EXITED")
    s.content("p.log")
    for name in ("supervisord.log", "supervisord.pid", "s.sock", "p.log"):
        s.mode(name)
    s.log("uid|root")
    s.end()


@scenario
@needs_root
def a_user_of_the_command_line(s):
    """-u with a number."""
    s.dir.chmod(0o777)
    s.config("[program:p]\ncommand=/bin/sh -c 'id -u'\n" + ONCE + "stdout_logfile={dir}/p.log\n",
             supervisord="user=root")
    s.start("-u", "1")
    s.until_state("p", "EXITED")
    s.content("p.log")
    s.log("uid|root")


@scenario
@needs_root
def a_program_s_user_without_the_right_to_it(s):
    """A daemon that is not root cannot change users."""
    s.dir.chmod(0o777)
    s.config("[program:p]\ncommand=/bin/true\nuser=daemon\nstartretries=0\nstderr_logfile={dir}/p.err\n"
             "[program:q]\ncommand=/bin/true\nuser=nobody\n" + ONCE, supervisord="user=nobody")
    s.start()
    s.until_state("p", "FATAL")
    s.until_state("q", "EXITED")
    s.content("p.err")
    s.log("gave up")


@scenario
def an_unusual_identifier(s):
    """Part of file names and of events."""
    s.config(SLEEP, supervisord="identifier=a.b_c-d")
    s.start()
    s.until_state("p", "RUNNING")
    s.rpc("getIdentification")
    s.observe("names", sorted(p.name for p in s.dir.glob("*---*")))


@scenario
def a_directory_for_automatic_logs(s):
    """childlogdir=."""
    s.write("logs/keep", "")
    s.config(SLEEP, base=BASE.replace("childlogdir={dir}", "childlogdir={dir}/logs"))
    s.start()
    s.until_state("p", "RUNNING")
    s.observe("names", sorted(p.name for p in (s.dir / "logs").glob("*")))
    s.rpc("getProcessInfo", "p")


@scenario
def the_configuration_in_the_current_directory(s):
    """Without -c the file is looked for."""
    s.write("supervisord.conf", "garbage\n")
    s.run_to_end("-n", config=False)


@scenario
def the_configuration_in_a_folder_of_the_current_directory(s):
    """etc/supervisord.conf, behind supervisord.conf."""
    s.write("etc/supervisord.conf", "[supervisord]\nloglevel=loud\n")
    s.run_to_end("-n", config=False)
