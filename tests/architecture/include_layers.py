#!/usr/bin/env python3
"""Fails on an #include that points against the arrows of docs/design/architecture.md."""

import pathlib
import re
import sys

# What a folder may include of ours, and which third-party headers. A file named here is the only
# one of its folder that may include the header.
LAYERS = {
    "supervisor/base": ({"base"}, {"tl/expected.hpp": None}),
    "supervisor/config": ({"base", "config"}, {"tl/expected.hpp": None, "ini.h": {"ini_source.cc"}}),
    "supervisor/core": ({"base", "core", "config/model.h"}, {"tl/expected.hpp": None}),
    "supervisor/init": ({"base", "init", "config/model.h"}, {"tl/expected.hpp": None}),
    "supervisor/wire": (
        {"base", "wire"},
        {"tl/expected.hpp": None, "llhttp.h": {"http_parser.cc"}, "pugixml.hpp": {"xmlrpc_reader.cc"}},
    ),
    "supervisor/rpc": ({"base", "core", "wire", "rpc", "config/model.h"}, {"tl/expected.hpp": None}),
    "supervisor/web": (
        {"base", "core", "wire", "rpc", "web", "config/model.h"}, {"tl/expected.hpp": None, "nlohmann/": {"json.h"}}),
    "supervisor/doctor": (
        {"base", "doctor", "config/model.h", "os/container_facts.h"}, {"tl/expected.hpp": None}),
    "supervisor/os": ({"base", "os"}, {"tl/expected.hpp": None}),
    "supervisor/shell": (
        {"base", "config", "core", "doctor", "init", "wire", "rpc", "web", "os", "shell", "navi"},
        {"tl/expected.hpp": None, "uv.h": None, "spdlog/": {"activity_log.cc"}, "fmt/": {"activity_log.cc"}},
    ),
    "supervisor": ({"base", "config", "core", "init", "wire", "rpc", "os", "shell"}, {}),
    "ctl": (
        {"base", "config", "wire", "ctl"},
        {"tl/expected.hpp": None, "nlohmann/": None, "histedit.h": {"terminal_editor.cc"}},
    ),
    "navi": ({"base", "wire", "navi"}, {"tl/expected.hpp": None, "nlohmann/": None}),
}
OURS = {"base", "config", "core", "doctor", "init", "wire", "rpc", "web", "os", "shell", "ctl", "navi"}
THIRD_PARTY = ("tl/", "uv.h", "uv/", "ini.h", "llhttp.h", "pugixml.hpp", "spdlog/", "fmt/", "nlohmann/", "histedit.h")
INCLUDE = re.compile(r'^\s*#\s*include\s*[<"]([^>"]+)[>"]', re.M)


def layer_of(path):
    """The longest entry of LAYERS the file lies in."""
    parents = [p.as_posix() for p in path.parents]
    return next((p for p in parents if p in LAYERS), None)


def verdict(path, header, layer):
    own, foreign = LAYERS[layer]
    first = header.split("/")[0]
    if first in OURS and "/" in header:
        if first in own or header in own:
            return None
        return f"{layer} must not know {header}"
    if header.startswith(THIRD_PARTY):
        for prefix, files in foreign.items():
            if header.startswith(prefix):
                return None if files is None or path.name in files else f"only {sorted(files)} may include {header}"
        return f"{layer} must not use {header}"
    return None


def main():
    root = pathlib.Path(sys.argv[1])
    problems, seen = [], 0
    for top in ("supervisor", "ctl", "navi"):
        for file in sorted((root / top).rglob("*")):
            if file.suffix not in (".h", ".cc"):
                continue
            path = file.relative_to(root)
            layer = layer_of(path)
            for header in INCLUDE.findall(file.read_text(encoding="utf-8")):
                seen += 1
                problem = verdict(path, header, layer)
                if problem:
                    problems.append(f"{path}: {problem}")
    print("\n".join(problems) or f"{seen} includes, none against the arrows")
    return 1 if problems or not seen else 0


if __name__ == "__main__":
    sys.exit(main())
