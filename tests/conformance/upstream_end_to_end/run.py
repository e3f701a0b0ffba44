#!/usr/bin/python3
"""Performs Supervisor's own end-to-end tests, as the installed package ships them, with our programs.

    run.py [--reference] BIN [TEST...]    BIN: the folder of supervisord and supervisorctl

The tests start the two programs as modules of sys.executable. That is set to a script that starts ours
instead. Nothing of the tests is copied here; what the package left out is supplied (see MISSING).
"""

import argparse
import concurrent.futures
import importlib.util
import os
import pathlib
import subprocess
import sys
import tempfile
import time
import unittest

PYTHON = "/usr/bin/python3"
MODULE = "supervisor.tests.test_end_to_end"
CASE = "EndToEndTests"
SECONDS_FOR_ONE = 150
SECONDS_TO_END = 30

CANNOT_APPLY = {
    "test_issue_1251": "compares sentences of the help, which ours has in its own words",
    "test_issue_1418_pidproxy_cmd_with_no_args": "pidproxy is a program of its own, which runs under any daemon",
    "test_issue_1418_pidproxy_cmd_with_args": "pidproxy is a program of its own, which runs under any daemon",
}

# Use the same socket in /tmp.
IN_TURN = ["test_issue_565", "test_issue_836"]

# The package has no shell script, but issue-565.conf needs one that prints what the test waits for.
MISSING = {"hello.sh": "i=0\nwhile :; do i=$((i + 1)); echo \"The \u00d8resund bridge ends in Malm\u00f6 - $i\"; sleep 1; done\n"}

SHIM = """#!/bin/sh
case "$1 $2" in
  "-m supervisor.supervisord") shift 2; exec {bin}/supervisord "$@" ;;
  "-m supervisor.supervisorctl") shift 2; exec {bin}/supervisorctl "$@" ;;
esac
exec {python} "$@"
"""


def executable(path, text):
    path.write_text(text, encoding="utf-8")
    path.chmod(0o755)


def fixtures_in(folder):
    """The package's fixtures, and what it left out."""
    origin = pathlib.Path(importlib.util.find_spec(MODULE).origin).parent / "fixtures"
    fixtures = folder / "fixtures"
    fixtures.mkdir()
    for entry in origin.iterdir():
        (fixtures / entry.name).symlink_to(entry)
    for name, text in MISSING.items():
        if not (fixtures / name).exists():
            executable(fixtures / name, text)
    return fixtures


def programs_in(folder, binaries):
    """A folder for PATH: fixtures say "python", which not every system has."""
    programs = folder / "bin"
    programs.mkdir()
    executable(programs / "shim", SHIM.format(bin=binaries, python=PYTHON) if binaries else
               f"#!/bin/sh\nexec {PYTHON} \"$@\"\n")
    (programs / "python").symlink_to(PYTHON)
    return programs


def perform(name, binaries):
    """One test in this process; returns its exit status."""
    import pexpect
    import pkg_resources
    with tempfile.TemporaryDirectory(prefix="upstream-") as folder:
        fixtures = fixtures_in(pathlib.Path(folder))
        programs = programs_in(pathlib.Path(folder), binaries)
        # Automatic logs in a folder of our own: daemons of one name clean up each other's.
        os.environ.update(END_TO_END="1", LANG="C.UTF-8", PATH=f"{programs}:/usr/bin:/bin", TMPDIR=folder)
        sys.executable = str(programs / "shim")
        pkg_resources.resource_filename = lambda _module, path: str(fixtures.parent / path)

        started = []
        original = pexpect.spawn

        def spawn(*arguments, **options):
            started.append(original(*arguments, **options))
            return started[-1]

        pexpect.spawn = spawn
        suite = unittest.defaultTestLoader.loadTestsFromName(f"{MODULE}.{CASE}.{name}")
        passed = unittest.TextTestRunner(verbosity=2).run(suite).wasSuccessful()
        for child in started:  # the tests send SIGINT and look no further
            end = time.monotonic() + SECONDS_TO_END
            while child.isalive():
                if time.monotonic() > end:
                    print(f"{child.command} does not end", file=sys.stderr)
                    child.close(force=True)
                    return 1
                try:
                    child.read_nonblocking(65536, timeout=0.1)  # or it could not write its last words
                except (pexpect.EOF, pexpect.TIMEOUT):
                    pass
        return 0 if passed else 1


def verdict(name, arguments):
    if name in CANNOT_APPLY:
        return f"skip {name}: {CANNOT_APPLY[name]}", True
    try:
        done = subprocess.run([PYTHON, "-B", __file__, *arguments, "--one", name], stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8", errors="replace",
                              timeout=SECONDS_FOR_ONE, check=False)
    except subprocess.TimeoutExpired as error:
        return f"FAIL {name}: not done within {SECONDS_FOR_ONE} s\n{error.output}", False
    if done.returncode == 0:
        return f"ok   {name}", True
    return f"FAIL {name}\n{done.stdout}", False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("bin")
    parser.add_argument("names", nargs="*")
    parser.add_argument("--reference", action="store_true", help="with Supervisor's own programs")
    parser.add_argument("--one", help=argparse.SUPPRESS)
    options = parser.parse_args()
    binaries = None if options.reference else pathlib.Path(options.bin).absolute()
    if options.one:
        return perform(options.one, binaries)
    for module in (MODULE, "pexpect", "pkg_resources"):
        if importlib.util.find_spec(module) is None:
            print(f"FAILED: {module} is needed (Debian packages supervisor and python3-pexpect)")
            return 1
    os.environ["END_TO_END"] = "1"
    names = options.names or unittest.defaultTestLoader.getTestCaseNames(
        getattr(importlib.import_module(MODULE), CASE))
    arguments = [options.bin] + (["--reference"] if options.reference else [])
    alone = [[name] for name in names if name not in IN_TURN]
    chains = alone + [[name for name in IN_TURN if name in names]]
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for verdicts in pool.map(lambda chain: [verdict(name, arguments) for name in chain], chains):
            for text, passed in verdicts:
                print(text, flush=True)
                failed += not passed
    print(f"{len(names) - failed} passed or cannot apply, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
