"""A virtual machine whose init is modinit: an initramfs, QEMU without acceleration, three serial lines."""
import json
import os
import pathlib
import re
import shutil
import socket
import stat
import subprocess
import tempfile
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
BUSYBOX_NAMES = "sh cat echo grep kill ls mount poweroff ps readlink sed sleep stty".split()
EMPTY_FOLDERS = "proc sys dev run tmp mnt mnt/notifications var var/log".split()


class Failed(Exception):
    """Something is not as it should be."""


class Initramfs:
    """A cpio archive (format "newc"), as the kernel unpacks it into its root."""

    def __init__(self):
        self.bytes = bytearray()
        self.names = {""}

    def add(self, name, mode, content=b""):
        parent = name.rpartition("/")[0]
        if parent not in self.names:
            self.add(parent, stat.S_IFDIR | 0o755)
        self.names.add(name)
        fields = [len(self.names), mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        self.bytes += b"070701" + b"".join(b"%08x" % field for field in fields) + name.encode() + b"\0"
        self._pad()
        self.bytes += content
        self._pad()

    def _pad(self):
        self.bytes += b"\0" * (-len(self.bytes) % 4)

    def program(self, name, path):
        self.add(name, stat.S_IFREG | 0o755, pathlib.Path(path).read_bytes())

    def link(self, name, target):
        self.add(name, stat.S_IFLNK | 0o777, target.encode())

    def end(self):
        self.add("TRAILER!!!", 0)
        return bytes(self.bytes)


def initramfs(binaries, programs):
    """What the machine has: modinit, busybox, the test's programs and the files of root/."""
    archive = Initramfs()
    for folder in EMPTY_FOLDERS:
        archive.add(folder, stat.S_IFDIR | 0o755)
    for name in ("modinit", "modctl"):
        archive.program("bin/" + name, binaries / name)
    archive.link("sbin/my_init", "/bin/modinit")
    for name in ("guest", "memory_facts"):
        archive.program("bin/" + name, programs / name)
    archive.program("bin/busybox", shutil.which("busybox") or "/bin/busybox")
    for name in BUSYBOX_NAMES:
        archive.link("bin/" + name, "busybox")
    recorded = HERE.parent / "runtimes" / "recorded" / "go_map.txt"
    archive.add("recorded/" + recorded.name, stat.S_IFREG | 0o644, recorded.read_bytes())
    root = HERE / "root"
    for path in sorted(root.rglob("*")):
        if path.is_file():
            archive.add(path.relative_to(root).as_posix(), stat.S_IFREG | (path.stat().st_mode & 0o777),
                        path.read_bytes())
    return archive.end()


class Line:
    """A serial line: what came in, and waiting for more."""

    def __init__(self, path):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(path)
        self.listener.listen(1)
        self.text = ""
        self.closed = False
        self.changed = threading.Condition()
        self.connection = None
        threading.Thread(target=self._read, daemon=True).start()

    def _read(self):
        self.connection = self.listener.accept()[0]
        while True:
            data = self.connection.recv(65536)
            with self.changed:
                self.text += data.decode(errors="replace").replace("\r", "")
                self.closed = not data
                self.changed.notify_all()
            if not data:
                return

    def write(self, text):
        self.connection.sendall(text.encode())

    def wait(self, pattern, begin=0, seconds=60):
        """The first match behind `begin`, when it has come in."""
        compiled = re.compile(pattern, re.M)
        deadline = time.monotonic() + seconds
        with self.changed:
            while True:
                found = compiled.search(self.text, begin)
                if found:
                    return found
                if self.closed:
                    raise Failed("the machine ended before it wrote %r" % pattern)
                if not self.changed.wait(max(0, deadline - time.monotonic())) and time.monotonic() >= deadline:
                    raise Failed("no %r within %d s; since then: %r" % (pattern, seconds, self.text[begin:][-2000:]))


class Machine:
    """Runs from start() until power_off(), or is killed at the end of `with`."""

    def __init__(self, kernel, binaries, programs, mebibytes=256):
        self.rounds = 1
        self.folder = tempfile.TemporaryDirectory(prefix="modinit-vm-")
        folder = pathlib.Path(self.folder.name)
        (folder / "initramfs").write_bytes(initramfs(binaries, programs))
        self.lines = [Line(str(folder / name)) for name in ("console", "agent", "notices")]
        self.console, self.agent, self.notices = self.lines
        command = ["qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", str(mebibytes), "-display", "none",
                   "-nodefaults", "-no-reboot", "-kernel", str(kernel), "-initrd", str(folder / "initramfs"),
                   "-append", "console=ttyS0 quiet panic=-1 rdinit=/sbin/my_init"]
        for name in ("console", "agent", "notices"):
            command += ["-chardev", "socket,id=%s,path=%s" % (name, folder / name), "-serial", "chardev:" + name]
        self.qemu = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                     stderr=subprocess.STDOUT, text=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.qemu.kill()
        self.qemu.communicate()
        self.folder.cleanup()

    def start(self):
        self.agent.wait("agent: ready", seconds=90)
        self.notices.wait("notices: ready")

    def run(self, command):
        """Carries out a line in the machine's shell: its output. One that fails is a failure."""
        begin = len(self.agent.text)
        self.agent.write(command + "\n")
        end = self.agent.wait(r"^agent: status (\d+)\n", begin)
        output = self.agent.text[begin:end.start()]
        if end[1] != "0":
            raise Failed("%s: status %s: %s" % (command, end[1], output))
        return output

    def until(self, command, fits, seconds=30):
        """The output of a command, when it is as wanted."""
        deadline = time.monotonic() + seconds
        while True:
            output = self.run(command)
            if fits(output):
                return output
            if time.monotonic() >= deadline:
                raise Failed("%s: still %r" % (command, output))
            time.sleep(0.05)

    def notice(self, begin, seconds=30, **metadata):
        """The first notice behind `begin` (of self.notices.text) whose Metadata has these."""
        end = begin
        while True:
            line = self.notices.wait(r"^\S+\.json (\{.*\})\n", end, seconds)
            end = line.end()
            notice = json.loads(line[1])
            if metadata.items() <= notice["Metadata"].items():
                return notice

    def told(self):
        """All notices up to now."""
        with self.notices.changed:
            lines = self.notices.text.splitlines(keepends=True)
        return [json.loads(line.partition(" ")[2]) for line in lines if ".json " in line and line.endswith("\n")]

    def wait_for_end(self, seconds=60):
        """QEMU's status when the machine has no power any more."""
        try:
            self.qemu.wait(seconds)
        except subprocess.TimeoutExpired:
            raise Failed("the machine still runs after %d s" % seconds) from None
        return self.qemu.returncode

    def story(self):
        """For a failure: what there is to see."""
        left = "" if self.qemu.poll() is None else self.qemu.stdout.read()
        return "console:\n%s\nagent:\n%s\nnotices:\n%s\n%s" % (
            self.console.text[-6000:], self.agent.text[-2000:], self.notices.text[-4000:], left)


def may_run():
    """Why not, or nothing."""
    if os.uname().machine != "x86_64":
        return "the kernel package is for amd64"
    for program in ("qemu-system-x86_64", "busybox"):
        if shutil.which(program) is None:
            return "no %s: scripts/install-deps test" % program
    return ""
