"""A running supervisord of either make, and the steps a scenario takes with it."""

import http.client
import json
import os
import pathlib
import re
import select
import signal
import socket
import subprocess
import threading
import time
import xmlrpc.client

from normalise import normalise, normalise_event

DEADLINE = 30.0  # seconds; a condition that takes longer is a failure
HERE = pathlib.Path(__file__).resolve().parent
# The same for both products whoever runs the tests. With a locale: without, Python adds LC_CTYPE.
ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "LANG": "C.UTF-8", "HOME": "/nonexistent"}
# Starts faster than a bare python3, and ignores what the environment says.
PYTHON = "/usr/bin/python3 -S -E"
LISTENER = f"{PYTHON} {HERE}/programs/listener.py"

BASE = """[supervisord]
logfile={dir}/supervisord.log
pidfile={dir}/supervisord.pid
childlogdir={dir}
loglevel=info
{supervisord}
[unix_http_server]
file={dir}/s.sock
[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface
[supervisorctl]
serverurl=unix://{dir}/s.sock
"""


class Failed(Exception):
    """A step that did not do what every product must do."""


class UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path):
        super().__init__()
        self.path = path

    def make_connection(self, host):
        connection = http.client.HTTPConnection("localhost")
        path = self.path

        def connect():
            connection.sock = socket.socket(socket.AF_UNIX)
            connection.sock.settimeout(DEADLINE)
            connection.sock.connect(path)

        connection.connect = connect
        return connection


class Background:
    """A daemon that went to the background: like Popen, but nobody learns its exit status."""

    def __init__(self, pid):
        self.pid = pid
        self.returncode = None
        self.handle = os.pidfd_open(pid)

    def poll(self):
        if self.returncode is None and select.select([self.handle], [], [], 0)[0]:
            self.returncode = "ended"
        return self.returncode

    def wait(self, timeout=None):
        if self.returncode is None and not select.select([self.handle], [], [], timeout)[0]:
            raise subprocess.TimeoutExpired("the daemon", timeout)
        return self.poll()

    def send_signal(self, number):
        signal.pidfd_send_signal(self.handle, number)

    def kill(self):
        self.send_signal(signal.SIGKILL)


class Product:
    """One daemon in one directory. Everything a scenario observes is appended to `seen`; the other
    product must have seen the same."""

    def __init__(self, binary, directory):
        self.binary = binary
        self.dir = pathlib.Path(directory)
        self.names = {str(self.dir): "<DIR>"}
        self.seen = []
        self.sockets = []
        self.process = None
        self.config_file = self.dir / "supervisord.conf"

    # What to run -------------------------------------------------------------------------------

    def config(self, text, supervisord="", base=BASE):
        """Writes the configuration. {dir} stands for the scenario's directory."""
        self.write("supervisord.conf", base.replace("{supervisord}", supervisord) + text)

    def write(self, name, content, mode=0o644):
        """Writes a file of the scenario's directory. In text {dir} stands for that."""
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, str):
            content = content.replace("{dir}", str(self.dir)).encode()
        path.write_bytes(content)
        path.chmod(mode)
        return path

    def start(self, *arguments, wait=True, environment=None):
        """Starts the daemon in the foreground and waits until it answers."""
        env = dict(ENVIRONMENT, SCENARIO=str(self.dir), **(environment or {}))
        self.console = open(self.dir / "console", "wb")
        self.process = subprocess.Popen(
            [self.binary, "-n", "-c", str(self.config_file), *arguments],
            cwd=self.dir, env=env, stdin=subprocess.DEVNULL, stdout=self.console,
            stderr=subprocess.STDOUT, start_new_session=True)
        if wait:
            self.until("an answer", self.answers)

    def start_with_limits(self, nofile):
        """Starts the daemon with these soft and hard limits of descriptors."""
        before = self.binary
        self.write("limited", "#!/bin/sh\nulimit -Sn %d; ulimit -Hn %d\nexec %s \"$@\"\n" % (*nofile, before), 0o755)
        self.binary = str(self.dir / "limited")
        self.start()
        self.binary = before

    def start_in_background(self, *arguments):
        """Starts the daemon as it starts without -n, from another directory and with another mask."""
        done = subprocess.run([self.binary, "-c", str(self.config_file), *arguments], cwd="/",
                              env=dict(ENVIRONMENT, SCENARIO=str(self.dir)), umask=0o077, stdin=subprocess.DEVNULL, capture_output=True, text=True,
                              timeout=DEADLINE, check=False)
        self.observe("start in background", [done.returncode, done.stdout, done.stderr])
        if done.returncode == 0:
            self.until("an answer", self.answers)
            self.process = Background(self.call("supervisor.getPID"))

    def run_to_end(self, *arguments, config=True):
        """Runs the daemon when it is expected to end by itself; observes status and output."""
        command = [self.binary, *arguments]
        if config:
            command += ["-c", str(self.config_file)]
        try:
            done = subprocess.run(command, cwd=self.dir, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                                  capture_output=True, encoding="utf-8", timeout=DEADLINE, check=False)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"{command} does not end: {error.stderr}") from error
        self.observe("status", done.returncode)
        self.observe("stdout", done.stdout)
        self.observe("stderr", done.stderr)

    def status_of(self, *arguments):
        """Runs the daemon for texts that are in everybody's own words; observes only its status."""
        done = subprocess.run([self.binary, *arguments], cwd=self.dir, env=ENVIRONMENT, stdin=subprocess.DEVNULL,
                              capture_output=True, timeout=DEADLINE, check=False)
        self.observe(" ".join(arguments), [done.returncode, bool(done.stdout), bool(done.stderr)])

    # Waiting -----------------------------------------------------------------------------------

    def until(self, what, condition):
        """Waits until condition() is true and returns what it gave."""
        end = time.monotonic() + DEADLINE
        pause = 0.005
        while True:
            value = condition()
            if value:
                return value
            if self.process is not None and self.process.poll() is not None and what != "the end":
                raise Failed(f"the daemon ended ({self.process.returncode}) before {what}:\n{self.output()}")
            if time.monotonic() > end:
                raise Failed(f"no {what} within {DEADLINE:.0f} s:\n{self.output()}")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.1)  # a question costs the daemon more time than waiting for it

    def answers(self):
        try:
            return self.call("supervisor.getAPIVersion") == "3.0"
        except (OSError, http.client.HTTPException):
            return False

    def until_state(self, name, *states):
        self.until(f"{name} in {'/'.join(states)}", lambda: self.info(name)["statename"] in states)

    def until_log(self, pattern, count=1):
        """Waits for lines of the activity log."""
        self.until(f"log line {pattern}", lambda: len(re.findall(pattern, self.log_text(), re.M)) >= count)

    def until_file(self, name, pattern=""):
        """Waits for a file to hold a pattern."""
        def there():
            try:
                return re.search(pattern, (self.dir / name).read_text(errors="replace"), re.M | re.S)
            except FileNotFoundError:
                return None
        self.until(f"'{pattern}' in {name}", there)

    def until_event(self, record, pattern, count=1):
        """Waits until a listener has recorded events that match."""
        self.until(f"event {pattern}", lambda: sum(bool(re.search(pattern, h + p, re.S))
                                                   for h, p in self.recorded(record)) >= count)

    # Talking to programs/listener.py ---------------------------------------------------------------

    def fifo(self, name):
        os.mkfifo(self.dir / name)

    def release(self, name):
        """Lets a program go on that waits at a FIFO; waits until it does wait."""
        def opened():
            try:
                return [os.open(self.dir / name, os.O_WRONLY | os.O_NONBLOCK)]
            except OSError:
                return None
        os.close(self.until(f"a reader of {name}", opened)[0])

    def recorded(self, record):
        path = self.dir / record
        text = path.read_text() if path.exists() else ""
        return [json.loads(line) for line in text.splitlines(True) if line.endswith("\n")]

    # Looking without observing -------------------------------------------------------------------

    def output(self):
        path = self.dir / "console"
        return path.read_text(errors="replace") if path.exists() else ""

    def log_text(self):
        path = self.dir / "supervisord.log"
        return path.read_text(errors="replace") if path.exists() else ""

    def call(self, method, *arguments):
        server = xmlrpc.client.ServerProxy("http://localhost", transport=UnixTransport(str(self.dir / "s.sock")))
        return getattr(server, method)(*arguments)

    def info(self, name):
        return self.call("supervisor.getProcessInfo", name)

    def pid(self, name):
        return self.info(name)["pid"]

    # Acting and observing ------------------------------------------------------------------------

    def observe(self, what, value):
        self.seen.append((what, normalise(value, self.names)))

    def events(self, record, pattern=""):
        """Observes what a listener has recorded."""
        self.seen.append((f"events {record} /{pattern}/", [
            normalise_event(header, payload, self.names) for header, payload in self.recorded(record)
            if re.search(pattern, header + payload, re.S)]))

    def rpc(self, method, *arguments, ordered=True):
        """Calls a method and observes the answer or the fault. Results of a group come in the order
        of completion, which for processes that end together is anybody's guess: ordered=False."""
        name = method if "." in method else f"supervisor.{method}"
        label = f"{method}{arguments!r}"
        try:
            answer = self.call(name, *arguments)
            self.observe(label, answer if ordered else sorted(answer, key=repr))
        except xmlrpc.client.Fault as fault:
            self.observe(label, f"fault {fault.faultCode} {fault.faultString}")
        except xmlrpc.client.ProtocolError as error:
            self.observe(label, f"HTTP {error.errcode}")

    def http(self, request, socket_file="s.sock"):
        """Sends bytes and observes status line, headers but for Date, and body of the answer."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(DEADLINE)
            connection.connect(str(self.dir / socket_file))
            connection.sendall(request)
            response = http.client.HTTPResponse(connection, method=request.split()[0].decode())
            response.begin()
            headers = [f"{name}: {value}" for name, value in response.getheaders() if name != "Date"]
            self.observe(request.decode(), [response.status, response.reason, headers, response.read().decode()])

    def ctl(self, *arguments, stdin=None):
        """Runs the packaged supervisorctl and observes output and status."""
        done = subprocess.run(["/usr/bin/supervisorctl", "-c", str(self.config_file), *arguments],
                              cwd=self.dir, env=ENVIRONMENT, input=stdin, capture_output=True, text=True,
                              timeout=DEADLINE * 2, check=False)
        self.observe(f"ctl {' '.join(arguments)}", [done.returncode, done.stdout, done.stderr])

    def states(self, *names):
        """Observes the states of processes (all of them without names)."""
        infos = self.call("supervisor.getAllProcessInfo")
        self.observe("states", {f"{i['group']}:{i['name']}": i["statename"] for i in infos
                                if not names or i["name"] in names})

    def log(self, pattern=".", ordered=True):
        """Observes activity log lines that match. Unordered ones are sorted: independent programs
        may take turns either way."""
        lines = [line for line in self.log_text().splitlines() if re.search(pattern, line)]
        lines = [normalise(line, self.names) for line in lines]
        self.seen.append((f"log /{pattern}/", lines if ordered else sorted(lines)))

    def log_once(self, pattern):
        """Observes lines of the activity log that match, each but once, for what may be repeated."""
        lines = [normalise(line, self.names) for line in self.log_text().splitlines() if re.search(pattern, line)]
        self.seen.append((f"log once /{pattern}/", list(dict.fromkeys(lines))))

    def content(self, name):
        """Observes a file's content."""
        path = self.dir / name
        self.observe(f"file {name}", path.read_bytes().decode(errors="backslashreplace") if path.exists() else None)

    def listing(self, pattern="*"):
        """Observes the names of files that match."""
        self.observe(f"files {pattern}", sorted(p.name for p in self.dir.glob(pattern)))

    def datagrams(self, name):
        """Receives datagrams at a socket file; returns a function that returns those so far."""
        receiver = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        receiver.bind(str(self.dir / name))
        os.chmod(self.dir / name, 0o777)
        self.sockets.append(receiver)
        received = []

        def so_far():
            try:
                while True:
                    received.append(receiver.recv(65536, socket.MSG_DONTWAIT).decode(errors="backslashreplace"))
            except BlockingIOError:
                return received
        return so_far

    def later(self, step):
        """Takes a step at the same time as the following ones; join() what this returns."""
        thread = threading.Thread(target=step)
        thread.start()
        return thread

    def mode(self, name):
        """Observes type, mode, owner and group of a file."""
        status = os.stat(self.dir / name)
        self.observe(f"mode of {name}", f"{status.st_mode:o} {status.st_uid}:{status.st_gid}")

    def port(self):
        """A port that nobody uses now."""
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.names[str(port)] = "<PORT>"
        return port

    def kill(self, name, number=signal.SIGKILL):
        os.kill(self.pid(name), number)

    def send(self, number):
        self.process.send_signal(number)

    def end(self, number=signal.SIGTERM):
        """Ends the daemon and observes its exit status."""
        self.process.send_signal(number)
        self.observe("exit status", self.wait())

    def wait(self):
        try:
            return self.process.wait(DEADLINE)
        except subprocess.TimeoutExpired as error:
            raise Failed(f"the daemon does not end:\n{self.output()}") from error

    def destroy(self):
        """Leaves nothing running, whatever happened: everything has the scenario's mark."""
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        for used in self.sockets:
            used.close()
        mark = f"SCENARIO={self.dir}".encode()
        for entry in pathlib.Path("/proc").glob("[0-9]*"):
            try:
                if mark in (entry / "environ").read_bytes().split(b"\0"):
                    os.kill(int(entry.name), signal.SIGKILL)
            except OSError:
                pass  # it has ended, or is somebody else's
