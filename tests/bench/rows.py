"""What is measured: one function per row, giving {variant name: figure}."""
import os
import select
import shutil
import signal
import socket
import statistics
import subprocess
import tempfile
import time

from daemons import WAIT_SECONDS, Running, Variant, cpu_seconds, pss_kib, wait_until, wake_ups

MIB = 1024 * 1024
STORM = 20000  # orphans
PROGRAM_INFO_BYTES = 1280  # one program in getAllProcessInfo's answer


def alternate(bench, sample, repeats, best=min):
    """Medians (or the best) of sample(variant); slow variants get fewer turns."""
    samples = {variant.name: [] for variant in bench.variants}
    for turn in range(repeats if not bench.quick else 1):
        for variant in bench.variants:
            if turn < 3 or variant.name != "reference":
                samples[variant.name].append(sample(variant))
    return summary(bench, samples, best)


def summary(bench, samples, best=min):
    pick = best if bench.best else statistics.median
    return {name: pick(values) for name, values in samples.items()}


def start_row(bench, count, repeats):
    def sample(variant):
        with Running(variant, count) as daemon:
            starts = daemon.wait_for_lines(count)
            return (max(starts)[0] - daemon.launched_ns()) / 1e6
    return alternate(bench, sample, repeats)


def memory_row(bench):
    return alternate(bench, lambda variant: settled_pss(variant, 1), 3)


def settled_pss(variant, count):
    with Running(variant, count) as daemon:
        daemon.wait_for_lines(count)
        time.sleep(1.2)  # state changes after the start, one-second loops
        return pss_kib(daemon.pid) / 1024


def memory_growth_row(bench):
    more = bench.size(1000)

    def sample(variant):
        return (settled_pss(variant, 1 + more) - settled_pss(variant, 1)) * 1024 / more
    return alternate(bench, sample, 1)


def kill_row(bench):
    """Each victim has been up for more than a second: quicker restarts are throttled on purpose."""
    turns = 3 if bench.quick else 25
    daemons = {variant.name: Running(variant) for variant in bench.variants}
    samples = {name: [] for name in daemons}
    try:
        for turn in range(turns):
            for daemon in daemons.values():
                daemon.wait_for_lines(turn + 1)
            time.sleep(1.2)
            for name, daemon in daemons.items():
                victim = daemon.lines()[-1][1]
                killed_ns = time.monotonic_ns()
                os.kill(victim, signal.SIGKILL)
                lines = daemon.wait_for_lines(turn + 2)
                samples[name].append((lines[-1][0] - killed_ns) / 1e6)
    finally:
        for daemon in daemons.values():
            daemon.__exit__()
    return summary(bench, samples)


def status_row(bench, count):
    turns = 3 if bench.quick else 21
    daemons = {}
    samples = {variant.name: [] for variant in bench.variants}
    try:
        for variant in bench.variants:
            daemons[variant.name] = start_status_server(variant, count)
        time.sleep(1.2)
        for turn in range(turns):
            for variant in bench.variants:
                if turn < 5 or variant.name != "reference":
                    command = [bench.bare, "time"] + variant.status_argv(daemons[variant.name].folder)
                    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
                    samples[variant.name].append(int(done.stdout) / 1e6)
    finally:
        for daemon in daemons.values():
            daemon.__exit__()
    return summary(bench, samples)


def calls_row(bench, count, method, argument, turns, figure_of):
    """`turns(variant)` calls on one connection; `figure_of(calls, nanoseconds)`."""
    daemons = {}
    try:
        for variant in bench.variants:
            daemons[variant.name] = start_status_server(variant, count)
        time.sleep(1.2)

        def sample(variant):
            calls = 5 if bench.quick else turns(variant)
            command = [bench.bare, "calls", str(daemons[variant.name].folder / "socket"), str(calls), method]
            done = subprocess.run(command + argument, stdout=subprocess.PIPE, check=True)
            return figure_of(calls, int(done.stdout))
        return alternate(bench, sample, 5, best=max if argument else min)
    finally:
        for daemon in daemons.values():
            daemon.__exit__()


def rate_row(bench):
    return calls_row(bench, 1, "supervisor.getProcessInfo", ["p0000"],
                     lambda variant: 2000 if variant.name == "reference" else 20000,
                     lambda calls, ns: calls / (ns / 1e9))


def info_row(bench, count):
    return calls_row(bench, count, "supervisor.getAllProcessInfo", [],
                     lambda variant: 2 if variant.name == "reference" else 50,
                     lambda calls, ns: ns / 1e6 / calls)


def follow(folder, count, bytes_each):
    """Reads a log with `count` followers until each has the bytes."""
    poll = select.poll()
    left = {}
    clients = []
    for _ in range(count):
        client = socket.socket(socket.AF_UNIX)
        client.connect(str(folder / "socket"))
        client.sendall(b"GET /logtail/p0000 HTTP/1.0\r\n\r\n")
        clients.append(client)
        left[client.fileno()] = bytes_each
        poll.register(client, select.POLLIN)
    yield
    while left:
        for fd, _ in poll.poll(WAIT_SECONDS * 1000):
            got = len(os.read(fd, 1024 * 1024))
            left[fd] -= got
            if left[fd] <= 0 or got == 0:
                poll.unregister(fd)
                del left[fd]
    for client in clients:
        client.close()


def followed_cpu(variant, followers, mib):
    """CPU of the supervisor per GiB delivered, beyond that of writing the log."""
    child = ("write", "{starts}", "{gate}", str(mib * MIB), "65536")
    with Running(variant, child=child) as daemon:
        wait_until(lambda: (daemon.folder / "p0000.out").exists(), "no log")
        time.sleep(1.2)
        following = follow(daemon.folder, followers, mib * MIB)
        next(following)
        time.sleep(0.3)
        cpu = cpu_seconds(daemon.pid)
        daemon.gate.touch()
        for _ in following:
            pass
        daemon.wait_for_lines(1)
        return (cpu_seconds(daemon.pid) - cpu) * 1024 / (mib * followers)


def followers_row(bench):
    mib = 1 if bench.quick else 64
    return {variant.name: followed_cpu(variant, 100, mib) / max(followed_cpu(variant, 1, mib * 8), 1e-9)
            for variant in bench.variants if variant.name == "modinit"}


class CannedStatusServer(Variant):
    def __init__(self, bench, body_bytes):
        super().__init__(bench)
        self.body_bytes = body_bytes

    def argv(self, folder, count, child, restarts):
        return [self.bench.bare, "statusd", str(folder / "socket"), str(self.body_bytes)]


def start_status_server(variant, count):
    if not variant.has_status_server():
        daemon = Running(CannedStatusServer(variant.bench, count * PROGRAM_INFO_BYTES))
        wait_until((daemon.folder / "socket").exists, "no status server")
        return daemon
    daemon = Running(variant, count)
    daemon.wait_for_lines(count)
    return daemon


def stop_row(bench):
    def sample(variant):
        with Running(variant, 10) as daemon:
            pids = [pid for _, pid in daemon.wait_for_lines(10)]
            time.sleep(0.3)
            poll = select.poll()
            watched = os.pidfd_open(daemon.pid)
            poll.register(watched, select.POLLIN)
            begin = time.monotonic_ns()
            daemon.process.terminate()
            poll.poll(WAIT_SECONDS * 1000)
            end = time.monotonic_ns()
            os.close(watched)
            daemon.process.wait()
            left = [pid for pid in pids if os.path.exists("/proc/%d" % pid)]
            if left:
                raise RuntimeError("%s left %s behind" % (variant.name, left))
            return (end - begin) / 1e6
    return alternate(bench, sample, 9)


def backlog_rate(bench, variant, count):
    """Zombies by the thousand come to the supervisor at one moment: how many it reaps per second."""
    child = ("orphans", "{starts}", "{gate}", str(count))
    with Running(variant, child=child, restarts=False) as daemon:
        daemon.wait_for_lines(1)
        time.sleep(0.3)
        daemon.gate.touch()
        lines = daemon.wait_for_lines(2)
        return count / ((when_gone(bench, daemon) - lines[1][0]) / 1e9)


def when_gone(bench, daemon):
    done = subprocess.run([bench.bare, "gone", "%s.pids" % daemon.starts], stdout=subprocess.PIPE, check=True)
    return int(done.stdout)


def orphans_row(bench):
    def sample(variant):
        return backlog_rate(bench, variant, 500 if bench.quick or variant.name == "reference" else STORM)
    return alternate(bench, sample, 5, best=max)


class Tini(Variant):
    name = "tini"

    def argv(self, folder, count, child, restarts):
        return [shutil.which("tini"), "-s", "--", *child]


def beside_tini(bench, rate, repeats):
    """Our rate in tini's, both taken in turns."""
    ours = [variant for variant in bench.variants if variant.name == "modinit"]
    if not ours or shutil.which("tini") is None:
        return {}
    samples = {"modinit": [], "tini": []}
    for _ in range(1 if bench.quick else repeats):
        for variant in [*ours, Tini(bench)]:
            samples[variant.name].append(rate(variant))
    best = summary(bench, samples, best=max)
    return {"modinit": best["modinit"] / best["tini"]}


def backlog_beside_tini_row(bench):
    return beside_tini(bench, lambda variant: backlog_rate(bench, variant, 500 if bench.quick else STORM), 9)


def ask_state(path):
    """Milliseconds until the whole answer to getState is there."""
    body = b"<?xml version='1.0'?><methodCall><methodName>supervisor.getState</methodName></methodCall>"
    begin = time.monotonic_ns()
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(path)
        client.sendall(b"POST /RPC2 HTTP/1.0\r\nContent-Type: text/xml\r\nContent-Length: %d\r\n\r\n%s"
                       % (len(body), body))
        answer = b""
        while got := client.recv(65536):
            answer += got
    if b"RUNNING" not in answer:
        raise RuntimeError("no state in %r" % answer)
    return (time.monotonic_ns() - begin) / 1e6


def storm(bench, variant, during=lambda daemon: time.sleep(0.01)):
    """Double-forked orphans, one after another; (all of them reaped per second, what `during` gave)."""
    count = 500 if bench.quick else STORM
    with Running(variant, child=("storm", "{starts}", "{gate}", str(count)), restarts=False) as daemon:
        time.sleep(0.3)
        daemon.gate.touch()
        seen = []
        wait_until(lambda: seen.append(during(daemon)) or len(daemon.lines()) == 2, "no end of the storm")
        begin = daemon.lines()[0][0]
        return count / ((when_gone(bench, daemon) - begin) / 1e9), seen


def storm_beside_tini_row(bench):
    return beside_tini(bench, lambda variant: storm(bench, variant)[0], 3)


def storm_answer_row(bench):
    ours = [variant for variant in bench.variants if variant.name == "modinit"]
    return {variant.name: max(storm(bench, variant, lambda daemon: ask_state(str(daemon.folder / "socket")))[1])
            for variant in ours}


def write_sample(variant, mib, chunk):
    """(MiB per second, CPU seconds of the supervisor per GiB)"""
    child = ("write", "{starts}", "{gate}", str(mib * MIB), str(chunk))
    with Running(variant, child=child) as daemon:
        wait_until(lambda: (daemon.folder / "p0000.out").exists(), "no log")
        time.sleep(1.2)
        cpu = cpu_seconds(daemon.pid)
        daemon.gate.touch()
        begin, end = daemon.wait_for_lines(1)[0]
        wait_until(lambda: daemon.log_bytes() >= mib * MIB, "log is not complete")
        cpu = cpu_seconds(daemon.pid) - cpu
        return mib / ((end - begin) / 1e9), cpu * 1024 / mib


def log_row(bench, mib, chunk):
    mib = mib // 16 if bench.quick else mib
    return alternate(bench, lambda variant: write_sample(variant, mib, chunk)[0], 5, best=max)


def log_cpu_row(bench):
    mib = 16 if bench.quick else 256
    return alternate(bench, lambda variant: write_sample(variant, mib, 100)[1], 3)


def idle_row(bench):
    count, seconds = bench.size(100), 2 if bench.quick else 5
    daemons = {variant.name: Running(variant, count) for variant in bench.variants}
    try:
        for daemon in daemons.values():
            daemon.wait_for_lines(count)
        time.sleep(2.5)
        before = {name: wake_ups(daemon.pid) for name, daemon in daemons.items()}
        time.sleep(seconds)
        return {name: (wake_ups(daemon.pid) - before[name]) / seconds
                for name, daemon in daemons.items()}
    finally:
        for daemon in daemons.values():
            daemon.__exit__()


def size_row(bench):
    if not bench.static_binary:
        return {}
    with tempfile.TemporaryDirectory() as folder:
        copy = os.path.join(folder, "stripped")
        subprocess.run(["strip", "-o", copy, bench.static_binary], check=True)
        return {"modinit": os.path.getsize(copy) / MIB}


def figure(value):
    if value >= 100:
        return "%.0f" % value
    text = "%.1f" % value if value >= 10 else "%.2f" % value
    return text.rstrip("0").rstrip(".")


class Row:
    """`at_most` and `at_least` bound modinit's figure; `of_bare` its ratio to bare C ("<" or ">" and a factor)."""

    def __init__(self, key, what, unit, measure, at_most=None, at_least=None, of_bare=None):
        self.key, self.what, self.unit, self.measure = key, what, unit, measure
        self.at_most, self.at_least, self.of_bare = at_most, at_least, of_bare

    def show(self, value):
        return ("%s %s" % (figure(value), self.unit)).rstrip()

    def bar(self):
        if self.at_most is not None:
            return "<= " + self.show(self.at_most)
        if self.at_least is not None:
            return ">= " + self.show(self.at_least)
        if self.of_bare:
            return "%s= %s x bare C" % (self.of_bare[0], figure(self.of_bare[1]))
        return ""

    def verdict(self, figures):
        ours, bare = figures.get("modinit"), figures.get("bare")
        if ours is not None and self.at_most is not None:
            return "met" if ours <= self.at_most else "MISSED"
        if ours is not None and self.at_least is not None:
            return "met" if ours >= self.at_least else "MISSED"
        if ours is None or not bare or not self.of_bare:
            return ""
        ratio = ours / bare
        met = ratio <= self.of_bare[1] if self.of_bare[0] == "<" else ratio >= self.of_bare[1]
        return "%s (%.2f x)" % ("met" if met else "MISSED", ratio)


ROWS = [
    Row("first", "exec of the daemon until its first program runs", "ms",
        lambda b: start_row(b, 1, 21), at_most=8),
    Row("spawn100", "... until the last of 100 programs runs", "ms",
        lambda b: start_row(b, b.size(100), 9), of_bare=("<", 2)),
    Row("spawn1000", "... until the last of 1000 programs runs", "ms",
        lambda b: start_row(b, b.size(1000), 5), of_bare=("<", 2)),
    Row("memory", "memory (PSS) with one program", "MiB", memory_row, at_most=3),
    Row("memory_growth", "memory of each further program", "KiB", memory_growth_row, at_most=3),
    Row("kill", "SIGKILL of a program until its successor runs", "ms", kill_row, of_bare=("<", 1.5)),
    Row("status1", "`status` of 1 program, whole command", "ms", lambda b: status_row(b, 1), at_most=5),
    Row("status100", "`status` of 100 programs", "ms", lambda b: status_row(b, b.size(100)), at_most=8),
    Row("status1000", "`status` of 1000 programs", "ms",
        lambda b: status_row(b, b.size(1000)), at_most=30),
    Row("calls", "`getProcessInfo` on one connection", "per s", rate_row, of_bare=(">", 0.5)),
    Row("info1000", "`getAllProcessInfo` of 1000 programs", "ms",
        lambda b: info_row(b, b.size(1000)), at_most=8),
    Row("followers", "CPU per byte for 100 followers of a log, beside one follower", "x", followers_row,
        at_most=2),
    Row("stop", "SIGTERM until 10 programs and the daemon are gone", "ms", stop_row, at_most=10),
    Row("orphans", "orphans reaped from a backlog", "per s", orphans_row, of_bare=(">", 0.7)),
    # tini does nothing but this: its rate is the kernel's, and a few per cent are the measurement's.
    Row("orphans_tini", "... beside tini", "x", backlog_beside_tini_row, at_least=0.95),
    Row("storm_tini", "orphans of a storm of double forks reaped, beside tini", "x", storm_beside_tini_row,
        at_least=0.95),
    Row("storm_answer", "longest `getState` during that storm", "ms", storm_answer_row, at_most=50),
    Row("log64k", "log throughput of one program, 64 KiB writes", "MiB/s",
        lambda b: log_row(b, 1024, 65536), of_bare=(">", 0.85)),
    Row("log100", "log throughput of one program, 100 B writes", "MiB/s",
        lambda b: log_row(b, 256, 100), of_bare=(">", 0.85)),
    Row("log_cpu", "supervisor's CPU per GiB of 100 B writes", "s", log_cpu_row, at_most=2),
    Row("idle", "wake-ups per second with 100 idle programs", "", idle_row, at_most=0),
    Row("size", "static binary, stripped", "MiB", size_row, at_most=2.5),
]
