#!/usr/bin/env python3
"""Every command and option that modctl's help tells of is on its manual page and in every completion, and the
page describes no others.

    ctl_commands.py MODCTL PAGE COMPLETION...
"""
import re
import subprocess
import sys


def help_of(modctl, *words):
    return subprocess.run([modctl, *words], check=True, capture_output=True, text=True).stdout


def commands_of(modctl):
    """name -> names of its options, without dashes."""
    listing = help_of(modctl, "help").partition("=\n")[2]
    options = r"^  (?:-\w, )?--([a-z][\w-]*)"
    names = [*listing.split(), "help"]  # which does not list itself
    return {name: re.findall(options, help_of(modctl, "help", name), re.M) for name in names}


def main():
    modctl, page, *completions = sys.argv[1:]
    commands = commands_of(modctl)
    options = set(re.findall(r"(?<![\w-])--([a-z][\w-]*)", help_of(modctl, "--help")))
    options |= {option for of_one in commands.values() for option in of_one}
    problems = []
    with open(page, encoding="utf-8") as file:
        text = file.read()
    # A tag line names one command, or several separated by commas.
    tags = [line.split() for line in re.findall(r"^\.It Cm (.*)$", text, re.M)]
    described = {words[0] for words in tags} | {w[i + 1] for w in tags for i in range(len(w) - 1) if w[i] == ","}
    problems += [f"{page} does not describe the command {name}" for name in sorted(commands.keys() - described)]
    problems += [f"{page} describes the command {name}, which there is not" for name in sorted(described - commands.keys())]
    described = set(re.findall(r"Fl -([a-z][\w-]*)", text))
    problems += [f"{page} does not describe --{name}" for name in sorted(options - described)]
    problems += [f"{page} describes --{name}, which there is not" for name in sorted(described - options)]
    for completion in completions:
        with open(completion, encoding="utf-8") as file:
            words = set(re.findall(r"[\w-]+", file.read()))
        words |= {word.lstrip("-") for word in words}
        problems += [f"{completion} does not know {name}" for name in sorted((commands.keys() | options) - words)]
    print("\n".join(problems))
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
