#include "rpc/method_table.h"

#include <algorithm>

#include "base/text.h"
#include "rpc/config_info.h"
#include "rpc/daemon_methods.h"
#include "rpc/input_methods.h"
#include "rpc/lifecycle.h"
#include "rpc/log_methods.h"
#include "rpc/process_info.h"
#include "rpc/system_methods.h"

namespace sv::rpc {
namespace {

// Parts of entries that occur more than once
// -------------------------------------------------------

constexpr TypedText kProcess{"string", "name", "the process: group:process, or name for name:name"};
constexpr TypedText kTarget{"string", "name",
                            "the process, or group:* for all processes of a group"};
constexpr TypedText kGroup{"string", "name", "the group"};
constexpr TypedText kWait{"boolean", "wait", "answer when it is done (the default), or at once"};
constexpr TypedText kSignal{"string", "signal",
                            "a name with or without SIG, in any case, or a number"};
constexpr TypedText kReadOffset{
    "int", "offset", "first byte; negative: that many bytes from the end, length must be 0"};
constexpr TypedText kReadLength{"int", "length", "number of bytes; 0: up to the end"};
constexpr TypedText kTailOffset{"int", "offset", "where the previous answer ended"};
constexpr TypedText kTailLength{"int", "length", "at most this many bytes"};

constexpr TypedText kTrue{"boolean", "", "always true"};
constexpr TypedText kTrueOrStatus{"boolean", "", "true; a list of status structs for group:*"};
constexpr TypedText kStatusList{"array", "",
                                "a struct of name, group, status and description for each"};
constexpr TypedText kText{"string", "", "the bytes as text"};
constexpr TypedText kTail{"array", "", "the text, the size of the log, and whether there was more"};

constexpr std::string_view kReadText =
    "Reads from a log of a process. An offset beyond the end gives an empty text. What is not "
    "UTF-8 "
    "is replaced. One answer carries at most 64 MiB.";
constexpr std::string_view kTailText =
    "Reads the end of a log of a process: at most length bytes, if the log has grown beyond offset "
    "+ length the last of them. A log that does not exist is empty.";
constexpr std::string_view kClearText =
    "Empties both logs of a process, whether it is running or not. Rotated files stay.";

constexpr std::string_view kReadFaults = "BAD_ARGUMENTS, BAD_NAME, NO_FILE, FAILED";
constexpr std::string_view kStartFaults =
    "BAD_NAME, NO_FILE, NOT_EXECUTABLE, FAILED, ABNORMAL_TERMINATION, SPAWN_ERROR, ALREADY_STARTED";

// The list ----------------------------------------------------------------------------------------

constexpr std::array kMethods{
    Method{.name = "supervisor.addProcessGroup",
           .handler = Bound<add_process_group>::call,
           .text = "Activates a group of the configuration that was read last. Its programs with "
                   "autostart are started.",
           .result = kTrue,
           .parameters = {kGroup},
           .required = 1,
           .faults = "BAD_NAME, ALREADY_ADDED"},
    Method{.name = "supervisor.clearAllProcessLogs",
           .handler = Bound<clear_all_process_logs>::call,
           .text = "Empties the logs of every process.",
           .result = kStatusList},
    Method{.name = "supervisor.clearLog",
           .handler = Bound<clear_main_log>::call,
           .text = "Empties the daemon's log. Rotated files stay.",
           .result = kTrue,
           .faults = "NO_FILE, FAILED"},
    Method{.name = "supervisor.clearProcessLog",
           .handler = Bound<clear_process_logs>::call,
           .text = "Another name of clearProcessLogs.",
           .result = kTrue,
           .parameters = {kProcess},
           .required = 1,
           .faults = "BAD_NAME, FAILED"},
    Method{.name = "supervisor.clearProcessLogs",
           .handler = Bound<clear_process_logs>::call,
           .text = kClearText,
           .result = kTrue,
           .parameters = {kProcess},
           .required = 1,
           .faults = "BAD_NAME, FAILED"},
    Method{.name = "supervisor.getAPIVersion",
           .handler = Bound<get_api_version>::call,
           .text = "The version of this interface.",
           .result = {"string", "", "3.0"},
           .needs = Access::read_only},
    Method{.name = "supervisor.getAllConfigInfo",
           .handler = Bound<get_all_config_info>::call,
           .text =
               "The settings of every configured process, as read last, sorted by process name; "
               "inuse tells whether its group is active.",
           .result = {"array", "", "a struct for each process"},
           .needs = Access::read_only},
    Method{.name = "supervisor.getAllProcessInfo",
           .handler = Bound<get_all_process_info>::call,
           .text = "What getProcessInfo tells, for every process, sorted by group and name.",
           .result = {"array", "", "a struct for each process"},
           .needs = Access::read_only},
    Method{.name = "supervisor.getIdentification",
           .handler = Bound<get_identification>::call,
           .text = "The identifier in the configuration that was read last.",
           .result = {"string", "", "the identifier"},
           .needs = Access::read_only},
    Method{.name = "supervisor.getPID",
           .handler = Bound<get_pid>::call,
           .text = "The daemon's process id. It stays the same over restarts.",
           .result = {"int", "", "the pid"},
           .needs = Access::read_only},
    Method{.name = "supervisor.getProcessInfo",
           .handler = Bound<get_process_info>::call,
           .text = "The state of one process: name, group, start, stop, now, state, statename, "
                   "spawnerr, exitstatus, logfile, stdout_logfile, stderr_logfile, pid and "
                   "description. Times are seconds since 1970, 0 for never.",
           .result = {"struct", "", "the state"},
           .parameters = {kProcess},
           .required = 1,
           .faults = "BAD_NAME",
           .needs = Access::read_only},
    Method{.name = "supervisor.getState",
           .handler = Bound<get_state>::call,
           .text = "The daemon's own state. As this method is refused once a shutdown has begun, "
                   "the answer is always RUNNING.",
           .result = {"struct", "", "statecode and statename"},
           .needs = Access::read_only},
    Method{.name = "supervisor.getSupervisorVersion",
           .handler = Bound<get_supervisor_version>::call,
           .text = "The release of Supervisor this daemon behaves like.",
           .result = {"string", "", "the version"},
           .needs = Access::read_only},
    Method{.name = "supervisor.getVersion",
           .handler = Bound<get_api_version>::call,
           .text = "Another name of getAPIVersion.",
           .result = {"string", "", "3.0"},
           .needs = Access::read_only},
    Method{.name = "supervisor.readLog",
           .handler = Bound<read_main_log>::call,
           .text = "Reads from the daemon's log. One answer carries at most 64 MiB.",
           .result = kText,
           .parameters = {kReadOffset, kReadLength},
           .required = 2,
           .faults = "BAD_ARGUMENTS, NO_FILE, FAILED",
           .needs = Access::read_only},
    Method{.name = "supervisor.readMainLog",
           .handler = Bound<read_main_log>::call,
           .text = "Another name of readLog.",
           .result = kText,
           .parameters = {kReadOffset, kReadLength},
           .required = 2,
           .faults = "BAD_ARGUMENTS, NO_FILE, FAILED",
           .needs = Access::read_only},
    Method{.name = "supervisor.readProcessLog",
           .handler = Bound<read_stdout_log>::call,
           .text = "Another name of readProcessStdoutLog.",
           .result = kText,
           .parameters = {kProcess, kReadOffset, kReadLength},
           .required = 3,
           .faults = kReadFaults,
           .needs = Access::read_only},
    Method{.name = "supervisor.readProcessStderrLog",
           .handler = Bound<read_stderr_log>::call,
           .text = kReadText,
           .result = kText,
           .parameters = {kProcess, kReadOffset, kReadLength},
           .required = 3,
           .faults = kReadFaults,
           .needs = Access::read_only},
    Method{.name = "supervisor.readProcessStdoutLog",
           .handler = Bound<read_stdout_log>::call,
           .text = kReadText,
           .result = kText,
           .parameters = {kProcess, kReadOffset, kReadLength},
           .required = 3,
           .faults = kReadFaults,
           .needs = Access::read_only},
    Method{
        .name = "supervisor.reloadConfig",
        .handler = Bound<reload_config>::call,
        .text = "Reads the configuration again and compares it with the active groups. No "
                "process is touched; addProcessGroup and removeProcessGroup act on the result.",
        .result = {"array", "", "one list of three lists of group names: added, changed, removed"},
        .faults = "CANT_REREAD"},
    Method{.name = "supervisor.removeProcessGroup",
           .handler = Bound<remove_process_group>::call,
           .text = "Deactivates a group. All of its processes must have been stopped.",
           .result = kTrue,
           .parameters = {kGroup},
           .required = 1,
           .faults = "BAD_NAME, STILL_RUNNING"},
    Method{.name = "supervisor.restart",
           .handler = Bound<restart>::call,
           .text = "Stops every process and starts anew with the configuration as it is now, under "
                   "the same pid. Answers at once. Refused when the configuration has errors.",
           .result = kTrue,
           .faults = "CANT_REREAD"},
    Method{.name = "supervisor.sendProcessStdin",
           .handler = Bound<send_process_stdin>::call,
           .text =
               "Writes to the standard input of a process, without adding a line feed. What the "
               "process does not read yet is kept for it.",
           .result = kTrue,
           .parameters = {kProcess, TypedText{"string", "chars", "what to write"}},
           .required = 2,
           .faults = "BAD_NAME, NO_FILE, NOT_RUNNING"},
    Method{.name = "supervisor.sendRemoteCommEvent",
           .handler = Bound<send_remote_comm_event>::call,
           .text = "Sends a REMOTE_COMMUNICATION event to the event listeners. Works during a "
                   "shutdown, too.",
           .result = kTrue,
           .parameters = {TypedText{"string", "type", "the first line's type value"},
                          TypedText{"string", "data", "the rest of the payload"}},
           .required = 2,
           .availability = Availability::always},
    Method{.name = "supervisor.shutdown",
           .handler = Bound<shut_down>::call,
           .text = "Stops every process and ends the daemon. Answers at once.",
           .result = kTrue},
    Method{.name = "supervisor.signalAllProcesses",
           .handler = Bound<signal_all_processes>::call,
           .text = "Sends a signal to every process there is.",
           .result = kStatusList,
           .parameters = {kSignal},
           .required = 1},
    Method{.name = "supervisor.signalProcess",
           .handler = Bound<signal_process>::call,
           .text = "Sends a signal to a process, not to its children. Its state does not change.",
           .result = kTrueOrStatus,
           .parameters = {kTarget, kSignal},
           .required = 2,
           .faults = "BAD_NAME, BAD_SIGNAL, FAILED, NOT_RUNNING"},
    Method{.name = "supervisor.signalProcessGroup",
           .handler = Bound<signal_process_group>::call,
           .text = "Sends a signal to the processes of a group that there are.",
           .result = kStatusList,
           .parameters = {kGroup, kSignal},
           .required = 2,
           .faults = "BAD_NAME"},
    Method{.name = "supervisor.startAllProcesses",
           .handler = Bound<start_all_processes>::call,
           .text = "Starts every process that is not running, in the order of priorities, also "
                   "those without autostart.",
           .result = kStatusList,
           .parameters = {kWait}},
    Method{.name = "supervisor.startProcess",
           .handler = Bound<start_process>::call,
           .text =
               "Starts a process. Waits until it has been up for startsecs; SPAWN_ERROR when its "
               "first try fails (more are made). A process that is being stopped is not "
               "started: true without wait, else ABNORMAL_TERMINATION.",
           .result = kTrueOrStatus,
           .parameters = {kTarget, kWait},
           .required = 1,
           .faults = kStartFaults},
    Method{.name = "supervisor.startProcessGroup",
           .handler = Bound<start_process_group>::call,
           .text = "Starts the processes of a group that are not running, in the order of "
                   "priorities. The others are left out of the answer.",
           .result = kStatusList,
           .parameters = {kGroup, kWait},
           .required = 1,
           .faults = "BAD_NAME"},
    Method{.name = "supervisor.stopAllProcesses",
           .handler = Bound<stop_all_processes>::call,
           .text = "Stops every running process.",
           .result = kStatusList,
           .parameters = {kWait}},
    Method{.name = "supervisor.stopProcess",
           .handler = Bound<stop_process>::call,
           .text =
               "Stops a process: its stop signal, and SIGKILL after stopwaitsecs. Waits until it "
               "has ended.",
           .result = kTrueOrStatus,
           .parameters = {kTarget, kWait},
           .required = 1,
           .faults = "BAD_NAME, FAILED, NOT_RUNNING"},
    Method{.name = "supervisor.stopProcessGroup",
           .handler = Bound<stop_process_group>::call,
           .text = "Stops the running processes of a group. The others are left out of the answer.",
           .result = kStatusList,
           .parameters = {kGroup, kWait},
           .required = 1,
           .faults = "BAD_NAME"},
    Method{.name = "supervisor.tailProcessLog",
           .handler = Bound<tail_stdout_log>::call,
           .text = "Another name of tailProcessStdoutLog.",
           .result = kTail,
           .parameters = {kProcess, kTailOffset, kTailLength},
           .required = 3,
           .faults = "BAD_NAME",
           .needs = Access::read_only},
    Method{.name = "supervisor.tailProcessStderrLog",
           .handler = Bound<tail_stderr_log>::call,
           .text = kTailText,
           .result = kTail,
           .parameters = {kProcess, kTailOffset, kTailLength},
           .required = 3,
           .faults = "BAD_NAME",
           .needs = Access::read_only},
    Method{.name = "supervisor.tailProcessStdoutLog",
           .handler = Bound<tail_stdout_log>::call,
           .text = kTailText,
           .result = kTail,
           .parameters = {kProcess, kTailOffset, kTailLength},
           .required = 3,
           .faults = "BAD_NAME",
           .needs = Access::read_only},
    Method{.name = "system.listMethods",
           .handler = Bound<list_methods>::call,
           .text = "The names of all methods.",
           .result = {"array", "", "the names, sorted"},
           .availability = Availability::always,
           .needs = Access::read_only},
    Method{.name = "system.methodHelp",
           .handler = Bound<get_method_help>::call,
           .text = "What a method does.",
           .result = {"string", "", "the description"},
           .parameters = {TypedText{"string", "name", "the method"}},
           .required = 1,
           .availability = Availability::always,
           .faults = "SIGNATURE_UNSUPPORTED",
           .needs = Access::read_only},
    Method{.name = "system.methodSignature",
           .handler = Bound<get_method_signature>::call,
           .text = "The types of a method.",
           .result = {"array", "", "the type of the result, then those of the parameters"},
           .parameters = {TypedText{"string", "name", "the method"}},
           .required = 1,
           .availability = Availability::always,
           .faults = "SIGNATURE_UNSUPPORTED",
           .needs = Access::read_only},
    Method{.name = "system.multicall",
           .handler = Bound<multicall>::call,
           .text = "Makes calls one after the other, each when the one before has been answered. "
                   "Results come bare, not wrapped in a list; faults as structs of faultCode and "
                   "faultString.",
           .result = {"array", "", "one answer for each call"},
           .parameters = {TypedText{"array", "calls", "structs of methodName and params"}},
           .required = 1,
           .availability = Availability::always,
           .needs = Access::read_only},
};

static_assert(std::ranges::is_sorted(kMethods, {}, &Method::name));

}  // namespace

std::span<const Method> all_methods() {
  return kMethods;
}

const Method* find_method(std::string_view name) {
  const auto* found = std::ranges::lower_bound(kMethods, name, {}, &Method::name);
  return found != kMethods.end() && found->name == name ? found : nullptr;
}

bool is_offered(const Method& method, const Services& services) {
  if (services.interfaces == Interfaces::all || method.name.starts_with("system.")) {
    return true;
  }
  const std::vector<std::string>& configured = services.host.startup_config().rpc_interfaces;
  return std::ranges::find(configured, "supervisor") != configured.end();
}

std::string method_help(const Method& method) {
  std::string help = cat({method.text, "\n\n"});
  for (std::size_t i = 0; i < method.parameter_count(); ++i) {
    const TypedText& parameter = method.parameters[i];
    help += cat({"@param ", parameter.type, " ", parameter.name, " ", parameter.text, "\n"});
  }
  help += cat({"@return ", method.result.type, " result ", method.result.text, "\n"});
  return help;
}

}  // namespace sv::rpc
