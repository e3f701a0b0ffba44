#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/console.h"

namespace sv::ctl {

/// Where the shell gets its lines from.
class LineEditor {
 public:
  virtual ~LineEditor() = default;

  /// Shows the prompt and waits for a line.
  [[nodiscard]] virtual LineInput::Status read_line(std::string& line) = 0;
};

struct LineEditorSetup {
  std::string prompt;
  std::optional<std::string> history_file;
  /// What may stand in place of the last word of a line up to the cursor.
  std::function<std::vector<std::string>(std::string_view line)> complete;
};

/// Editing, history and completion on a terminal (when built with libedit); otherwise prompts on
/// stdout and plain lines from stdin, so that a piped session works.
/// `console` and `interrupts` must outlive the editor. History is loaded now and saved by the
/// destructor.
[[nodiscard]] std::unique_ptr<LineEditor> make_line_editor(LineEditorSetup setup, Console& console,
                                                           Interrupts& interrupts);

/// The libedit half; nullptr when built without it or when it cannot work with this terminal.
[[nodiscard]] std::unique_ptr<LineEditor> make_terminal_editor(LineEditorSetup& setup,
                                                               Interrupts& interrupts);

}  // namespace sv::ctl
