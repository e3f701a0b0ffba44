"""A running supervisord of either make, and the steps a scenario takes with it."""

import os
import pathlib
import re
import signal
import socket
import subprocess
import time
import http.client
import xmlrpc.client

from normalise import normalise

DEADLINE = 30.0  # seconds; a condition that takes longer is a failure

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


class Product:
    """One daemon in one directory. Everything a scenario observes is appended to `seen`; the other
    product must have seen the same."""

    def __init__(self, binary, directory):
        self.binary = binary
        self.dir = pathlib.Path(directory)
        self.seen = []
        self.process = None
        self.config_file = self.dir / "supervisord.conf"

    # What to run -------------------------------------------------------------------------------

    def config(self, text, supervisord="", base=BASE):
        """Writes the configuration. {dir} stands for the scenario's directory."""
        whole = base.replace("{supervisord}", supervisord) + text
        self.config_file.write_text(whole.replace("{dir}", str(self.dir)))

    def file(self, name, text, mode=0o644):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text.replace("{dir}", str(self.dir)))
        path.chmod(mode)
        return path

    def start(self, *arguments, wait=True, environment=None):
        """Starts the daemon in the foreground and waits until it answers."""
        env = dict(os.environ, PATH="/usr/local/bin:/usr/bin:/bin", **(environment or {}))
        self.console = open(self.dir / "console", "wb")
        self.process = subprocess.Popen(
            [self.binary, "-n", "-c", str(self.config_file), *arguments],
            cwd=self.dir, env=env, stdin=subprocess.DEVNULL, stdout=self.console,
            stderr=subprocess.STDOUT, start_new_session=True)
        if wait:
            self.until("an answer", self.answers)

    def run_to_end(self, *arguments, config=True):
        """Runs the daemon when it is expected to end by itself; observes status and output."""
        command = [self.binary, *arguments]
        if config:
            command += ["-c", str(self.config_file)]
        done = subprocess.run(command, cwd=self.dir, stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, timeout=DEADLINE, check=False)
        self.observe("status", done.returncode)
        self.observe("stdout", done.stdout)
        self.observe("stderr", done.stderr)

    # Waiting -----------------------------------------------------------------------------------

    def until(self, what, condition):
        """Waits until condition() is true and returns what it gave."""
        end = time.monotonic() + DEADLINE
        while True:
            value = condition()
            if value:
                return value
            if self.process is not None and self.process.poll() is not None and what != "the end":
                raise Failed(f"the daemon ended ({self.process.returncode}) before {what}:\n{self.output()}")
            if time.monotonic() > end:
                raise Failed(f"no {what} within {DEADLINE:.0f} s:\n{self.output()}")
            time.sleep(0.02)

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
        self.seen.append((what, normalise(value, str(self.dir))))

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

    def ctl(self, *arguments, stdin=None):
        """Runs the packaged supervisorctl and observes output and status."""
        done = subprocess.run(["/usr/bin/supervisorctl", "-c", str(self.config_file), *arguments],
                              cwd=self.dir, input=stdin, capture_output=True, text=True,
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
        lines = [normalise(line, str(self.dir)) for line in lines]
        self.seen.append((f"log /{pattern}/", lines if ordered else sorted(lines)))

    def content(self, name):
        """Observes a file's content."""
        path = self.dir / name
        self.observe(f"file {name}", path.read_bytes().decode(errors="backslashreplace") if path.exists() else None)

    def listing(self, pattern="*"):
        """Observes the names of files that match."""
        self.observe(f"files {pattern}", sorted(p.name for p in self.dir.glob(pattern)))

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
        """Leaves nothing running, whatever happened."""
        if self.process is not None and self.process.poll() is None:
            try:
                pids = [i["pid"] for i in self.call("supervisor.getAllProcessInfo") if i["pid"]]
            except (OSError, http.client.HTTPException, xmlrpc.client.Error):
                pids = []
            self.process.kill()
            self.process.wait()
            for pid in pids:
                try:
                    os.killpg(pid, signal.SIGKILL)
                except OSError:
                    pass
