"""Genuine runtimes out of memory in real containers: each exhausts its own heap, and separately the container.
The first is the runtime's own end, recognised by its last words; the second is the kernel's kill. How often in a
row: ROUNDS."""
import json
import os
import pathlib
import shutil
import subprocess

from behaviours import behaviour
from container import Container, Failed, check
from memory import Notices

PROGRAMS = pathlib.Path(__file__).parent / "runtimes"
ROUNDS = int(os.environ.get("ROUNDS", "5"))
LIMIT_MIB = 128
LIMIT = ("--memory=%dm" % LIMIT_MIB, "--memory-swap=%dm" % LIMIT_MIB)
# Nothing of the platform's but the programs: they come back as often as they end.
SECTION = "[program:app]\ncommand=%s\nstartsecs=0\nautorestart=true\n" \
    "stdout_logfile=/mnt/log/app.log\nredirect_stderr=true\n[navi]\noutput=/mnt/notifications\nrate_limit=0\n"


def java_class(folder):
    """Run images have no compiler."""
    if shutil.which("javac") is None:
        raise Failed("no javac here; scripts/install-deps test")
    subprocess.run(["javac", "--release", "17", "-d", folder, PROGRAMS / "Heap.java"], check=True)


def exhaust(files, image, command, judge):
    """The program ends ROUNDS times, and each of its notices is as it should be."""
    volume = files.run_volume(SECTION % command)
    for file in PROGRAMS.iterdir():
        files.file("mnt/app/" + file.name, file.read_text())
    if "java" in image:
        java_class(files.path / "mnt/app")
    with Notices(files.path / "mnt/notifications") as notices, Container(*LIMIT, volume, image=image) as box:
        for _ in range(ROUNDS):
            notice = notices.next()
            try:
                judge(notice)
            except Failed as error:
                raise Failed("%s in %s" % (error, json.dumps(notice)[-1500:])) from None
        check("modinit lives", box.ask("cat", "/proc/1/comm"), "my_init")


def heap_of(runtime):
    def judge(notice):
        check("Kind", notice["Kind"], "oom")
        memory = notice["Memory"]
        check("Memory", (memory["Verdict"], memory["Kind"], memory.get("Runtime")), ("likely", "runtime", runtime))
        check("kills", memory["KillsAfter"] - memory["KillsBefore"], 0)
    return judge


def container(notice):
    check("Kind", notice["Kind"], "oom")
    memory = notice["Memory"]
    check("Memory", (memory["Verdict"], memory["Kind"], memory["Attributed"]), ("certain", "kernel", True))
    check("limit", memory["LimitBytes"], LIMIT_MIB << 20)
    check("signal", notice["Process"]["SignalName"], "SIGKILL")


@behaviour("--memory, Node.js: its own heap, %d times in a row" % ROUNDS)
def node_heap(files):
    exhaust(files, "run-node", "node --max-old-space-size=16 /mnt/app/heap.js", heap_of("v8"))


@behaviour("--memory, Node.js: the container, %d times in a row" % ROUNDS)
def node_container(files):
    exhaust(files, "run-node", "node /mnt/app/container.js", container)


@behaviour("--memory, Java: its own heap, %d times in a row" % ROUNDS)
def java_heap(files):
    exhaust(files, "run-java", "java -Xmx16m -cp /mnt/app Heap", heap_of("java"))


@behaviour("--memory, Java: the container, %d times in a row" % ROUNDS)
def java_container(files):
    exhaust(files, "run-java", "java -Xmx1g -cp /mnt/app Heap", container)


@behaviour("--memory, PHP: its own limit, %d times in a row" % ROUNDS)
def php_heap(files):
    exhaust(files, "run-php", "php -d memory_limit=16M /mnt/app/heap.php", heap_of("php"))


@behaviour("--memory, PHP: the container, %d times in a row" % ROUNDS)
def php_container(files):
    exhaust(files, "run-php", "php -d memory_limit=-1 /mnt/app/heap.php", container)
