"""A real container: what it prints is read as it comes, its exit status is docker run's."""
import itertools
import os
import pathlib
import pty
import select
import shutil
import signal
import struct
import subprocess
import tempfile
import termios
import time
from fcntl import ioctl

LIMIT_S = 60  # what takes longer has failed; nothing here waits for time to pass
PREFIX = os.environ.get("PREFIX", "modinit")
NUMBERS = itertools.count()


class Failed(Exception):
    pass


def check(what, got, wanted):
    if got != wanted:
        raise Failed("%s: %r, not %r" % (what, got, wanted))


def docker(*words, limit_s=LIMIT_S):
    """Exit status and both outputs of a docker command. What it runs does not outlive its time."""
    words, name = list(words), ""
    if words[0] == "run" and not any(word.startswith("--name") for word in words):
        name = "modinit-test-%d-%d" % (os.getpid(), next(NUMBERS))
        words.insert(1, "--name=" + name)
    try:
        done = subprocess.run(["docker", *words], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, timeout=limit_s, check=False)
    except subprocess.TimeoutExpired:
        if name:
            subprocess.run(["docker", "rm", "--force", name], capture_output=True, timeout=LIMIT_S, check=False)
        raise
    return done.returncode, done.stdout.decode(errors="replace")


class Container:
    """`docker run` in the foreground, as `with Container("sh", "-c", ...) as box`.

    Words that begin with a dash, up to the first that does not, are options of docker run; write those
    that take a value as --name=value. The rest is the command; the image stands in between.
    """

    def __init__(self, *words, image="base", terminal=False, stdin=subprocess.DEVNULL):
        options = list(itertools.takewhile(lambda word: word.startswith("-"), words))
        self.name = "modinit-test-%d-%d" % (os.getpid(), next(NUMBERS))
        self.text = ""
        self.process = None
        argv = ["docker", "run", "--rm", "--name=" + self.name, *options]
        argv += [] if any(word.startswith("--network") for word in options) else ["--network=none"]
        argv += ["-it"] if terminal else ["-i"] if stdin == subprocess.PIPE else []
        argv += ["%s/%s" % (PREFIX, image), *words[len(options):]]
        if terminal:
            self.reader, inner = pty.openpty()
            self.resize(24, 80)
            self.before = termios.tcgetattr(inner)
            self.process = subprocess.Popen(argv, stdin=inner, stdout=inner, stderr=inner,
                                            start_new_session=True, preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0))
            self.inner = inner  # kept open, to be looked at when the client has ended
        else:
            self.reader, writer = os.pipe()
            self.process = subprocess.Popen(argv, stdin=stdin, stdout=writer, stderr=writer)
            os.close(writer)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            docker("rm", "--force", self.name)
            self.process.kill()
            self.process.wait()
        os.close(self.reader)

    def _read_more(self, limit_s):
        """False at the end of the output, or when nothing comes for that long."""
        ready, _, _ = select.select([self.reader], [], [], max(0, limit_s))
        got = os.read(self.reader, 65536) if ready else b""
        self.text += got.decode(errors="replace").replace("\r\n", "\n")
        return bool(got)

    def comes(self, word, limit_s=LIMIT_S):
        """Waits for a word in the output; whether it came."""
        deadline = time.monotonic() + limit_s
        while word not in self.text:
            if not self._read_more(deadline - time.monotonic()):
                return False
        return True

    def expect(self, word, limit_s=LIMIT_S):
        """Takes the output up to the word and returns it; later calls go on behind it."""
        if not self.comes(word, limit_s):
            raise Failed("no %r in %r" % (word, self.text[-500:]))
        before, word, self.text = self.text.partition(word)
        return before + word

    def line(self, begin):
        """The rest of the next line that begins so."""
        self.expect(begin)
        return self.expect("\n").strip()

    def rest(self, limit_s=LIMIT_S):
        """What is left of the output, once all of it is there."""
        deadline = time.monotonic() + limit_s
        while self._read_more(deadline - time.monotonic()):
            pass
        return self.text

    def status(self, limit_s=LIMIT_S):
        """Exit status of docker run: the container's."""
        try:
            return self.process.wait(limit_s)
        except subprocess.TimeoutExpired:
            raise Failed("no end within %d s, the output ends in %r" % (limit_s, self.text[-300:])) from None

    def write(self, text):
        os.write(self.reader, text.encode())

    def resize(self, rows, columns):
        ioctl(self.reader, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def resize_until(self, rows, columns, word):
        """The client looks at its terminal when told so; before it listens, it is told in vain."""
        self.resize(rows, columns)
        for _ in range(LIMIT_S):
            os.kill(self.process.pid, signal.SIGWINCH)
            if self.comes(word, 1):
                return
        raise Failed("no %r in %r" % (word, self.text[-500:]))

    def run(self, *command, user=None):
        """docker exec: exit status and output."""
        return docker("exec", *(["--user", user] if user else []), self.name, *command)

    def ask(self, *command, user=None):
        """docker exec of what must succeed: its output."""
        status, text = self.run(*command, user=user)
        if status != 0:
            raise Failed("%r: status %d, %r" % (" ".join(command), status, text))
        return text.strip()

    def kill(self, name):
        check("docker kill", docker("kill", "--signal=" + name, self.name)[0], 0)

    def stop(self):
        """docker stop; the exit status. 137 would be the engine's own KILL, after its ten seconds."""
        check("docker stop", docker("stop", self.name)[0], 0)
        return self.status()


class Files:
    """A folder for volumes; `folder.file(name, text)` gives its path."""

    def __init__(self):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix="modinit-docker.", dir="/var/tmp"))
        self.path.chmod(0o755)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        shutil.rmtree(self.path, ignore_errors=True)

    def file(self, name, text, mode=0o644):
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(mode)
        return str(path)

    def script(self, place, text):
        """An option: that script in the container, at `place`."""
        return "--volume=%s:%s:ro" % (self.file(place.strip("/").replace("/", "_"), "#!/bin/sh\n" + text, 0o755), place)

    def configuration(self, programs, daemon=""):
        """An option: a configuration where Debian has it. Everything is written to /tmp and the console."""
        text = ("[supervisord]\nlogfile=/dev/null\npidfile=/tmp/pid\nchildlogdir=/tmp\n%s\n"
                "[unix_http_server]\nfile=/tmp/sock\n"
                "[rpcinterface:supervisor]\n"
                "supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface\n"
                "[supervisorctl]\nserverurl=unix:///tmp/sock\n%s" % (daemon, programs))
        return "--volume=%s:/etc/supervisor/supervisord.conf:ro" % self.file("supervisord.conf", text)

    def run_volume(self, programs):
        """An option: what the platform mounts into a run image."""
        for name in ("app", "home", "log", "notifications", "tmp", "app-storage"):
            (self.path / "mnt" / name).mkdir(parents=True)
        self.file("mnt/supervisor.conf", programs)
        for path in [self.path / "mnt", *(self.path / "mnt").iterdir()]:
            os.chown(path, 441, 444)
        return "--volume=%s:/mnt" % (self.path / "mnt")


def program(name, script, *settings):
    """A section: `script` runs in a shell, its output goes to the console."""
    return "[program:%s]\ncommand=/bin/sh -c '%s'\nredirect_stderr=true\nstdout_logfile=/dev/stdout\n" \
        "stdout_logfile_maxbytes=0\n%s\n" % (name, script, "\n".join(settings))
