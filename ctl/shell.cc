#include "ctl/shell.h"

#include <optional>
#include <utility>

#include "base/text.h"
#include "ctl/commands.h"
#include "ctl/completion.h"
#include "ctl/line_editor.h"

namespace sv::ctl {
namespace {

/// Names for completion, fetched at most once per line typed.
class NameCache {
 public:
  explicit NameCache(Session& session) : session_(session) {}

  void forget() { names_.reset(); }

  [[nodiscard]] const std::vector<ProcessName>& get() {
    if (!names_) {
      names_.emplace();
      if (auto infos = session_.call("supervisor.getAllProcessInfo")) {
        for (const wire::XmlRpcValue& info : elements_of(*infos)) {
          names_->push_back({text_of(info, "group"), text_of(info, "name")});
        }
      }
      session_.end_command();
    }
    return *names_;
  }

 private:
  Session& session_;
  std::optional<std::vector<ProcessName>> names_;
};

}  // namespace

void run_shell(Session& session) {
  Interrupts interrupts;
  session.set_interrupts(&interrupts);
  NameCache names(session);
  const auto editor =
      make_line_editor({cat({session.settings().prompt, "> "}), session.settings().history_file,
                        [&names, dialect = session.settings().dialect](std::string_view line) {
                          return complete(
                              line, [&names] { return names.get(); }, dialect);
                        }},
                       session.console(), interrupts);

  std::string line = "status";
  while (!session.wants_to_quit()) {
    run_line(session, line);
    if (session.wants_to_quit()) {
      break;
    }
    names.forget();
    switch (editor->read_line(line)) {
      case LineInput::Status::line:
        break;
      case LineInput::Status::end:
        line = "EOF";
        break;
      case LineInput::Status::interrupted:
        session.say("");
        session.quit();
        break;
    }
  }
  session.console().out.flush();
  session.set_interrupts(nullptr);
}

}  // namespace sv::ctl
