#!/usr/bin/env python3
"""No static binary may hold what brings NSS, a resolver or a plug-in loader with it: that is a second
libc and a crash (docs/design/architecture.md, Libraries). For unstripped binaries; libuv's own uses are
dropped by the linker, which is part of what is checked here."""

import re
import subprocess
import sys

FORBIDDEN = re.compile(
    r"^(getpw(nam|uid|ent)(_r)?|getgr(nam|gid|ent)(_r)?|getgrouplist|initgroups|getaddrinfo|gethostbyname\w*|"
    r"dlopen)(@|$)")


def undefined_or_defined(binary):
    """Names the program refers to; nm lists them with their version."""
    output = subprocess.run(["nm", "--format=posix", binary], check=True, capture_output=True, text=True).stdout
    return [line.split()[0] for line in output.splitlines() if line]


def main():
    bad = []
    for binary in sys.argv[1:]:
        names = undefined_or_defined(binary)
        if not names:
            bad.append(f"{binary}: no symbols to look at (stripped?)")
        bad += [f"{binary}: {name}" for name in names if FORBIDDEN.match(name)]
    print("\n".join(bad) or f"{len(sys.argv) - 1} programs without forbidden symbols")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
