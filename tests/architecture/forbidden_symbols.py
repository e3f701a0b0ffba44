#!/usr/bin/env python3
"""No static binary may hold NSS or a resolver: they load plug-ins of another libc, which is a crash
(docs/design/architecture.md, Libraries); nor the C++ library's locales, which are half a megabyte.
For unstripped binaries; what libuv and pugixml refer to is met by supervisor/static_link.c, which is part
of what is checked here. (The loader itself is always there: stdio's wide characters refer to it.)"""

import re
import subprocess
import sys

FORBIDDEN = re.compile(
    r"^(getpw(nam|ent)(_r)?|getpwuid|getgr(nam|gid|ent)(_r)?|getgrouplist|initgroups|getaddrinfo|"
    r"gethostbyname\w*|__nss_database_get|__nss_module_load|_ZNSt6locale\w*)(@|$)")


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
