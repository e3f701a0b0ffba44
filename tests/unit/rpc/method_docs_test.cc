// docs/rpc.md is generated here, from the table that serves the calls. Run this test with
// SV_UPDATE_DOCS=1 in the environment to write it.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <string_view>

#include "rpc/fault.h"
#include "rpc/method_table.h"

namespace sv::rpc {
namespace {

constexpr std::string_view kIntroduction =
    R"(# XML-RPC interface

This page is generated from the table that serves the calls (`supervisor/rpc/method_table.cc`).

Calls are HTTP `POST` requests to `/RPC2`, over a unix socket or TCP. `modctl` and every client of
Supervisor 3 and 4 speak it. With curl:

    curl --unix-socket /run/supervisor.sock http://localhost/RPC2 -d \
      '<methodCall><methodName>supervisor.getAllProcessInfo</methodName></methodCall>'

A request body may have 1 MiB. Parameters are told apart by their order; those marked *optional* may
be left out from the right. A method that waits keeps its connection open and answers when it is
done; other connections are served meanwhile, and what was asked for happens even if the client goes
away.

## Names

`group:process` names a process, `name` is short for `name:name`, and `group:*` (or `group:`) names
all processes of a group where a method says so. Methods for groups take the bare name.

## States

| code | name | |
|---:|---|---|
| 0 | `STOPPED` | never started, or stopped on request |
| 10 | `STARTING` | up, but not yet for `startsecs` |
| 20 | `RUNNING` | |
| 30 | `BACKOFF` | ended too soon, will be tried again |
| 40 | `STOPPING` | told to stop, not ended yet |
| 100 | `EXITED` | ended by itself |
| 200 | `FATAL` | could not be started, given up |
| 1000 | `UNKNOWN` | could not be signalled |

## Lists of statuses

Methods that act on many processes answer with one struct for each: `name`, `group`, `status` and
`description`. `status` is 80 and `description` is `OK` when it worked, otherwise they are the code
and the text of a fault. Entries come in the order of completion.

## Faults

A fault is a code and the text `NAME` or `NAME: detail`. Every method can answer
`INCORRECT_PARAMETERS`, and `SHUTDOWN_STATE` once a shutdown or restart has begun unless it says
otherwise. With `readonly_username` and its password only the methods that say so below can be called;
the others answer `FAILED: these credentials may look, but not change anything`.

| code | name | |
|---:|---|---|
)";

struct FaultText {
  FaultCode code;
  std::string_view text;
};

constexpr FaultText kFaults[] = {
    {FaultCode::unknown_method, "there is no such method, or its interface is not configured"},
    {FaultCode::incorrect_parameters, "wrong number or type of parameters"},
    {FaultCode::bad_arguments, "an offset and a length that make no sense together"},
    {FaultCode::signature_unsupported, "introspection of a method that does not exist"},
    {FaultCode::shutdown_state, "the daemon is stopping"},
    {FaultCode::bad_name, "no such process or group"},
    {FaultCode::bad_signal, "no such signal"},
    {FaultCode::no_file, "the log, the program or the standard input is missing"},
    {FaultCode::not_executable, "the program cannot be executed"},
    {FaultCode::failed, "anything else; the detail says what"},
    {FaultCode::abnormal_termination, "the process was stopped while its start was awaited"},
    {FaultCode::spawn_error, "the process could not be created or ended too soon"},
    {FaultCode::already_started, "the process is starting, running or being retried"},
    {FaultCode::not_running, "the process is not in a state for this"},
    {FaultCode::success, "never a fault: the status of what worked"},
    {FaultCode::already_added, "the group is active"},
    {FaultCode::still_running, "a process of the group is not stopped"},
    {FaultCode::cant_reread, "the configuration has errors; the detail tells them"},
};

constexpr std::string_view kDifferences =
    R"(
## Differences from Supervisor

Behaviour is that of Supervisor's main branch, with these defects mended:

- `getAllConfigInfo` works with `autorestart=true` (a boolean), and shows the path of an automatic
  log as long as its group is active.
- Logs may hold anything: what is not UTF-8 or not allowed in XML is replaced instead of failing the
  call. One answer carries at most 64 MiB of a log.
- Integers beyond 32 bits are clamped instead of failing the call.
- Parameters of a wrong type are `INCORRECT_PARAMETERS` instead of an internal error.
- `sendProcessStdin` answers true when the pipe is full; the text is kept.
- `clearProcessLogs` empties the logs of a stopped program, too.
- `reloadConfig` takes over the daemon's identifier, but not its log before the next restart.
- `restart` is refused when the configuration has errors.
- Replies that wait come as soon as the state changes; nothing polls.

Kept, although surprising: starting a process that is being stopped does nothing and answers true
unless it waits; `system.multicall` answers with bare results; `readProcess*Log` beyond the end is
empty, not a fault.

## The rest of the server

| address | |
|---|---|
| `/`, `/index.html` | the status page; `?action=` and `&processname=` as Supervisor has them |
| `/tail.html?processname=NAME&limit=BYTES` | the end of a program's output |
| `/logtail/NAME`, `/logtail/NAME/stderr` | a log as it grows; the answer does not end |
| `/mainlogtail` | the daemon's log as it grows |
| `/ok.html` | `OK`, for health checks |

Actions of the status page work by `POST` and, for scripts, by `GET`. A browser that acts for another
site (`Sec-Fetch-Site`, or an `Origin` that is not the `Host`) is refused with 403, here and at `/RPC2`;
a loopback port without a password answers to `localhost` and addresses only ([api.md](api.md#browsers)).
)";

std::string parameter_line(const Method& method, std::size_t index) {
  const TypedText& parameter = method.parameters[index];
  std::string line = "- `" + std::string(parameter.name) + "` (" + std::string(parameter.type);
  line += index >= method.required ? ", optional): " : "): ";
  return line.append(parameter.text).append("\n");
}

std::string signature(const Method& method) {
  std::string text = "### " + std::string(method.name) + "(";
  for (std::size_t i = 0; i < method.parameter_count(); ++i) {
    text.append(i > 0 ? ", " : "").append(method.parameters[i].name);
  }
  return text + ")\n\n";
}

std::string section(const Method& method) {
  std::string text = signature(method).append(method.text).append("\n\n");
  for (std::size_t i = 0; i < method.parameter_count(); ++i) {
    text += parameter_line(method, i);
  }
  text.append("- answer (").append(method.result.type).append("): ");
  text.append(method.result.text).append("\n");
  if (!method.faults.empty()) {
    text.append("- faults: ").append(method.faults).append("\n");
  }
  if (method.needs == Access::read_only) {
    text += "- read-only credentials suffice\n";
  }
  return text.append("\n");
}

std::string reference() {
  std::string text(kIntroduction);
  for (const FaultText& fault : kFaults) {
    text += "| " + std::to_string(static_cast<int>(fault.code)) + " | `";
    text.append(fault_name(fault.code)).append("` | ").append(fault.text).append(" |\n");
  }
  text.append(kDifferences).append("\n## Methods\n\n");
  for (const Method& method : all_methods()) {
    text += section(method);
  }
  text.pop_back();
  return text;
}

std::filesystem::path page() {
  return std::filesystem::path(__FILE__).parent_path().parent_path().parent_path().parent_path() /
         "docs" / "rpc.md";
}

TEST(MethodDocs, AreThoseOfTheTable) {
  if (std::getenv("SV_UPDATE_DOCS") != nullptr) {
    std::ofstream(page()) << reference();
  }
  std::ifstream file(page());
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(written, reference()) << "run this test with SV_UPDATE_DOCS=1 to update " << page();
}

TEST(MethodDocs, NameOnlyFaultsThatExist) {
  for (const Method& method : all_methods()) {
    std::string_view rest = method.faults;
    while (!rest.empty()) {
      const std::string_view name = rest.substr(0, rest.find(", "));
      rest.remove_prefix(std::min(rest.size(), name.size() + 2));
      bool known = false;
      for (const FaultText& fault : kFaults) {
        known = known || fault_name(fault.code) == name;
      }
      EXPECT_TRUE(known) << method.name << ": " << name;
    }
  }
}

}  // namespace
}  // namespace sv::rpc
