#include "base/signals.h"

#include <array>
#include <charconv>

#include "base/text.h"

namespace sv {
namespace {

struct SignalEntry {
  int number;
  std::string_view name;
};

// Linux numbers, first entry of a number is the printed name. glibc reserves 32 and 33, so
// SIGRTMIN is 34 whatever the kernel says.
constexpr std::array<SignalEntry, 39> kSignals{{
    {1, "SIGHUP"},     {2, "SIGINT"},    {3, "SIGQUIT"},   {4, "SIGILL"},    {5, "SIGTRAP"},
    {6, "SIGABRT"},    {7, "SIGBUS"},    {8, "SIGFPE"},    {9, "SIGKILL"},   {10, "SIGUSR1"},
    {11, "SIGSEGV"},   {12, "SIGUSR2"},  {13, "SIGPIPE"},  {14, "SIGALRM"},  {15, "SIGTERM"},
    {16, "SIGSTKFLT"}, {17, "SIGCHLD"},  {18, "SIGCONT"},  {19, "SIGSTOP"},  {20, "SIGTSTP"},
    {21, "SIGTTIN"},   {22, "SIGTTOU"},  {23, "SIGURG"},   {24, "SIGXCPU"},  {25, "SIGXFSZ"},
    {26, "SIGVTALRM"}, {27, "SIGPROF"},  {28, "SIGWINCH"}, {29, "SIGPOLL"},  {30, "SIGPWR"},
    {31, "SIGSYS"},    {34, "SIGRTMIN"}, {64, "SIGRTMAX"}, {6, "SIGIOT"},    {17, "SIGCLD"},
    {29, "SIGIO"},     {0, "SIG_DFL"},   {1, "SIG_IGN"},   {0, "SIG_BLOCK"},
}};

}  // namespace

std::string signal_name(int number) {
  for (const SignalEntry& entry : kSignals) {
    if (entry.number == number && !entry.name.starts_with("SIG_")) {
      return std::string(entry.name);
    }
  }
  return "signal " + std::to_string(number);
}

std::optional<int> parse_signal(std::string_view text) {
  text = trim(text);
  int number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error == std::errc{} && end == text.data() + text.size()) {
    const bool known = number == 34 || number == 64 || (number >= 0 && number <= 31);
    return known ? std::optional(number) : std::nullopt;
  }
  std::string name = ascii_upper(text);
  if (!name.starts_with("SIG")) {
    name.insert(0, "SIG");
  }
  for (const SignalEntry& entry : kSignals) {
    if (entry.name == name) {
      return entry.number;
    }
  }
  return std::nullopt;
}

}  // namespace sv
