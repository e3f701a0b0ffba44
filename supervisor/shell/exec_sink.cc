#include "shell/exec_sink.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <exception>
#include <utility>

#include "base/text.h"
#include "base/unique_fd.h"
#include "config/command_line.h"
#include "os/child_plan.h"
#include "os/find_command.h"
#include "os/fs.h"
#include "os/spawn.h"

namespace sv::shell {
namespace {

/// A file in memory with this content, to be read from its beginning: unlike a pipe it takes all of
/// it at once, whether the command reads or not.
UniqueFd file_of(const std::string& content) {
  UniqueFd file(::memfd_create("notice", MFD_CLOEXEC));
  if (file &&
      (os::write_all(file.get(), content).err != 0 || ::lseek(file.get(), 0, SEEK_SET) != 0)) {
    file.reset();
  }
  return file;
}

}  // namespace

ExecSink::ExecSink(std::string command, std::chrono::seconds time_limit, ActivityLog& log,
                   const Clock& clock)
    : command_(std::move(command)), time_limit_(time_limit), log_(log), clock_(clock) {}

ExecSink::~ExecSink() {
  for (const auto& [pid, until] : running_) {
    ::kill(-pid, SIGKILL);
  }
}

void ExecSink::send(const navi::Notice& /*notice*/, const std::string& json) noexcept {
  try {
    if (waiting_.size() >= kMostWaiting) {
      waiting_.pop_front();
      ++dropped_;
    }
    waiting_.push_back(json);
  } catch (const std::exception&) {
    ++dropped_;
  }
  start_waiting();
}

void ExecSink::start_waiting() noexcept {
  try {
    while (!waiting_.empty() && running_.size() < kMostRunning) {
      const std::string json = std::move(waiting_.front());
      waiting_.pop_front();
      start(json);
    }
    if (const std::size_t dropped = std::exchange(dropped_, 0)) {
      complain(cat({"is too slow: ", std::to_string(dropped), " notices were not given to it"}));
    }
  } catch (const std::exception& problem) {
    log_.error(cat({"[navi] exec: ", problem.what()}));
  }
}

void ExecSink::start(const std::string& json) {
  Result<std::vector<std::string>> words = config::split_command(command_);
  if (!words || words->empty()) {
    complain(words ? "is empty" : words.error().message);
    return;
  }
  const char* path = ::getenv("PATH");
  const auto file = os::find_command(
      words->front(), path != nullptr ? std::optional<std::string>(path) : std::nullopt);
  if (!file) {
    complain(file.error().message);
    return;
  }
  const UniqueFd input = file_of(json);
  const UniqueFd null(::open("/dev/null", O_WRONLY | O_CLOEXEC));
  if (!input || !null) {
    complain(errno_text(errno));
    return;
  }
  os::ChildPlan plan;
  plan.path = *file;
  plan.argv = *std::move(words);
  for (char** variable = environ; *variable != nullptr; ++variable) {
    plan.envp.emplace_back(*variable);
  }
  plan.stdin_fd = input.get();
  plan.stdout_fd = null.get();
  plan.stderr_fd = STDERR_FILENO;
  const tl::expected<pid_t, os::SpawnError> pid = os::spawn(plan);
  if (!pid) {
    complain(os::describe(pid.error(), plan));
    return;
  }
  running_.emplace(*pid, clock_.now().mono + time_limit_);
}

bool ExecSink::child_exited(pid_t pid, WaitStatus status) noexcept {
  if (running_.erase(pid) == 0) {
    return false;
  }
  if (!status.exited() || status.exit_code() != 0) {
    try {
      complain(cat({"ended with ", status.describe()}));
    } catch (const std::exception&) {
      return true;
    }
  }
  start_waiting();
  return true;
}

std::optional<MonoTime> ExecSink::deadline() const {
  const auto first =
      std::ranges::min_element(running_, {}, [](const auto& one) { return one.second; });
  return first != running_.end() ? std::optional(first->second) : std::nullopt;
}

/// One that does not end even then keeps its place, and is killed again when the time is up again.
void ExecSink::deadline_reached(Now now) noexcept {
  for (auto& [pid, until] : running_) {
    if (until <= now.mono) {
      ::kill(-pid, SIGKILL);
      until = now.mono + time_limit_;
    }
  }
}

void ExecSink::complain(const std::string& problem) {
  log_.warn(cat({"[navi] exec=", command_, ": ", problem}));
}

}  // namespace sv::shell
