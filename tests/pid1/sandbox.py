"""A command as process 1 of its own pid and mount namespace, watched from outside."""
import os
import pathlib
import pty
import select
import signal
import subprocess
import time

LIMIT_S = 15  # what takes longer has failed; nothing here waits for time to pass


class TooLate(Exception):
    pass


def wait_until(what, condition, limit_s=LIMIT_S):
    """Other processes' states send no events to us: they are looked at until they are as wanted."""
    deadline = time.monotonic() + limit_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > deadline:
            raise TooLate("%s did not happen within %d s" % (what, limit_s))
        select.select([], [], [], 0.005)


class Sandbox:
    """Runs argv as process 1. `setup` is shell code that runs in the namespaces before it."""

    def __init__(self, argv, setup="", stdin=subprocess.DEVNULL, terminal=False):
        script = "mount --make-rprivate /; mount -t proc proc /proc; %s\nexec \"$@\"" % setup
        command = ["unshare", "--pid", "--mount", "--fork", "--kill-child", "sh", "-c", script, "sh"] + argv
        self.text = b""
        self.outer = None
        if terminal:
            self.child, self.reader = pty.fork()
            if self.child == 0:
                os.execvp(command[0], command)
            self.process = None
        else:
            self.reader, writer = os.pipe()
            self.process = subprocess.Popen(command, stdin=stdin, stdout=writer, stderr=writer,
                                            start_new_session=True)
            self.child = self.process.pid
            os.close(writer)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process is not None and self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        elif self.process is None:
            try:
                os.kill(self.child, signal.SIGKILL)
                os.waitpid(self.child, 0)
            except (ProcessLookupError, ChildProcessError):
                pass
        os.close(self.reader)

    def read_until(self, word, limit_s=LIMIT_S):
        """The output up to now, once it has the word."""
        word = word.encode()
        deadline = time.monotonic() + limit_s
        while word not in self.text:
            ready, _, _ = select.select([self.reader], [], [], max(0, deadline - time.monotonic()))
            if not ready:
                raise TooLate("no %r within %d s in %r" % (word, limit_s, self.text[-300:]))
            try:
                got = os.read(self.reader, 65536)
            except OSError:  # a terminal whose last user has gone
                got = b""
            if not got:
                raise TooLate("no %r in %r" % (word, self.text[-300:]))
            self.text += got
        return self.text.decode(errors="replace")

    def write(self, text):
        os.write(self.reader, text.encode())

    @property
    def init(self):
        """Process 1 as this namespace sees it."""
        path = pathlib.Path("/proc/%d/task/%d/children" % (self.child, self.child))
        return int(wait_until("a process 1", lambda: path.read_text().split())[0])

    def signal(self, number):
        os.kill(self.init, number)

    def inside(self):
        """Host pids of everything in there but process 1, each with its state."""
        first = self.init
        namespace = os.readlink("/proc/%d/ns/pid" % first)
        found = {}
        for entry in pathlib.Path("/proc").iterdir():
            if not entry.name.isdigit() or int(entry.name) == first:
                continue
            try:
                if os.readlink(entry / "ns" / "pid") == namespace:
                    found[int(entry.name)] = (entry / "stat").read_text().rsplit(")", 1)[1].split()[0]
            except OSError:
                # A zombie has no namespaces any more: whose it is only its parent tells.
                try:
                    fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
                except OSError:
                    continue
                if fields[0] == "Z" and int(fields[1]) == first:
                    found[int(entry.name)] = "Z"
        return found

    def status(self, limit_s=LIMIT_S):
        """Exit status of process 1, as a container engine would tell it."""
        if self.process is None:
            def ended():
                pid, status = os.waitpid(self.child, os.WNOHANG)
                return (status,) if pid else None
            code = os.waitstatus_to_exitcode(wait_until("the end", ended, limit_s)[0])
        else:
            try:
                code = self.process.wait(limit_s)
            except subprocess.TimeoutExpired:
                raise TooLate("no end within %d s" % limit_s) from None
        return code if code >= 0 else 128 - code
