"""The variants that are measured, and started daemons of them."""
import pathlib
import os
import shutil
import signal
import subprocess
import tempfile
import time

WAIT_SECONDS = 300


# The system --------------------------------------------------------------------------------------

def field_of(path, name):
    for line in pathlib.Path(path).read_text().splitlines():
        if line.startswith(name):
            return int(line.split()[1])
    raise LookupError("%s has no %s" % (path, name))


def pss_kib(pid):
    return field_of("/proc/%d/smaps_rollup" % pid, "Pss:")


def wake_ups(pid):
    return field_of("/proc/%d/status" % pid, "voluntary_ctxt_switches:")


def cpu_seconds(pid):
    fields = pathlib.Path("/proc/%d/stat" % pid).read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def children_of(pid):
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parent = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except (OSError, IndexError):
                continue
            if parent == pid:
                found.append(int(entry.name))
    return found


def wait_until(condition, what):
    deadline = time.monotonic() + WAIT_SECONDS
    while not condition():
        if time.monotonic() > deadline:
            raise TimeoutError(what)
        time.sleep(0.01)


# The variants ------------------------------------------------------------------------------------

class Variant:
    """Something that supervises: `argv()` starts `count` times `child` with logs in `folder`."""

    def __init__(self, bench):
        self.bench = bench

    def argv(self, folder, count, child, restarts):
        raise NotImplementedError

    def status_argv(self, folder):
        raise NotImplementedError

    def has_status_server(self):
        return True


class Bare(Variant):
    name = "bare"
    title = "bare C"

    def argv(self, folder, count, child, restarts):
        return [self.bench.bare, "daemon" if restarts else "once", str(folder), str(count), *child]

    def status_argv(self, folder):
        return [self.bench.bare, "status", str(folder / "socket")]

    def has_status_server(self):
        return False


class Configured(Variant):
    """Supervisor and modinit read the same file."""

    def __init__(self, bench, name, title, daemon, client):
        super().__init__(bench)
        self.name, self.title, self.daemon, self.client = name, title, daemon, client

    def argv(self, folder, count, child, restarts):
        lines = [
            "[supervisord]", "nodaemon=true", "logfile=%s/main.log" % folder, "logfile_maxbytes=0",
            "pidfile=%s/pid" % folder, "minfds=%d" % (count * 5 + 256), "childlogdir=%s" % folder,
            "[unix_http_server]", "file=%s/socket" % folder,
            "[rpcinterface:supervisor]",
            "supervisor.rpcinterface_factory = supervisor.rpcinterface:make_main_rpcinterface",
            "[supervisorctl]", "serverurl=unix://%s/socket" % folder]
        for i in range(count):
            lines += [
                "[program:p%04d]" % i, "command=%s" % " ".join(child), "startsecs=0",
                "autorestart=%s" % ("true" if restarts else "false"),
                "stdout_logfile=%s/p%04d.out" % (folder, i), "stdout_logfile_maxbytes=0",
                "stderr_logfile=%s/p%04d.err" % (folder, i), "stderr_logfile_maxbytes=0"]
        (folder / "conf").write_text("\n".join(lines) + "\n")
        return [self.daemon, "-n", "-c", str(folder / "conf")]

    def status_argv(self, folder):
        return [self.client, "-c", str(folder / "conf"), "status"]


class Running:
    """One started daemon with its folder; everything is gone after the `with` block."""

    def __init__(self, variant, count=1, child=("start", "{starts}"), restarts=True):
        self.bench = variant.bench
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-", dir=self.bench.scratch))
        self.starts = self.folder / "starts"
        self.gate = self.folder / "gate"
        self.starts.touch()
        places = {"starts": self.starts, "gate": self.gate}
        child = [self.bench.child] + [word.format(**places) for word in child]
        launch = [self.bench.bare, "launch", str(self.folder / "launched")]
        self.process = subprocess.Popen(
            launch + variant.argv(self.folder, count, child, restarts),
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.pid = self.process.pid

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGSTOP)  # so that it does not restart what is killed
            for pid in children_of(self.pid):
                os.kill(pid, signal.SIGKILL)
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.folder)

    def lines(self):
        return [tuple(map(int, line.split())) for line in self.starts.read_text().splitlines()]

    def wait_for_lines(self, count):
        wait_until(lambda: len(self.lines()) >= count, "programs did not start")
        return self.lines()

    def launched_ns(self):
        return int((self.folder / "launched").read_text())

    def log_bytes(self):
        return (self.folder / "p0000.out").stat().st_size
