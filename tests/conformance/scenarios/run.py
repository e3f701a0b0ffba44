#!/usr/bin/env python3
"""Performs scenarios against the installed reference product and against ours, and compares.

run.py --list                          names of all scenarios
run.py --list-tests                    the same, but for themes whose scenarios are run together
run.py --ours BIN/supervisord NAME...  these, whole themes, or --all of them
run.py --self NAME...                  the reference against itself: is the scenario stable?
run.py --table                         number of scenarios by theme, as a table
run.py --check-table FILE              does the file have that table?

The reference has a known race (it may miss a child's end and see it a second later, when startsecs are
over). So it is allowed several performances to do what ours did in its only one.
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
from scenario import SCENARIOS, can_be_performed  # noqa: E402

REFERENCE = "/usr/bin/supervisord"
REFERENCE_ATTEMPTS = 3


def load_themes():
    """Imports all themes; returns the modules by their names."""
    files = sorted((HERE / "themes").glob("[!_]*.py"))
    return {file.stem: importlib.import_module(f"themes.{file.stem}") for file in files}


def table(themes):
    """Number of scenarios by theme, and what the theme says of itself."""
    counts = {theme: sum(name.startswith(theme + ".") for name in SCENARIOS) for theme in themes}
    rows = ["| theme | scenarios | what is compared |", "|---|---:|---|"]
    for theme, module in themes.items():
        about = module.__doc__.partition("\n\n")[0].replace("\n", " ").strip().rstrip(".")
        rows.append(f"| {theme} | {counts[theme]} | {about} |")
    return "\n".join([*rows, f"| all | {sum(counts.values())} | |"])


def check_table(themes, file):
    if table(themes) in pathlib.Path(file).read_text(encoding="utf-8"):
        return 0
    print(f"{file} does not have the table that --table prints:\n{table(themes)}")
    return 1


def names_of(words):
    """Names of scenarios for names of scenarios and themes."""
    names = []
    for word in words:
        found = [name for name in SCENARIOS if name == word or name.startswith(word + ".")]
        if not found:
            raise ValueError(f"no scenario or theme is called {word}")
        names += found
    return names


def perform(function, binary):
    """Runs one scenario in a directory of its own; returns what was seen."""
    directory = tempfile.mkdtemp(prefix="conformance-")
    product = Product(binary, directory)
    try:
        function(product)
        return product.seen
    except Failed as failure:
        raise Failed(f"{binary}: {failure}") from failure
    except Exception:
        print(f"--- {binary}\n{product.output()}", file=sys.stderr)
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


def rewritten(name, mine, theirs):
    """Both products' observations without the wanted deviations."""
    mine = [(w, deviations.apply(deviations.GENERAL + deviations.BY_SCENARIO.get(name, []), v)) for w, v in mine]
    theirs = [(w, deviations.apply_to_reference(v)) for w, v in theirs]
    return deviations.without_wanted(name, mine), deviations.without_wanted(name, theirs)


def compare(name, ours):
    """The text of the verdict, and whether both products have been seen to do the same."""
    function = SCENARIOS[name]
    if not can_be_performed(function):
        return f"skip {name}: needs root", True
    try:
        with concurrent.futures.ThreadPoolExecutor(2) as pool:
            theirs, mine = pool.map(lambda binary: perform(function, binary), (REFERENCE, ours))
        if ours == REFERENCE:
            original, theirs = ([(w, deviations.apply_to_reference(v)) for w, v in seen] for seen in (mine, theirs))
        else:
            original, theirs = rewritten(name, mine, theirs)
        attempts = 1
        while ours != REFERENCE and original != theirs and attempts < REFERENCE_ATTEMPTS:
            _, theirs = rewritten(name, mine, perform(function, REFERENCE))
            attempts += 1
    except Failed as failure:
        return f"FAIL {name}: {failure}", False
    except Exception:  # a scenario that breaks is a failure, not the end of the run
        return f"FAIL {name}:\n{traceback.format_exc()}", False
    if original == theirs:
        again = f", the reference at attempt {attempts}" if attempts > 1 else ""
        return f"ok   {name} ({len(mine)} observations{again})", True
    diff = difflib.unified_diff(text_of(theirs), text_of(original), "reference", "ours", lineterm="", n=2)
    return "\n".join([f"FAIL {name}: {function.__doc__.strip()}", *("    " + line for line in diff)]), False


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*")
    parser.add_argument("--list", action="store_true")
    parser.add_argument("--list-tests", action="store_true")
    parser.add_argument("--all", action="store_true")
    parser.add_argument("--table", action="store_true")
    parser.add_argument("--check-table", metavar="FILE")
    parser.add_argument("--self", action="store_true", dest="against_itself")
    parser.add_argument("--ours")
    parser.add_argument("-j", type=int, default=4, help="scenarios at a time")
    options = parser.parse_args()
    themes = load_themes()
    together = {name for name, module in themes.items() if getattr(module, "TOGETHER", False)}
    if options.table:
        print(table(themes))
        return 0
    if options.check_table:
        return check_table(themes, options.check_table)
    if options.list or options.list_tests:
        alone = [name for name in SCENARIOS if options.list or name.partition(".")[0] not in together]
        print("\n".join(alone + (sorted(together) if options.list_tests else [])))
        return 0
    if not pathlib.Path(REFERENCE).exists():
        print(f"cannot compare: the reference product is not installed ({REFERENCE})", file=sys.stderr)
        return 1
    ours = REFERENCE if options.against_itself else options.ours and str(pathlib.Path(options.ours).absolute())
    try:
        names = list(SCENARIOS) if options.all else names_of(options.names)
    except ValueError as error:
        parser.error(str(error))
    if not names or not ours:
        parser.error("nothing to do; see --help")
    failed = 0
    with concurrent.futures.ThreadPoolExecutor(options.j) as pool:
        for text, passed in pool.map(lambda name: compare(name, ours), names):
            print(text, flush=True)
            failed += not passed
    print(f"{len(names) - failed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
