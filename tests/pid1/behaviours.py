"""Twenty-odd things people expect of a process 1. Each takes an init and answers what it did, and
whether that is what is wanted."""
import os
import pathlib
import signal
import subprocess
import sys

from sandbox import Sandbox, TooLate, wait_until

BEHAVIOURS = []


def behaviour(what):
    def register(function):
        BEHAVIOURS.append((function.__name__, what, function))
        return function
    return register


def shell(init, script, **options):
    return Sandbox(init.prefix + ["sh", "-c", script], **options)


def passes(init, script, wanted, **options):
    with shell(init, script, **options) as box:
        status = box.status()
        return str(status), status == wanted


@behaviour("the command's exit status is the container's")
def exit_status(init):
    return passes(init, "exit 7", 7)


@behaviour("... 128 + n when a signal ended it")
def signal_status(init):
    return passes(init, "kill -KILL $$", 137)


@behaviour("... 127 when there is no such command")
def not_found(init):
    with Sandbox(init.prefix + ["/nonexistent/command"]) as box:
        status = box.status()
        return str(status), status == 127


@behaviour("... 126 when it is not executable")
def not_executable(init):
    with Sandbox(init.prefix + ["/etc/passwd"]) as box:
        status = box.status()
        return str(status), status == 126


@behaviour("chosen statuses can be exchanged (143 for 0)")
def status_map(init):
    if not init.status_map:
        return "no option", False
    with Sandbox(init.status_map + ["sh", "-c", "kill -TERM $$"]) as box:
        status = box.status()
        return str(status), status == 0


@behaviour("an orphan that ends is reaped")
def orphan(init):
    with shell(init, "(sh -c 'exec sleep 0.01' &) ; echo born; read line", stdin=subprocess.PIPE) as box:
        box.read_until("born")
        wait_until("an end of the orphan", lambda: len(box.inside()) <= 1, 5)
        return "yes", True


@behaviour("1000 orphans at once are reaped")
def storm(init):
    # Each subshell leaves a child behind and ends.
    script = "i=0; while [ $i -lt 1000 ]; do (: &); i=$((i+1)); done; echo born; read line"
    with shell(init, script, stdin=subprocess.PIPE) as box:
        box.read_until("born", 60)
        wait_until("an end of the orphans", lambda: len(box.inside()) <= 1, 30)
        return "yes", True


def forwarded(init, name):
    number = getattr(signal, "SIG" + name)
    script = "trap 'echo got; exit 3' %s; echo ready; while :; do sleep 0.01; done" % name
    with shell(init, script) as box:
        box.read_until("ready")
        box.signal(number)
        status = box.status(5)
        return str(status), status == 3


@behaviour("TERM reaches the command, whose status counts")
def term(init):
    return forwarded(init, "TERM")


@behaviour("INT ends the command")
def interrupt(init):
    with shell(init, "trap 'exit 3' INT TERM; echo ready; while :; do sleep 0.01; done") as box:
        box.read_until("ready")
        box.signal(signal.SIGINT)
        status = box.status(5)
        return str(status), status == 3


@behaviour("USR1 reaches the command")
def user_signal(init):
    return forwarded(init, "USR1")


@behaviour("a command that ignores TERM does not keep the container for ever")
def stubborn(init):
    with Sandbox(init.impatient + ["sh", "-c", "trap '' TERM; echo ready; while :; do sleep 0.01; done"]) as box:
        box.read_until("ready")
        box.signal(signal.SIGTERM)
        status = box.status(12)
        return "killed, %d" % status, status == 137


@behaviour("a second TERM does not wait")
def hurry(init):
    with shell(init, "trap '' TERM; echo ready; while :; do sleep 0.01; done") as box:
        box.read_until("ready")
        box.signal(signal.SIGTERM)
        # The first must have been taken, or both count as one.
        def taken():
            text = pathlib.Path("/proc/%d/status" % box.init).read_text()
            pending = [line.split()[1] for line in text.splitlines() if line.startswith(("SigPnd", "ShdPnd"))]
            return all(int(word, 16) == 0 for word in pending)
        wait_until("the first TERM", taken)
        box.signal(signal.SIGTERM)
        status = box.status(5)
        return "killed, %d" % status, status == 137


@behaviour("what is left when the command ends is asked to end (TERM) first")
def leftovers(init):
    marker = "/tmp/pid1-leftover-%d" % os.getpid()
    pathlib.Path(marker).unlink(missing_ok=True)
    script = ("setsid sh -c 'trap \"echo x > %s; exit\" TERM; echo ready; while :; do sleep 0.01; done' & "
              "read line; exit 0" % marker)
    try:
        with shell(init, script, stdin=subprocess.PIPE) as box:
            box.read_until("ready")
            box.process.stdin.close()
            box.status(12)
        asked = os.path.exists(marker)
        return ("asked" if asked else "killed unasked"), asked
    finally:
        pathlib.Path(marker).unlink(missing_ok=True)


@behaviour("a grandchild in a session of its own is told of a stop, too")
def session(init):
    marker = "/tmp/pid1-session-%d" % os.getpid()
    pathlib.Path(marker).unlink(missing_ok=True)
    script = ("setsid sh -c 'trap \"echo x > %s; exit\" TERM; echo ready; while :; do sleep 0.01; done' & "
              "trap 'exit 0' TERM; while :; do sleep 0.01; done" % marker)
    try:
        with shell(init, script) as box:
            box.read_until("ready")
            box.signal(signal.SIGTERM)
            box.status(12)
        told = os.path.exists(marker)
        return ("told" if told else "killed untold"), told
    finally:
        pathlib.Path(marker).unlink(missing_ok=True)


@behaviour("the command begins with default signals and an empty mask")
def clean_signals(init):
    with shell(init, "grep -E '^Sig(Blk|Ign)' /proc/$$/status; echo end",
               setup="trap '' PIPE XFSZ USR1") as box:
        text = box.read_until("end")
        values = [int(line.split()[1], 16) for line in text.splitlines() if line.startswith("Sig")]
        return ("yes" if not any(values) else "SigBlk %x, SigIgn %x" % tuple(values)), not any(values)


@behaviour("the command inherits descriptors 0, 1 and 2 only")
def descriptors(init):
    with shell(init, "ls /proc/self/fd | tr '\\n' ' '; echo end") as box:
        text = box.read_until("end").split("end")[0].split()
        extra = [word for word in text if word.isdigit() and int(word) > 3]  # 3 is ls reading the folder
        return ("yes" if not extra else "also " + " ".join(extra)), not extra


@behaviour("works without /proc")
def no_proc(init):
    return passes(init, "exit 7", 7, setup="umount -l /proc; mount -t tmpfs none /proc")


@behaviour("works with closed standard input")
def no_stdin(init):
    return passes(init, "exit 7", 7, setup="exec 0<&-")


@behaviour("works with a read-only root")
def read_only(init):
    return passes(init, "exit 7", 7, setup="mount -o remount,ro,bind /")


@behaviour("works as a user without an account, with no_new_privs")
def nobody(init):
    with Sandbox(["setpriv", "--reuid", "12345", "--regid", "12345", "--clear-groups", "--no-new-privs"] +
                 init.prefix + ["sh", "-c", "exit 7"]) as box:
        status = box.status()
        return str(status), status == 7


@behaviour("on a terminal the command is in the foreground; Ctrl-C reaches it")
def terminal(init):
    script = ("import os,signal,sys,time\n"
              "signal.signal(signal.SIGINT, lambda *a: (print('interrupted', flush=True), os._exit(5)))\n"
              "print('foreground' if os.tcgetpgrp(0) == os.getpgrp() else 'background', flush=True)\n"
              "print('ready', flush=True)\n"
              "signal.pause()\n")
    with Sandbox(init.terminal + ["python3", "-c", script], terminal=True) as box:
        text = box.read_until("ready")
        box.write("\x03")
        box.read_until("interrupted", 5)
        status = box.status(5)
        good = "foreground" in text and status == 5
        return ("foreground, " if "foreground" in text else "background, ") + str(status), good


@behaviour("sleeps while nothing happens (wake-ups in 2.5 s)")
def idle(init):
    with shell(init, "echo ready; read line", stdin=subprocess.PIPE) as box:
        box.read_until("ready")

        def switches():
            text = pathlib.Path("/proc/%d/status" % box.init).read_text()
            return int(next(line.split()[1] for line in text.splitlines() if line.startswith("voluntary")))
        # Settled: two readings alike.
        last = [-1]

        def settled():
            previous, last[0] = last[0], switches()
            return previous == last[0]
        wait_until("quiet", settled)
        before = switches()
        # The one place where time has to pass: what is measured is that nothing happens in it.
        subprocess.run(["sleep", "2.5"], check=True)
        wakes = switches() - before
        return str(wakes), wakes == 0


def attempt(function, init):
    try:
        return function(init)
    except TooLate as late:
        print("  %s, %s: %s" % (init.name, function.__name__, late), file=sys.stderr)
        return "no", False
