"""A daemon in a folder of its own, and its XML-RPC interface."""

import http.client
import os
import signal
import socket
import subprocess
import time
import xmlrpc.client

SUPERVISORD = "/usr/bin/supervisord"
DEADLINE_SECONDS = 60


class Timeout(Exception):
    pass


def wait_until(condition, what):
    """Polls: the reference has no event to wait for that needs no configuration of its own."""
    end = time.monotonic() + DEADLINE_SECONDS
    pause = 0.01
    while not condition():
        if time.monotonic() > end:
            raise Timeout(f"waited {DEADLINE_SECONDS} s for {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.1)  # a question costs the daemon more time than waiting for it


class _UnixConnection(http.client.HTTPConnection):
    def __init__(self, path):
        super().__init__("localhost")
        self._path = path

    def connect(self):
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.connect(self._path)


class _UnixTransport(xmlrpc.client.Transport):
    def __init__(self, path):
        super().__init__()
        self._path = path

    def make_connection(self, host):
        return _UnixConnection(self._path)


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Daemon:
    """`template` is the configuration with {dir} and {port} left open."""

    def __init__(self, folder, template, program=SUPERVISORD):
        self.folder = folder
        self.program = program
        self.port = free_port()
        self.socket_path = os.path.join(folder, "s.sock")
        self.config_path = os.path.join(folder, "d.conf")
        self.url = "unix://" + self.socket_path
        self._process = None
        os.makedirs(folder)
        self.configure(template)

    def configure(self, template):
        with open(self.config_path, "w", encoding="utf-8") as file:
            file.write(template.format(dir=self.folder, port=self.port))

    def start(self):
        log = open(os.path.join(self.folder, "daemon.out"), "wb")
        self._process = subprocess.Popen(
            [self.program, "-n", "-c", self.config_path], stdin=subprocess.DEVNULL, stdout=log,
            stderr=log, cwd=self.folder)
        log.close()
        wait_until(self._answers, f"{self.program} to answer; see {log.name}")

    def _answers(self):
        if self._process.poll() is not None:
            with open(os.path.join(self.folder, "daemon.out"), encoding="utf-8") as log:
                raise RuntimeError(f"{self.program} ended:\n{log.read()}")
        try:
            self.rpc().system.listMethods()
            return True
        except OSError:
            return False

    def rpc(self):
        return xmlrpc.client.ServerProxy("http://localhost", _UnixTransport(self.socket_path))

    def states(self):
        """name -> state; None while the daemon shuts down or has no such interface."""
        try:
            infos = self.rpc().supervisor.getAllProcessInfo()
        except (OSError, xmlrpc.client.Fault):
            return None
        return {f"{info['group']}:{info['name']}": info["statename"] for info in infos}

    def is_settled(self):
        moving = {"STARTING", "STOPPING", "BACKOFF"}
        return not moving & set((self.states() or {}).values())

    def kill_stubborn(self, pids):
        """Ends programs that ignore SIGTERM, so that a shutdown can finish."""
        for pid in pids:
            os.kill(pid, signal.SIGKILL)

    def running_pids(self):
        return [info["pid"] for info in self.rpc().supervisor.getAllProcessInfo() if info["pid"]]

    def wait_for_end(self):
        self._process.wait(DEADLINE_SECONDS)

    def stop(self):
        """Ends the daemon and everything it started, whatever state it is in."""
        if self._process is None or self._process.poll() is not None:
            return
        try:
            pids = self.running_pids()
        except (OSError, xmlrpc.client.Fault):
            pids = []
        self._process.terminate()
        for pid in pids:
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                pass
        try:
            self._process.wait(DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
