"""Running the two clients and making their output comparable."""

import os
import re
import selectors
import signal
import subprocess
import time

from daemons import DEADLINE_SECONDS, wait_until

REFERENCE = "/usr/bin/supervisorctl"

_ENVIRONMENT = {
    "PATH": "/usr/bin:/bin", "HOME": "/nonexistent", "LC_ALL": "C.UTF-8",
    "PYTHONIOENCODING": "utf-8", "PYTHONUNBUFFERED": "1", "TERM": "dumb",
}

# What differs by nature. The reference adds the place in its own source to unexpected errors.
_RULES = [
    (re.compile(r": file: \S+ line: \d+$", re.M), ""),
    (re.compile(r"pid \d+, uptime (\d+ days?, )?\d+:\d\d:\d\d"), "pid N, uptime T"),
    (re.compile(r"[A-Z][a-z]{2} \d\d \d\d:\d\d [AP]M"), "DATE"),
    (re.compile(r"^(compare> )?[1-9]\d*$", re.M), r"\1N"),
    (re.compile(r"For help, use \S+ -h"), "For help, use PROGRAM -h"),
    (re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"), "TIME"),
    (re.compile(r"with pid \d+"), "with pid N"),
]


def normalise(text, daemon):
    text = text.replace(daemon.folder, "DIR").replace(str(daemon.port), "PORT")
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text


class Result:
    def __init__(self, out, err, code):
        self.out = out
        self.err = err
        self.code = code


class Client:
    """One program, always talking to the same daemon."""

    def __init__(self, program, daemon):
        self.program = program
        self.daemon = daemon

    def spawn(self, arguments, stdin):
        filled = [a.format(dir=self.daemon.folder, port=self.daemon.port) for a in arguments]
        return subprocess.Popen(
            [self.program] + filled, stdin=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            env=_ENVIRONMENT, cwd=self.daemon.folder, start_new_session=True)

    def result(self, out, err, code):
        return Result(normalise(out.decode(), self.daemon), normalise(err.decode(), self.daemon),
                      code)


def run_both(clients, arguments, text):
    """Both at once, each against its daemon."""
    processes = [c.spawn(arguments, subprocess.PIPE) for c in clients]
    for process in processes:
        process.stdin.write(text.encode())
        process.stdin.close()
        process.stdin = None
    results = []
    for client, process in zip(clients, processes):
        try:
            out, err = process.communicate(timeout=DEADLINE_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            out, err = process.communicate()
            err += b"\n(killed: it did not end by itself)"
        results.append(client.result(out, err, process.returncode))
    return results


class Conversation:
    """A client that keeps running: type, wait for text, press Ctrl-C."""

    def __init__(self, client, arguments):
        self._client = client
        self._process = client.spawn(arguments, subprocess.PIPE)
        self._out = b""
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._process.stdout, selectors.EVENT_READ)

    def type(self, text):
        self._process.stdin.write(text.encode())
        self._process.stdin.flush()

    def expect(self, text):
        end = time.monotonic() + DEADLINE_SECONDS
        while text.encode() not in self._out:
            if not self._selector.select(max(0, end - time.monotonic())):
                raise AssertionError(f"{self._client.program}: waited for {text!r} in "
                                     f"{self._out!r}")
            piece = os.read(self._process.stdout.fileno(), 65536)
            if not piece:
                raise AssertionError(f"{self._client.program}: ended without {text!r}: "
                                     f"{self._out!r}")
            self._out += piece

    def interrupt(self):
        """Presses Ctrl-C while the client waits: the reference takes one that comes while it handles
        data for a failed connection."""
        wait_until(self._sleeps, f"{self._client.program} to wait")
        os.killpg(self._process.pid, signal.SIGINT)

    def _sleeps(self):
        with open(f"/proc/{self._process.pid}/stat", encoding="utf-8") as stat:
            return stat.read().rpartition(")")[2].split()[0] == "S"

    def finish(self):
        out, err = self._process.communicate(timeout=DEADLINE_SECONDS)
        return self._client.result(self._out + out, err, self._process.returncode)

    def abandon(self):
        """For the reference's foreground mode, which may linger: what it printed so far."""
        self._process.kill()
        out, err = self._process.communicate()
        return self._client.result(self._out + out, err, None)
