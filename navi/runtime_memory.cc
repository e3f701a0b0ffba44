#include "navi/runtime_memory.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <span>

namespace sv::navi {
namespace {

// How a program may end, as a shell's status.
constexpr int kAbort = 128 + SIGABRT;
constexpr int kTrap = 128 + SIGTRAP;
constexpr int kAnyFailure = -1;  ///< an exit code other than 0, or abort()

/// A line that a runtime writes when it ends for want of memory.
struct Form {
  std::string_view begins;
  std::array<int, 2> statuses;  ///< that fit; the same twice where there is but one
  std::size_t lines_after;      ///< at most so many follow: its trace. Indented ones do not count
  std::string_view also = {};   ///< the line has this, too
};

/// The line also has `pattern`, in or behind its beginning.
struct Row {
  std::string_view runtime;
  std::string_view pattern;
  std::span<const Form> forms;
};

constexpr std::array kV8Abort{Form{"FATAL ERROR: ", {kAbort, kTrap}, 40}};
constexpr std::array kV8Trap{Form{"# Fatal ", {kTrap, kAbort}, 40}};
constexpr std::array kNodeError{Form{"Error [ERR_WORKER_OUT_OF_MEMORY]: ", {1, 1}, 6},
                                Form{"RangeError: ", {1, 1}, 6}};
// Uncaught in the last thread; with -XX:+ExitOnOutOfMemoryError; with -XX:+CrashOnOutOfMemoryError.
constexpr std::array kJava{
    Form{"Exception in thread \"", {1, 1}, 4, "\" java.lang.OutOfMemoryError: "},
    Form{"java.lang.OutOfMemoryError: ", {1, 1}, 4},
    Form{"Caused by: java.lang.OutOfMemoryError: ", {1, 1}, 4},
    Form{"Terminating due to java.lang.OutOfMemoryError: ", {3, 3}, 3},
    Form{"Aborting due to java.lang.OutOfMemoryError: ", {kAbort, kAbort}, 30}};
constexpr std::array kJavaNative{Form{"# There is insufficient memory ", {1, kAbort}, 12}};
constexpr std::array kJavaStart{Form{"Could not ", {1, 1}, 3}};
// The text before is a setting of its own (html_errors, log_errors), and PHP ends so only for that.
constexpr std::array kPhp{Form{"", {255, 255}, 12}};
constexpr std::array kPhpSystem{Form{"mmap() failed: ", {1, 255}, 3}};
constexpr std::array kPython{Form{"MemoryError", {1, 1}, 1}};
constexpr std::array kGo{Form{"fatal error: ", {2, kAbort}, 400},
                         Form{"runtime: out of memory: ", {2, kAbort}, 400}};
constexpr std::array kCxx{
    Form{"terminate called after throwing an instance of 'std::bad_alloc'", {kAbort, kAbort}, 5}};
constexpr std::array kRust{Form{"memory allocation of ", {kAbort, kAbort}, 6}};
constexpr std::array kPerl{Form{"Out of memory!", {1, 12}, 3}};
constexpr std::array kShell{Form{"", {2, 2}, 0}};
constexpr std::array kLibrary{Form{"", {kAnyFailure, kAnyFailure}, 0}};

constexpr std::array kTable{
    Row{"v8", "JavaScript heap out of memory", kV8Abort},
    Row{"v8", "Fatal JavaScript out of memory", kV8Trap},
    Row{"v8", "Fatal process out of memory", kV8Trap},
    Row{"v8", "Fatal process OOM", kV8Trap},
    Row{"v8", "JS heap out of memory", kNodeError},
    Row{"v8", "Array buffer allocation failed", kNodeError},
    Row{"java", "OutOfMemoryError: Java heap space", kJava},
    Row{"java", "OutOfMemoryError: GC overhead limit exceeded", kJava},
    Row{"java", "OutOfMemoryError: Metaspace", kJava},
    Row{"java", "OutOfMemoryError: Compressed class space", kJava},
    Row{"java", "OutOfMemoryError: Requested array size exceeds VM limit", kJava},
    Row{"java", "OutOfMemoryError: Cannot reserve", kJava},
    Row{"java", "OutOfMemoryError: unable to create native thread", kJava},
    Row{"java", "OutOfMemoryError", kJava},
    Row{"java", "insufficient memory for the Java Runtime Environment", kJavaNative},
    Row{"java", "Could not reserve enough space", kJavaStart},
    Row{"java", "Could not allocate compressed class space", kJavaStart},
    Row{"php", "Allowed memory size of", kPhp},
    Row{"php", "Cannot allocate memory", kPhpSystem},
    Row{"python", "MemoryError", kPython},
    Row{"go", "runtime: out of memory", kGo},
    Row{"go", "fatal error: out of memory", kGo},
    Row{"go", "runtime: cannot allocate memory", kGo},
    Row{"go", "failed to reserve page summary memory", kGo},
    Row{"c++", "std::bad_alloc", kCxx},
    Row{"rust", "memory allocation of", kRust},
    Row{"perl", "Out of memory!", kPerl},
    Row{"shell", "alloc: cannot allocate", kShell},
    Row{"libc", "Cannot allocate memory", kLibrary},
    Row{"libc", "memory exhausted", kLibrary},
};

bool fits(const Form& form, WaitStatus status) {
  const int ended = status.shell_status();
  const bool failed = ended == kAbort || (status.exited() && ended != 0);
  return std::ranges::any_of(form.statuses, [ended, failed](int wanted) {
    return wanted == ended || (wanted == kAnyFailure && failed);
  });
}

bool matches(const Row& row, const Form& form, std::string_view line) {
  constexpr std::size_t kNot = std::string_view::npos;
  return line.starts_with(form.begins) && line.find(form.also) != kNot &&
         line.find(row.pattern) != kNot;
}

/// Takes the last line that is not blank off `text`; empty when there is none.
std::string_view take_last_line(std::string_view& text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t last = text.find_last_not_of(kBlank);
  text = text.substr(0, last == std::string_view::npos ? 0 : last + 1);
  const std::size_t before = text.rfind('\n');
  const std::string_view line = before == std::string_view::npos ? text : text.substr(before + 1);
  text.remove_suffix(line.size());
  return line;
}

}  // namespace

std::optional<RuntimeMemory> recognise(std::string_view last_words, WaitStatus status) {
  std::string_view rest =
      last_words.substr(last_words.size() - std::min(last_words.size(), kLastWordsBytes));
  std::size_t after = 0;
  for (std::string_view line = take_last_line(rest); !line.empty(); line = take_last_line(rest)) {
    for (const Row& row : kTable) {
      for (const Form& form : row.forms) {
        if (after <= form.lines_after && fits(form, status) && matches(row, form, line)) {
          return RuntimeMemory{row.runtime, row.pattern};
        }
      }
    }
    after += line.front() == ' ' || line.front() == '\t' ? 0U : 1U;
  }
  return std::nullopt;
}

}  // namespace sv::navi
