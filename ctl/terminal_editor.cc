#include <string>

#include "ctl/line_editor.h"

#if SV_HAVE_LIBEDIT

#include <histedit.h>
#include <poll.h>
#include <unistd.h>

#include <algorithm>
#include <clocale>
#include <cstdio>
#include <cwchar>
#include <utility>

#include "base/text.h"
#include "ctl/completion.h"
#include "ctl/history_file.h"
#include "ctl/render.h"

/// The only file that knows libedit.
namespace sv::ctl {
namespace {

struct CloseEditLine {
  void operator()(EditLine* edit) const noexcept { ::el_end(edit); }
};
struct CloseHistory {
  void operator()(History* history) const noexcept { ::history_end(history); }
};

class TerminalEditor final : public LineEditor {
 public:
  TerminalEditor(LineEditorSetup& setup, Interrupts& interrupts)
      : interrupts_(interrupts), history_(::history_init()) {
    // libedit converts between bytes and wide characters; this locale is built into the C library.
    std::setlocale(LC_CTYPE, "C.UTF-8");
    edit_.reset(::el_init("modctl", stdin, stdout, stderr));
    if (!edit_ || !history_) {
      edit_.reset();
      return;
    }
    setup_ = std::move(setup);
    HistEvent event{};
    ::history(history_.get(), &event, H_SETSIZE, static_cast<int>(kMaxHistoryLines));
    ::el_set(edit_.get(), EL_CLIENTDATA, this);
    ::el_set(edit_.get(), EL_PROMPT, &TerminalEditor::prompt);
    ::el_set(edit_.get(), EL_EDITOR, "emacs");
    ::el_set(edit_.get(), EL_HIST, &::history, history_.get());
    ::el_set(edit_.get(), EL_GETCFN, &TerminalEditor::get_char);
    ::el_set(edit_.get(), EL_ADDFN, "sv-complete", "complete the word before the cursor",
             &TerminalEditor::complete_word);
    ::el_set(edit_.get(), EL_BIND, "^I", "sv-complete", nullptr);
    ::el_set(edit_.get(), EL_BIND, "^R", "em-inc-search-prev", nullptr);
    if (setup_.history_file) {
      for (const std::string& line : load_history(*setup_.history_file)) {
        remember(line);
      }
    }
  }

  ~TerminalEditor() override {
    if (edit_ && setup_.history_file) {
      save_history(*setup_.history_file, remembered_);
    }
  }

  TerminalEditor(const TerminalEditor&) = delete;
  TerminalEditor& operator=(const TerminalEditor&) = delete;

  [[nodiscard]] bool works() const { return edit_ != nullptr; }

  LineInput::Status read_line(std::string& line) override {
    interrupted_ = false;
    int count = 0;
    const char* text = ::el_gets(edit_.get(), &count);
    if (interrupted_) {
      return LineInput::Status::interrupted;
    }
    if (text == nullptr || count <= 0) {
      return LineInput::Status::end;
    }
    line.assign(text, static_cast<std::size_t>(count));
    while (line.ends_with('\n') || line.ends_with('\r')) {
      line.pop_back();
    }
    if (!trim(line).empty()) {
      remember(line);
    }
    return LineInput::Status::line;
  }

 private:
  static TerminalEditor* self(EditLine* edit) {
    void* data = nullptr;
    ::el_get(edit, EL_CLIENTDATA, &data);
    return static_cast<TerminalEditor*>(data);
  }

  // The signature is libedit's.
  static char* prompt(EditLine* edit) { return self(edit)->setup_.prompt.data(); }

  // One character, or -1 on Ctrl-C and 0 at the end.
  static int get_char(EditLine* edit, wchar_t* character) {
    std::mbstate_t state{};
    for (;;) {
      if (wait_for(STDIN_FILENO, POLLIN, &self(edit)->interrupts_) == Wait::interrupted) {
        self(edit)->interrupted_ = true;
        return -1;
      }
      char byte = 0;
      if (::read(STDIN_FILENO, &byte, 1) != 1) {
        return 0;
      }
      const std::size_t length = std::mbrtowc(character, &byte, 1, &state);
      if (length == static_cast<std::size_t>(-1)) {
        state = {};  // not UTF-8: drop the byte
      } else if (length != static_cast<std::size_t>(-2)) {
        return 1;
      }
    }
  }

  static unsigned char complete_word(EditLine* edit, int /*key*/) {
    const LineInfo* info = ::el_line(edit);
    const std::string_view line(info->buffer,
                                static_cast<std::size_t>(info->cursor - info->buffer));
    const std::vector<std::string> words = self(edit)->setup_.complete(line);
    if (words.empty()) {
      return CC_REFRESH_BEEP;
    }
    const std::size_t typed = word_at_end(line).size();
    std::string more = common_prefix(words).substr(typed);
    if (words.size() == 1) {
      more += ' ';
    }
    if (more.empty()) {
      show(words);
      return CC_REDISPLAY;
    }
    return ::el_insertstr(edit, more.c_str()) == 0 ? CC_REFRESH : CC_REFRESH_BEEP;
  }

  static std::string_view trim_line_end(std::string_view text) {
    return text.substr(0, text.size() - (text.ends_with('\n') ? 1 : 0));
  }

  static void show(const std::vector<std::string>& words) {
    constexpr std::size_t kWidth = 79;
    Output out(STDOUT_FILENO);
    out.write("\n");
    const std::string rows = columns(words, kWidth);
    out.write(trim_line_end(rows));  // the redrawn prompt brings a line feed of its own
  }

  void remember(const std::string& line) {
    HistEvent event{};
    ::history(history_.get(), &event, H_ENTER, line.c_str());
    remembered_.push_back(line);
    if (remembered_.size() > kMaxHistoryLines) {
      remembered_.erase(remembered_.begin());
    }
  }

  LineEditorSetup setup_;
  Interrupts& interrupts_;
  bool interrupted_ = false;
  std::vector<std::string> remembered_;
  std::unique_ptr<History, CloseHistory> history_;
  std::unique_ptr<EditLine, CloseEditLine> edit_;  // uses history_, so it goes first
};

}  // namespace

std::unique_ptr<LineEditor> make_terminal_editor(LineEditorSetup& setup, Interrupts& interrupts) {
  auto editor = std::make_unique<TerminalEditor>(setup, interrupts);
  if (!editor->works()) {
    return nullptr;
  }
  return editor;
}

}  // namespace sv::ctl

#else

namespace sv::ctl {

std::unique_ptr<LineEditor> make_terminal_editor(LineEditorSetup& /*setup*/,
                                                 Interrupts& /*interrupts*/) {
  return nullptr;
}

}  // namespace sv::ctl

#endif
