"""Out of memory in real containers: the kernel's kills, and what is none. `tail /dev/zero` wants all there is."""
import json
import os
import pathlib
import sys
import time

from behaviours import behaviour
from container import LIMIT_S, Container, Failed, check, program

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "support"))
from folder_watch import FolderWatch  # noqa: E402  (found by the line above)

LIMIT = ("--memory=32m", "--memory-swap=32m")
ROUNDS = int(os.environ.get("ROUNDS", "20"))
NAVI = "[navi]\noutput=/notices\nrate_limit=0\n"


class Notices:
    """What is written into a folder of a volume, in its order."""

    def __init__(self, folder):
        self.folder = folder
        self.folder.mkdir(exist_ok=True)
        self.seen = set()
        self.watch = FolderWatch(self.folder)

    def __enter__(self):
        return self

    def __exit__(self, *unused):
        self.watch.close()

    def option(self):
        return "--volume=%s:/notices" % self.folder

    def next(self, wanted=lambda notice: True):
        """The oldest one that was not returned yet and is wanted."""
        deadline = time.monotonic() + LIMIT_S
        while True:
            for file in sorted(self.folder.glob("*.json")):
                notice = json.loads(file.read_text())
                if file.name not in self.seen and wanted(notice):
                    self.seen.add(file.name)
                    return notice
            if not self.watch.wait(deadline - time.monotonic()):
                break
        raise Failed("no notice; there are %s" % [file.read_text()[:300] for file in self.folder.glob("*.json")])

    def others(self):
        return [file.read_text() for file in sorted(self.folder.glob("*.json")) if file.name not in self.seen]


def is_certain(notice):
    check("Kind", notice["Kind"], "oom")
    memory = notice["Memory"]
    check("Memory", (memory["Verdict"], memory["Kind"], memory["Attributed"]), ("certain", "kernel", True))
    check("limit", memory["LimitBytes"], 32 << 20)
    check("signal", notice["Process"]["SignalName"], "SIGKILL")


@behaviour("--memory: a program that wants all there is, %d times in a row" % ROUNDS)
def eater(files):
    conf = files.configuration(NAVI + program("app", "exec tail /dev/zero", "startsecs=0", "autorestart=true"))
    with Notices(files.path / "notices") as notices, Container(*LIMIT, notices.option(), conf) as box:
        for _ in range(ROUNDS):
            is_certain(notices.next())
        check("modinit lives", box.ask("cat", "/proc/1/comm"), "my_init")


@behaviour("--memory: a shell whose child was killed ends with 137: likely")
def shell_of_eater(files):
    conf = files.configuration(NAVI + program("app", "tail /dev/zero; exit $?", "startsecs=0", "autorestart=false"))
    with Notices(files.path / "notices") as notices, Container(*LIMIT, notices.option(), conf):
        notice = notices.next()
        check("Kind", notice["Kind"], "oom")
        check("verdict", notice["Memory"]["Verdict"], "likely")
        check("status", notice["Process"]["ExitCode"], 137)


@behaviour("--memory: a worker is killed and its parent lives on: a notice of its own")
def worker(files):
    script = "tail /dev/zero; echo worker ended with $?; exec sleep 1000"
    conf = files.configuration(NAVI + program("app", script, "startsecs=0"))
    with Notices(files.path / "notices") as notices, Container(*LIMIT, notices.option(), conf) as box:
        notice = notices.next()
        check("Kind", notice["Kind"], "oom")
        check("Memory", (notice["Memory"]["Verdict"], notice["Memory"]["Attributed"]), ("certain", False))
        check("state", box.ask("modctl", "status", "app").split()[1], "RUNNING")
        check("others", notices.others(), [])


@behaviour("--memory: two programs at once are both told")
def two_at_once(files):
    conf = files.configuration(NAVI + program("one", "exec tail /dev/zero", "startsecs=0", "autorestart=false") +
                               program("two", "exec tail /dev/zero", "startsecs=0", "autorestart=false"))
    with Notices(files.path / "notices") as notices, Container(*LIMIT, notices.option(), conf):
        told = sorted((notice["Process"]["Name"], notice["Kind"]) for notice in (notices.next(), notices.next()))
        check("told", told, [("one", "oom"), ("two", "oom")])


@behaviour("--memory: somebody's kill -9 near the limit is not the kernel's, %d times in a row" % ROUNDS)
def operators_kill(files):
    # 20 of 32 MiB are held, and wait. The kill is for the group, or they would be held by orphans, round for round.
    script = "{ head -c 20971520 /dev/zero; echo up >&2; exec sleep 1000; } | tail"
    conf = files.configuration(NAVI + program("app", script, "startsecs=0", "autorestart=true"))
    with Notices(files.path / "notices") as notices, Container(*LIMIT, notices.option(), conf) as box:
        for _ in range(ROUNDS):
            box.expect("up\n")
            box.ask("sh", "-c", "kill -KILL -$(modctl pid app)")
            notice = notices.next()
            check("Kind", notice["Kind"], "crash")
            check("verdict", notice["Memory"]["Verdict"], "none")
