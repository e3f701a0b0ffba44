#!/usr/bin/python3
"""Compares our client, or our daemon, with the reference's, command by command.

    run.py <our supervisorctl> [<scenario> ...]
    run.py --daemon <our supervisord> [<scenario> ...]

Two daemons run with the same configuration in two folders, and each gets every command. Then stdout
and exit code must be the same, and the daemons in the same state; so the state a command finds is
always the same, too. Either both daemons are the reference's, and one of the clients is ours; or both
clients are the reference's, and one of the daemons is ours.
"""

import difflib
import itertools
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import traceback
from concurrent.futures import ThreadPoolExecutor

import cases
from clients import REFERENCE, Client, Conversation, run_both
from daemons import DEADLINE_SECONDS, SUPERVISORD, Daemon, wait_until
from terminal import Terminal


class Scenario:
    """Two daemons, two clients, and what went wrong so far."""

    def __init__(self, title, ours, folder, template):
        """`ours`: the programs on the second side, client and daemon."""
        self.title = title
        self.failures = []
        self.count = 0
        client, daemon = ours
        self.daemons = [Daemon(os.path.join(folder, title, side), template, program)
                        for side, program in (("1", SUPERVISORD), ("2", daemon))]  # names of one length
        self.clients = [Client(REFERENCE, self.daemons[0]), Client(client, self.daemons[1])]
        for daemon in self.daemons:
            write = lambda name, text: open(os.path.join(daemon.folder, name), "w").write(text)
            write("empty.conf", "[supervisorctl]\n")
            write("bad1.conf", "[supervisord]\n")
            write("bad2.conf", "[supervisorctl]\nserverurl=%(nope)s\n")

    def start(self):
        for daemon in self.daemons:
            daemon.start()
        self.settle("the start")

    def stop(self):
        for daemon in self.daemons:
            daemon.stop()

    def settle(self, after):
        wait_until(lambda: all(d.is_settled() for d in self.daemons), f"the programs after {after}")
        states = [d.states() for d in self.daemons]
        if states[0] != states[1]:
            self.fail(after, "the daemons' states differ:\n" + _diff(
                [f"{k} {v}" for k, v in states[0].items()],
                [f"{k} {v}" for k, v in states[1].items()]))

    def fail(self, name, text):
        self.failures.append(f"{self.title}: {name}\n{text}")

    def run(self, steps, settle=True):
        for step in steps:
            if self.daemons[1].program != SUPERVISORD and getattr(step, "name", None) in cases.OTHER_DAEMON:
                continue
            if callable(step):
                for daemon in self.daemons:
                    step(daemon)
                continue
            self.check(step)
            if settle:
                self.settle(step.name)

    def check(self, case):
        words = case.words if case.bare else ["-c", "{dir}/d.conf"] + case.words
        text = case.stdin.replace("{dir}", "DIR")
        reference, ours = run_both(self.clients, words, text)
        self.compare(case.name, reference, ours, case)

    def compare(self, name, reference, ours, case=None):
        self.count += 1
        expected, actual = reference.out, ours.out
        if case is not None and case.help_follows:
            expected, actual = _first_line(expected), _first_line(actual)
        if case is not None and case.begins == "\0":
            expected = actual = ""
        elif case is not None and case.begins and expected.startswith(case.begins):
            expected, actual = case.begins, actual[:len(case.begins)]
        if case is not None and case.instead and self.clients[1].program != REFERENCE:
            expected = case.instead
        if case is not None and case.any_order:
            expected, actual = _sorted_lines(expected), _sorted_lines(actual)
        elif case is not None:
            expected, actual = _sorted_runs(expected), _sorted_runs(actual)
        problems = _diff(expected.splitlines(True), actual.splitlines(True))
        if ours.code != reference.code and reference.code is not None:
            problems += f"exit code: reference {reference.code}, ours {ours.code}\n"
        if reference.err != ours.err and (case is None or case.compare_stderr):
            problems += "stderr:\n" + _diff(reference.err.splitlines(True),
                                            ours.err.splitlines(True))
        if problems:
            self.fail(name, problems)

    def converse(self, name, words, talk, linger=False, case=None):
        """`talk` leads a Conversation with each client; `linger`: the reference's may not end."""
        results = []
        for client in self.clients:
            conversation = Conversation(client, ["-c", "{dir}/d.conf"] + words)
            try:
                talk(conversation, client.daemon)
            except AssertionError as problem:
                self.fail(name, str(problem))
                conversation.abandon()
                return
            if linger and client.program == REFERENCE:
                results.append(conversation.abandon())
            else:
                results.append(conversation.finish())
        self.compare(name, *results, case)


def _first_line(text):
    return text.partition("\n")[0] + (" + help" if text.count("\n") > 1 else "")


def _sorted_lines(text):
    return "".join(sorted(text.splitlines(True)))


def _sorted_runs(text):
    """Successive members of a group with the same verdict ("grp:a: stopped") in the order of their
    names: the daemon tells them in the order in which it happened to see them end."""
    def verdict(line):
        return line.rpartition(": ")[2] if ":" in line.rpartition(": ")[0] else line

    return "".join(line for key, run in itertools.groupby(text.splitlines(True), verdict)
                   for line in sorted(run))


def _diff(reference, ours):
    return "".join(line if line.endswith("\n") else line + "\n" for line in difflib.unified_diff(
        reference, ours, "reference", "ours", n=1))


def runs(steps):
    def run(scenario):
        scenario.start()
        scenario.run(steps)
    return run


def run_streams(scenario):
    scenario.start()

    def follow(talk, _daemon):
        talk.expect("h\u00e9llo <&>\n")
        talk.interrupt()

    def follow_growing(talk, daemon):
        talk.expect("exit <==\n")
        daemon.rpc().supervisor.sendProcessStdin("cat", "more h\u00e9\n")
        talk.expect("more h\u00e9\n")
        talk.interrupt()

    def follow_binary(talk, _daemon):
        talk.expect("Undecodable: b'\\xff\\n'")
        talk.interrupt()

    def foreground(talk, _daemon):
        talk.expect("exit <==\n")
        talk.type("typed h\u00e9\n")
        talk.expect("typed h\u00e9\n")
        talk.interrupt()
        talk.expect("Exiting foreground\n")

    def foreground_ends(talk, daemon):
        talk.expect("typed h\u00e9\n")  # of the conversation before: now it follows the log
        daemon.rpc().supervisor.stopProcess("cat")
        talk.type("anybody?\n")
        talk.expect("Exiting foreground\n")

    def back_to_the_shell(talk, _daemon):
        talk.type("tail -f talker\n")
        talk.expect("h\u00e9llo <&>\n")
        talk.interrupt()
        talk.type("pid zz\nquit\n")

    def leave_the_shell(talk, _daemon):
        talk.expect("compare> ")
        talk.interrupt()

    for name, words, talk in (
            ("tail -f", ["tail", "-f", "talker"], follow),
            ("tail -f stderr", ["tail", "-f", "talker", "stderr"],
             lambda talk, _: (talk.expect("oops\n"), talk.interrupt())),
            ("tail -f growing", ["tail", "-f", "cat"], follow_growing),
            ("tail -f binary", ["tail", "-f", "binary"], follow_binary),
            ("tail -f in the shell", [], back_to_the_shell),
            ("Ctrl-C in the shell", [], leave_the_shell)):
        scenario.converse(name, words, talk)

    def start_stopped_meanwhile(_talk, daemon):
        wait_until(lambda: daemon.states()["slow:slow"] == "STARTING", "slow to be starting")
        daemon.rpc().supervisor.stopProcess("slow")

    scenario.converse("start of a process that is stopped meanwhile", ["start", "slow"],
                      start_stopped_meanwhile)
    def follow_main_log(talk, daemon):
        talk.expect("entered RUNNING state")
        daemon.rpc().supervisor.stopProcess("sleeper")
        talk.expect("stopped: sleeper")
        talk.interrupt()

    scenario.converse("maintail -f", ["maintail", "-f"], follow_main_log,
                      case=cases.Case([], begins="==> Press Ctrl-C to exit <==\n"))
    scenario.converse("fg", ["fg", "cat"], foreground, linger=True)
    scenario.converse("fg of a process that ends", ["fg", "cat"], foreground_ends, linger=True)


def run_shutdown(scenario):
    scenario.start()
    scenario.run(cases.commands("start stubborn"))
    pids = [d.rpc().supervisor.getProcessInfo("stubborn")["pid"] for d in scenario.daemons]
    scenario.run(cases.commands("shutdown"), settle=False)
    wait_until(lambda: all(d.states() is None for d in scenario.daemons), "the shutdown to begin")
    scenario.run(cases.SHUTTING_DOWN, settle=False)
    for pid in pids:
        os.kill(pid, signal.SIGKILL)
    for daemon in scenario.daemons:
        daemon.wait_for_end()
    scenario.run(cases.UNREACHABLE, settle=False)  # no such file

    def leave_stale_socket(daemon):
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(daemon.socket_path)

    def leave_file(daemon):
        os.unlink(daemon.socket_path)
        open(daemon.socket_path, "w").close()

    def put_under_file(daemon):
        os.unlink(daemon.socket_path)
        daemon.configure(cases.STUBBORN.replace("/s.sock", "/empty.conf/s.sock"))

    def make_too_long(daemon):
        daemon.configure(cases.STUBBORN.replace("/s.sock", "/" + "x" * 200))

    few = cases.commands("status", "start x", "version", "shutdown", "avail", "reload")
    for step in (leave_stale_socket, leave_file, put_under_file, make_too_long):
        scenario.run([step, *few], settle=False)


def run_terminal(scenario):
    """Ours only: the reference's line editor draws differently."""
    scenario.start()
    daemon = scenario.daemons[1]
    history = os.path.join(daemon.folder, "history")
    program = scenario.clients[1].program

    def session(name, arguments, talk):
        scenario.count += 1
        terminal = Terminal(program, ["-c", daemon.config_path, *arguments])
        try:
            talk(terminal)
            code = terminal.exit_code()
            if code != 0:
                scenario.fail(name, f"exit code {code}")
        except AssertionError as problem:
            scenario.fail(name, str(problem))
            terminal.kill()

    def edit(terminal):
        terminal.expect("compare> ")
        terminal.type("sta\t")
        terminal.expect("start  status")
        terminal.type("tu\tsl\t\n")
        terminal.expect("RUNNING   pid")
        terminal.expect("compare> ")
        terminal.type("pid gr\t\x15version\n")
        terminal.expect(daemon.rpc().supervisor.getSupervisorVersion())
        terminal.expect("compare> ")
        terminal.type("\x04")

    def remember(terminal):
        terminal.expect("compare> ")
        terminal.type("\x10\x10\n")  # ^P: the line before the last
        terminal.expect("RUNNING   pid")
        terminal.expect("compare> ")
        terminal.type("\x03")

    def follow(terminal):
        terminal.expect("compare> ")
        terminal.type("tail -f talker\n")
        terminal.expect("first")
        terminal.type("\x03")
        terminal.expect("compare> ")
        terminal.type("fg cat\n")
        terminal.expect("exit <==")
        terminal.type("echoed\n")
        terminal.expect("echoed")
        terminal.expect("echoed")
        terminal.type("\x03")
        terminal.expect("Exiting foreground")
        terminal.expect("compare> ")
        terminal.type("quit\n")

    session("editing and completion", ["-r", history], edit)
    lines = open(history, encoding="utf-8").read() if os.path.exists(history) else "no file"
    if lines != "status sleeper \nversion\n":
        scenario.fail("history file", repr(lines))
    session("history", ["-r", history], remember)
    session("tail -f and fg", [], follow)


def run_completion(scenario):
    """Ours only: bash completion, asked as bash would ask it."""
    scenario.start()
    folder = os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../../ctl/completions")
    drop_in = scenario.clients[1].program
    modctl = os.path.join(os.path.dirname(drop_in), "modctl")
    bash = ["bash", "-c", 'source "$0/modctl.bash"; COMP_LINE=$1 COMP_POINT=${#1}; _modctl; '
            'echo "${COMPREPLY[*]}"', folder]
    fish = ["fish", "--no-config", "-c",
            f"set PATH {os.path.dirname(drop_in)} $PATH; source {folder}/modctl.fish; "
            'complete -C "$argv[1]" | string replace -r "\\t.*" "" | string join " "']

    def complete(shell, client, line, expected):
        scenario.count += 1
        text = f"{client} -c {scenario.daemons[1].config_path} {line}"
        answer = subprocess.run([*shell, text], capture_output=True, text=True,
                                timeout=DEADLINE_SECONDS, check=False)
        if answer.stdout.strip() != expected:
            scenario.fail(f"{shell[0]} completion of {line!r} for {client}",
                          f"{answer.stdout!r} {answer.stderr}")

    for line, expected in (
            ("sta", "start status"), ("help ver", "version"), ("start gr", "grp:a grp:* grp:b"),
            ("tail sleeper s", "sleeper"), ("stop grp:", "a * b"), ("update g", "grp"),
            ("signal HUP al", "all"), ("fg al", ""), ("version ", ""), ("--ser", "--serverurl"),
            ("logs gr", ""), ("status --", ""), ("expl", "")):
        complete(bash, drop_in, line, expected)
    for line, expected in (
            ("expl", "explain"), ("logs gr", "grp:a grp:* grp:b"), ("status --", "--json --watch"),
            ("logs -f --s", "--since-start --stdout --stderr"), ("logs -n ", ""),
            ("health --ready sl", "sleeper"), ("start --", "--wait"), ("version --j", "--json")):
        complete(bash, modctl, line, expected)
    if shutil.which("fish"):
        for line, expected in (
                ("sta", "start status"), ("start gr", "grp:* grp:a grp:b"), ("update g", "grp"),
                ("logs --s", "--since-start --stderr --stdout"), ("health --ready sl", "sleeper")):
            complete(fish, "modctl", line, expected)


def run_reload(scenario):
    scenario.start()
    scenario.run(cases.commands("reload"), settle=False)


SCENARIOS = {
    "shutdown": (run_shutdown, cases.STUBBORN),
    "lifecycle": (runs(cases.LIFECYCLE), cases.MAIN),
    "configuration": (runs(cases.CONFIGURATION), cases.MAIN),
    "looking": (runs(cases.LOOKING), cases.MAIN),
    "all": (runs(cases.ALL), cases.WITHOUT_QUICK),
    "logs": (runs(cases.LOGS), cases.MAIN),
    "streams": (run_streams, cases.SLOW),
    "options": (runs(cases.OPTIONS), cases.MAIN),
    "shell": (runs(cases.SHELL), cases.MAIN),
    "terminal": (run_terminal, cases.MAIN),
    "completion": (run_completion, cases.MAIN),
    "reload": (run_reload, cases.MAIN),
    "no_interface": (runs(cases.NO_INTERFACE), cases.WITHOUT_INTERFACE),
    "password": (runs(cases.PASSWORD), cases.WITH_PASSWORD),
}

OF_OUR_CLIENT = {"terminal", "completion"}


def run_scenario(name, ours, folder):
    run, template = SCENARIOS[name]
    scenario = Scenario(name, ours, folder, template)
    try:
        run(scenario)
    except Exception:  # the other scenarios go on
        scenario.fail("the scenario broke off", traceback.format_exc())
    finally:
        scenario.stop()
    print(f"{name}: {scenario.count} comparisons, {len(scenario.failures)} differences", flush=True)
    return scenario.failures


def main(words):
    if words[0] == "--daemon":
        ours, names = (REFERENCE, os.path.abspath(words[1])), words[2:]
        names = names or [name for name in SCENARIOS if name not in OF_OUR_CLIENT]
    else:
        ours, names = (os.path.abspath(words[0]), SUPERVISORD), words[1:]
    for program in (SUPERVISORD, REFERENCE):
        if not os.access(program, os.X_OK):
            print(f"FAILED: {program} is needed (Debian package supervisor)")
            return 1
    # Most of the time is spent waiting for the reference daemons' one-second loop.
    with tempfile.TemporaryDirectory(prefix="ctl-") as folder, ThreadPoolExecutor(6) as pool:
        running = [pool.submit(run_scenario, name, ours, folder)
                 for name in names or SCENARIOS]
        failures = [failure for run in running for failure in run.result()]
    for failure in failures:
        print("\n" + failure)
    return 1 if failures else 0


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1:]))
