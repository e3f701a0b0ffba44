#!/usr/bin/env python3
"""Performs scenarios against the installed reference product and against ours, and compares.

run.py --list                          names of all scenarios
run.py --ours BIN/supervisord NAME...  these, or --all of them
run.py --self NAME...                  the reference against itself: is the scenario stable?
"""

import argparse
import concurrent.futures
import difflib
import importlib
import pathlib
import pprint
import shutil
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import deviations  # noqa: E402
from product import Failed, Product  # noqa: E402
from scenario import SCENARIOS  # noqa: E402

REFERENCE = "/usr/bin/supervisord"


def load_themes():
    for file in sorted((HERE / "themes").glob("*.py")):
        importlib.import_module(f"themes.{file.stem}")


def perform(function, binary):
    """Runs one scenario in a directory of its own; returns what was seen."""
    directory = tempfile.mkdtemp(prefix="conformance-")
    product = Product(binary, directory)
    try:
        function(product)
        return product.seen
    except Exception:
        print(f"--- {binary}, console:\n{product.output()}\n--- log:\n{product.log_text()}", file=sys.stderr)
        raise
    finally:
        product.destroy()
        shutil.rmtree(directory, ignore_errors=True)


def text_of(seen):
    lines = []
    for what, value in seen:
        lines.append(f"== {what}")
        lines += (value if isinstance(value, str) else pprint.pformat(value, width=110)).splitlines()
    return lines


def compare(name, ours, theirs_binary):
    """True if both products have been seen to do the same."""
    function = SCENARIOS[name]
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            theirs, mine = pool.map(lambda binary: perform(function, binary), (theirs_binary, ours))
    except Failed as failure:
        print(f"FAIL {name}: {failure}")
        return False
    except Exception:  # a scenario that breaks is a failure, not the end of the run
        print(f"FAIL {name}:")
        traceback.print_exc(file=sys.stdout)
        return False
    if ours != theirs_binary:
        mine = [(w, deviations.apply(deviations.GENERAL + deviations.BY_SCENARIO.get(name, []), v)) for w, v in mine]
        theirs = [(w, deviations.apply(deviations.REFERENCE, v)) for w, v in theirs]
    if mine == theirs:
        print(f"ok   {name} ({len(mine)} observations)")
        return True
    print(f"FAIL {name}: {function.__doc__.strip()}")
    diff = difflib.unified_diff(text_of(theirs), text_of(mine), "reference", "ours", lineterm="", n=2)
    print("\n".join("    " + line for line in diff))
    return False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--self", action="store_true", dest="against_itself")
    parser.add_argument("--ours")
    parser.add_argument("-j", type=int, default=6, help="scenarios at a time")
    options = parser.parse_args()
    load_themes()
    if options.list:
        print("\n".join(SCENARIOS))
        return 0
    if not pathlib.Path(REFERENCE).exists():
        print(f"cannot compare: the reference product is not installed ({REFERENCE})", file=sys.stderr)
        return 1
    names = list(SCENARIOS) if options.all else options.names
    ours = REFERENCE if options.against_itself else options.ours and str(pathlib.Path(options.ours).absolute())
    unknown = [name for name in names if name not in SCENARIOS]
    if not names or unknown or not ours:
        parser.error(f"unknown scenarios {unknown}" if unknown else "nothing to do; see --help")
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        verdicts = list(pool.map(lambda name: compare(name, ours, REFERENCE), names))
    print(f"{sum(verdicts)} passed, {len(verdicts) - sum(verdicts)} failed")
    return 0 if all(verdicts) else 1


if __name__ == "__main__":
    sys.exit(main())
