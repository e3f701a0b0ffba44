#include "ctl/line_editor.h"

#include <unistd.h>

#include <utility>

namespace sv::ctl {
namespace {

class PlainLines final : public LineEditor {
 public:
  PlainLines(std::string prompt, Console& console, Interrupts& interrupts)
      : prompt_(std::move(prompt)), console_(console), interrupts_(interrupts) {}

  LineInput::Status read_line(std::string& line) override {
    console_.out.write(prompt_);
    console_.out.flush();
    return console_.in.read_line(line, &interrupts_);
  }

 private:
  std::string prompt_;
  Console& console_;
  Interrupts& interrupts_;
};

}  // namespace

std::unique_ptr<LineEditor> make_line_editor(LineEditorSetup setup, Console& console,
                                             Interrupts& interrupts) {
  if (::isatty(STDIN_FILENO) != 0 && ::isatty(STDOUT_FILENO) != 0) {
    if (auto editor = make_terminal_editor(setup, interrupts)) {
      return editor;
    }
  }
  return std::make_unique<PlainLines>(std::move(setup.prompt), console, interrupts);
}

}  // namespace sv::ctl
