"""[fcgi-program:x]: what the shared socket is, who owns it, when it is made and closed."""

import os
import socket

from product import HERE, PYTHON
from scenario import needs_root, scenario


def fcgi(name, url, more=""):
    """A program that says what its standard input is, in <name>.txt."""
    return (f"[fcgi-program:{name}]\ncommand={PYTHON} {HERE}/programs/fcgi.py {{dir}}/{name}.txt\nstartsecs=0\n"
            f"socket={url}\n{more}")


def ready(s, *names, processes=1):
    for name in names:
        s.until_file(f"{name}.txt", ".*\n" * processes)


@scenario
def a_unix_socket(s):
    """Mode 0700, listening, one for all processes; the log tells of it."""
    s.config(fcgi("f", "unix://{dir}/f.sock", "numprocs=2\nprocess_name=f%(process_num)d\n"))
    s.start()
    ready(s, "f", processes=2)
    s.content("f.txt")
    s.mode("f.sock")
    s.log("socket|spawned")
    s.end()
    s.log("socket|spawned")
    s.log("stopped", ordered=False)
    s.listing("f.sock")


@scenario
def a_tcp_socket(s):
    """Bound to the address that is written."""
    s.config(fcgi("f", f"tcp://LocalHost:{s.port()}", "socket_backlog=17\n"))
    s.start()
    ready(s, "f")
    s.content("f.txt")
    s.log("socket|spawned")


@scenario
def a_unix_socket_with_its_mode(s):
    """socket_mode=0666."""
    s.config(fcgi("f", "unix://{dir}/x/../f.sock", "socket_mode=0666\n"))
    os.mkdir(s.dir / "x")
    s.start()
    ready(s, "f")
    s.content("f.txt")
    s.mode("f.sock")
    s.log("socket|spawned")


@scenario
@needs_root
def a_unix_socket_with_its_owner(s):
    """socket_owner with and without group; the program's user without."""
    s.dir.chmod(0o755)
    for name in "abc":
        s.write(f"{name}.txt", "", 0o666)
    s.config(fcgi("a", "unix://{dir}/a.sock", "socket_owner=nobody:daemon\n")
             + fcgi("b", "unix://{dir}/b.sock", "socket_owner=nobody\n")
             + fcgi("c", "unix://{dir}/c.sock", "user=daemon\n"))
    s.start()
    ready(s, "a", "b", "c")
    for name in "abc":
        s.mode(f"{name}.sock")
        s.content(f"{name}.txt")


@scenario
def an_old_file_at_the_path(s):
    """A stale socket is replaced."""
    with socket.socket(socket.AF_UNIX) as old:
        old.bind(str(s.dir / "f.sock"))
    s.config(fcgi("f", "unix://{dir}/f.sock"))
    s.start()
    ready(s, "f")
    s.content("f.txt")
    s.log("socket|spawned")


@scenario
def the_socket_s_life(s):
    """Made before the first process, closed behind the last, made again for the next."""
    s.config(fcgi("f", "unix://{dir}/f.sock", "numprocs=2\nprocess_name=f%(process_num)d\n"))
    s.start()
    ready(s, "f", processes=2)
    s.until_state("f:f0", "RUNNING")
    s.until_state("f:f1", "RUNNING")
    s.rpc("stopProcess", "f:f0")
    s.log("socket|spawned")
    s.rpc("stopProcess", "f:f1")
    s.log("socket|spawned")
    s.rpc("startProcess", "f:f1")
    ready(s, "f", processes=3)
    s.log("socket|spawned")
    s.content("f.txt")


@scenario
def a_socket_survives_restarts_of_its_process(s):
    """A process that is killed while another has the socket: it is the same one afterwards."""
    s.config(fcgi("f", "unix://{dir}/f.sock", "numprocs=2\nprocess_name=f%(process_num)d\n"))
    s.start()
    ready(s, "f", processes=2)
    s.until_state("f:f0", "RUNNING")
    s.until_state("f:f1", "RUNNING")
    s.kill("f:f0")
    ready(s, "f", processes=3)
    s.log("socket|spawned")
    s.content("f.txt")


@scenario
def connections_reach_the_program(s):
    """What connects before anybody accepts waits in the queue of the socket."""
    s.config("[fcgi-program:f]\ncommand=" + PYTHON + " -c 'import socket; s = socket.socket(fileno=0); "
             "c = s.accept()[0]; print(c.recv(99).decode(), flush=True); c.sendall(b\"pong\")'\n"
             "socket=unix://{dir}/f.sock\nstartsecs=0\nautorestart=false\nstdout_logfile={dir}/f.log\n")
    s.start()
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(10)
        s.until_log("spawned")
        client.connect(str(s.dir / "f.sock"))
        client.sendall(b"ping")
        s.observe("answer", client.recv(99).decode())
    s.until_state("f", "EXITED")
    s.content("f.log")
    s.log("socket|spawned")


@scenario
def input_for_a_fastcgi_program(s):
    """There is no channel: NO_FILE."""
    s.config(fcgi("f", "unix://{dir}/f.sock"))
    s.start()
    ready(s, "f")
    s.until_state("f", "RUNNING")
    s.rpc("sendProcessStdin", "f", "x")
    s.rpc("getProcessInfo", "f")


@scenario
def a_member_of_a_group_has_no_socket(s):
    """In [group:x] it is a program like others."""
    s.config("[group:g]\nprograms=f\n" + fcgi("f", "unix://{dir}/f.sock"))
    s.start()
    ready(s, "f")
    s.content("f.txt")
    s.listing("f.sock")
    s.log("socket|spawned")


@scenario
def a_socket_s_changes_are_seen(s):
    """reread compares the address, not mode and backlog."""
    s.config(fcgi("f", "unix://{dir}/f.sock"))
    s.start()
    ready(s, "f")
    s.config(fcgi("f", "unix://{dir}/f.sock", "socket_mode=0777\nsocket_backlog=5\n"))
    s.rpc("reloadConfig")
    s.config(fcgi("f", "unix://{dir}/g.sock"))
    s.rpc("reloadConfig")
    s.ctl("update")
    ready(s, "f", processes=2)
    s.content("f.txt")
    s.log("socket|spawned")


@scenario
def a_program_becomes_a_fastcgi_program(s):
    """The kind of a group is part of it."""
    s.config(f"[program:f]\ncommand={PYTHON} {HERE}/programs/fcgi.py {{dir}}/f.txt\nstartsecs=0\n")
    s.start()
    ready(s, "f")
    s.config(fcgi("f", "unix://{dir}/f.sock"))
    s.ctl("update")
    ready(s, "f", processes=2)
    s.content("f.txt")


@scenario
def a_socket_that_is_removed_and_added(s):
    """remove closes it, add makes it again."""
    s.config(fcgi("f", "unix://{dir}/f.sock"))
    s.start()
    ready(s, "f")
    s.until_state("f", "RUNNING")
    s.ctl("stop", "f")
    s.ctl("remove", "f")
    s.log("socket|spawned")
    s.ctl("add", "f")
    ready(s, "f", processes=2)
    s.log("socket|spawned")
