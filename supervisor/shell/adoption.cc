#include "shell/adoption.h"

#include <utility>

namespace sv::shell {

void Adoption::ended(pid_t leader, std::string program) {
  if (runs_.insert_or_assign(leader, std::move(program)).second) {
    order_.push_back(leader);
  }
  if (order_.size() > kMostRuns) {
    runs_.erase(order_.front());
    order_.pop_front();
  }
}

std::optional<std::string> Adoption::owner(pid_t leader) const {
  if (leader <= 1) {
    return std::nullopt;  // ours, or nobody's
  }
  if (std::optional<std::string> running = program_of_(leader)) {
    return running;
  }
  const auto at = runs_.find(leader);
  return at != runs_.end() ? std::optional(at->second) : std::nullopt;
}

std::optional<std::string> Adoption::reaped(const os::Reaped& orphan) {
  ++count_.reaped;
  std::optional<std::string> program = owner(orphan.group);
  if (!program) {
    program = owner(orphan.session);
  }
  if (program &&
      (count_.of_programs.contains(*program) || count_.of_programs.size() < kMostPrograms)) {
    ++count_.of_programs[*program];
  }
  return program;
}

}  // namespace sv::shell
