#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/explain.h"
#include "ctl/log_reader.h"
#include "ctl/log_text.h"
#include "ctl/render.h"
#include "wire/http_message.h"

/// explain: everything there is to know about a process, in words.
namespace sv::ctl {
namespace {

constexpr std::size_t kLogLines = 10;

Outcome<void> print_log(Session& session, const wire::XmlRpcValue& info, const LogName& log) {
  const std::string path = text_of(info, log.is_stderr ? "stderr_logfile" : "stdout_logfile");
  if (path.empty()) {
    return {};
  }
  auto end = read_lines_end(session, log, kLogLines);
  if (!end) {
    // A log that cannot be read takes nothing from the rest.
    return std::holds_alternative<Interrupted>(end.error()) ? failed(std::move(end.error()))
                                                            : Outcome<void>();
  }
  session.console().out.write(explain_log(cat({log.channel(), ", ", path}),
                                          last_lines(end->text, kLogLines),
                                          session.settings().palette));
  return {};
}

Outcome<void> explain(Session& session, const std::string& name) {
  auto info = session.call("supervisor.getProcessInfo", {name});
  if (!info) {
    if (fault_code(info.error()) != fault::kBadName) {
      return failed(std::move(info.error()));
    }
    session.say(cat({name, ": ERROR (no such process)"}));
    session.set_exit_status(exit_status::kGeneric);
    return {};
  }
  const std::string full = make_namespec(text_of(*info, "group"), text_of(*info, "name"));
  auto page = session.get(cat({"/api/v1/programs/", wire::percent_encode(full)}));
  if (!page) {
    return failed(std::move(page.error()));
  }
  const wire::XmlRpcValue* program = *page ? (*page)->member("program") : nullptr;
  const wire::XmlRpcValue nothing;
  session.console().out.write(
      explain_text({*info, program != nullptr ? *program : nothing}, session.settings().palette));
  return print_log(session, *info, {full, false}).and_then([&] {
    return print_log(session, *info, {full, true});
  });
}

}  // namespace

Outcome<void> run_explain(Session& session, const Arguments& arguments) {
  if (arguments.empty()) {
    refuse(session, "Error: explain requires a process name", "explain",
           exit_status::kInvalidArguments);
    return {};
  }
  for (const std::string& name : arguments.words()) {
    if (auto outcome = explain(session, name); !outcome) {
      return outcome;
    }
  }
  return {};
}

}  // namespace sv::ctl
