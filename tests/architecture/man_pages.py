#!/usr/bin/env python3
"""Every long option that --help lists, under any name a page is about, is on that page, and the other way
round.

    man_pages.py PAGE PROGRAM...
"""
import re
import subprocess
import sys


def main():
    page, *programs = sys.argv[1:]
    offered = set()
    for program in programs:
        help_text = subprocess.run([program, "--help"], check=True, capture_output=True, text=True).stdout
        offered |= set(re.findall(r"(?<![\w-])--([a-z][\w-]*)", help_text))
    with open(page, encoding="utf-8") as file:
        described = set(re.findall(r"Fl -([a-z][\w-]*)", file.read()))
    for option in sorted(offered - described):
        print(f"{page} does not describe --{option}")
    for option in sorted(described - offered):
        print(f"{page} describes --{option}, which none of {' '.join(programs)} has")
    return 1 if offered != described else 0


if __name__ == "__main__":
    sys.exit(main())
