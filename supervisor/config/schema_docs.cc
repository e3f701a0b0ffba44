#include <algorithm>

#include "base/text.h"
#include "config/schema.h"
#include "config/value_types.h"

/// docs/configuration.md: prose from here, tables from the schema.
namespace sv::config {
namespace {

struct ValueType {
  std::string_view name;
  std::string_view doc;
};

constexpr ValueType kValueTypes[] = {
    {"text", "Anything."},
    {"name", "No space, `:` or `/`."},
    {"integer", "Decimal, with sign and single underscores if you like: `007`, `-5`, `1_000`."},
    {"boolean", "`yes`, `true`, `on`, `1` or `no`, `false`, `off`, `0`, in any case."},
    {"byte size",
     "An integer, or one followed by `KB`, `MB` or `GB` (factors of 1024) in any case. Negative "
     "means 0."},
    {"octal", "`022`, `22` or `0o22`."},
    {"path",
     "`~` and `~user` at the front are resolved; the directory of the file must exist when the "
     "configuration is read, unless the key says otherwise."},
    {"directory", "`~` is resolved; must exist when the configuration is read."},
    {"log file",
     "`AUTO`: a file in `childlogdir` that is removed at the next start. `NONE`, `OFF` or empty: "
     "the output is dropped. Otherwise a path, relative to the daemon's directory; use "
     "`/dev/stdout` with `maxbytes=0` for the container's log."},
    {"log level", "`critical`, `error`, `warn`, `info`, `debug`, `trace` or `blather`."},
    {"signal", "A name with or without `SIG`, or a number: `TERM`, `SIGKILL`, `2`."},
    {"exit codes", "Integers from 0 to 255, separated by commas."},
    {"autorestart", "A boolean, or `unexpected`."},
    {"redirection", "A boolean, or `auto`."},
    {"signals", "Names or numbers with commas between: `HUP,USR1`."},
    {"exit action", "`restart`, `ignore` or `shutdown`."},
    {"fatal action", "`ignore` or `shutdown`."},
    {"exit rule", "`none`, `any_fatal` or `all_exited`."},
    {"pressure", "`some N%` or `full N%`, or empty."},
    {"user",
     "A user name or a numeric id that exists. Only files are searched, no directory "
     "service."},
    {"user[:group]", "`user`, `user:group` or the ids; without a group it stays unchanged."},
    {"address", "A port, or `host:port` split at the last colon."},
    {"socket",
     "`unix:///absolute/path`, or `tcp://host:port` with `localhost`, an IPv4 address or "
     "`*`."},
    {"list", "Items separated by commas; line breaks are fine."},
    {"environment",
     "`KEY=\"value\",KEY2='value'`. Quote a value that holds anything but letters, digits and "
     "`_/.+-():`; in double quotes `\\\"` and `\\\\` are escapes."},
};

constexpr std::string_view kIntroduction = R"(# Configuration

<!-- Generated from supervisor/config/schema_table.cc and schema_docs.cc. After a change there:
     SV_UPDATE_DOCS=1 <build>/tests/config_schema_test -->

modinit reads the INI files of Supervisor unchanged. `-c FILE` names the file; without it the first
of these is used, where `D` is the directory above the program's own:
`D/etc/supervisord.conf`, `D/supervisord.conf`, `supervisord.conf`, `etc/supervisord.conf`,
`/etc/supervisord.conf`, `/etc/supervisor/supervisord.conf`.

```ini
[supervisord]
nodaemon=true
logfile=/dev/null
logfile_maxbytes=0

[unix_http_server]
file=/run/modinit.sock

[rpcinterface:supervisor]
supervisor.rpcinterface_factory=supervisor.rpcinterface:make_main_rpcinterface

[supervisorctl]
serverurl=unix:///run/modinit.sock

[program:web]
command=/usr/bin/node server.js
directory=/srv/app
user=app
stdout_logfile=/dev/stdout
stdout_logfile_maxbytes=0
redirect_stderr=true
```

All mistakes of all files are reported together, each with its file and line. A reload reads and
checks everything before anything is stopped; when it fails, what runs goes on as it is.
A key that is not known is ignored, with a warning that names the key it was probably meant to be;
so is a section whose name looks misspelt. Other unknown sections are left alone.

## Syntax

- `key = value` or `key: value`; keys in any case. An indented line continues the value above it,
  whatever it looks like: do not indent headers.
- `;` or `#` starts a comment at the beginning of a line and after white space, **also inside
  quotes**.
- A repeated key replaces the earlier one, repeated sections merge.
- Keys of `[DEFAULT]` are defaults for every section.
- Files are UTF-8, at most 4 MiB each.

## Expansions

`%(name)s` is replaced in every value, `%%` is a percent sign. Numbers can be formatted:
`%(process_num)02d`. Where a name is not available, using it is an error.

| Name | Value | Available in |
|---|---|---|
| `ENV_X` | variable `X` of the daemon's environment | everywhere |
| | ... of `environment` in `[supervisord]` | all other sections except `[include]` |
| | ... of the program's own `environment` | its per-process keys |
| `here` | directory of the file | everywhere except HTTP servers (but in `file`) and plug-ins |
| `host_node_name` | the machine's name | `[include]`, `environment`, programs |
| `program_name`, `group_name` | names of the section and of the group it runs in | programs |
| `process_num`, `numprocs` | number of the process, and how many there are | per-process keys |

Per-process keys are `environment`, `process_name`, `command`, `directory` and those of the log
files (`*_logfile`, `*_logfile_maxbytes`, `*_logfile_backups`, `*_syslog`). The two log file names
are expanded twice, so a percent sign in them is written `%%%%`. A file with an `[include]` section
cannot use `%%(here)s`.

## Value types

)";

constexpr std::string_view kClosing = R"(
## Order

Groups start by ascending priority, then by name, and stop in reverse. Inside the group of one
program processes start by name (`n_10` before `n_2`); a `[group:x]` starts in the order of
`programs`. When two sections make groups of the same name, only the one that starts first is used,
and a warning says so.

## Differences from Supervisor

- All errors are reported at once; Supervisor stops at the first.
- Host names in `port` and in `tcp://` sockets are refused, because resolving them needs the
  system's name service; IPv6 addresses are accepted.
- Negative sizes mean 0. (In Supervisor a negative `logfile_maxbytes` of a program loses all
  output.)
- There can be 10000 processes in all, and times are limited to a billion seconds.
- Only the built-in RPC interface and result handler exist.
- Misspelt names, and groups or processes that are dropped because another has their name, are
  warned about.
)";

std::string fallback_cell(const KeySchema& key) {
  if (!key.has_fallback_value()) {
    return std::string(key.fallback.substr(1, key.fallback.size() - 2));
  }
  return key.fallback.empty() ? "empty" : cat({"`", key.fallback, "`"});
}

std::string heading(const SectionSchema& section) {
  return cat({"[", section.kind, section.naming == SectionNaming::named ? ":x" : "", "]"});
}

void add_section(std::string& out, const SectionSchema& section) {
  out += cat({"\n### `", heading(section), "`\n\n", section.doc,
              "\n\n| Key | Type | Default | |\n|---|---|---|---|\n"});
  const auto add_row = [&out](const KeySchema& key) {
    out +=
        cat({"| `", key.name, "` | ", key.type, " | ", fallback_cell(key), " | ", key.doc, " |\n"});
  };
  std::ranges::for_each(section.keys, add_row);
  // The two HTTP servers repeat their short common part; programs refer to [program:x].
  if (section.naming == SectionNaming::prefix) {
    std::ranges::for_each(section.shared_keys, add_row);
  }
}

void add_event_types(std::string& out) {
  out +=
      "\n### Event types\n\nAn abstract type selects everything below it: `PROCESS_STATE` all "
      "`PROCESS_STATE_*`, `EVENT` all events.\n\n";
  std::string separator;
  for (const std::string_view name : event_names()) {
    out += cat({separator, "`", name, "`"});
    separator = ",\n";
  }
  out += ".\n";
}

}  // namespace

std::string render_markdown() {
  std::string out(kIntroduction);
  out += "| Type | |\n|---|---|\n";
  for (const ValueType& type : kValueTypes) {
    out += cat({"| ", type.name, " | ", type.doc, " |\n"});
  }
  out +=
      "\nSpaces around a value are removed before it is expanded, not afterwards.\n"
      "\n## Sections\n";
  for (const SectionSchema& section : all_sections()) {
    add_section(out, section);
    if (section.kind == "eventlistener") {
      add_event_types(out);
    }
  }
  out += kClosing;
  return out;
}

}  // namespace sv::config
