#include "shell/notice_facts.h"

#include <unistd.h>

#include <array>
#include <chrono>

namespace sv::shell {

navi::ContainerFacts this_container() {
  std::array<char, 256> name{};
  if (::gethostname(name.data(), name.size() - 1) != 0) {
    name[0] = '\0';
  }
  return {name.data(), ::getpid()};
}

navi::ProcessFacts process_facts(const core::Process& process, const core::StateChange& change,
                                 Now now) {
  const core::ProcessRecord& record = process.record();
  navi::ProcessFacts facts;
  facts.name = process.config->name;
  facts.group = process.group->shown();
  if (change.pid != 0) {
    facts.pid = change.pid;
  }
  facts.command = process.config->command;
  if (process.config->user) {
    facts.user = process.config->user->name;
  }
  facts.started_at = record.started;
  facts.ended_at = now.wall;
  if (record.started_mono) {
    facts.uptime = now.mono - *record.started_mono;
  }
  facts.status = change.status;
  facts.stopped_by_supervisor = change.from == core::ProcessState::stopping;
  facts.restarts = record.spawns > 0 ? record.spawns - 1 : 0;
  const auto& policy = process.config->autorestart;
  facts.will_restart = change.to == core::ProcessState::backoff ||
                       (change.to == core::ProcessState::exited && !process.machine.once() &&
                        (policy == config::AutoRestart::always ||
                         (policy == config::AutoRestart::unexpected && !change.expected)));
  const bool waits = process.state() == change.to && *facts.will_restart;
  if (const auto next = process.machine.deadline(); next && waits) {
    facts.next_start_at =
        now.wall + std::chrono::duration_cast<WallTime::duration>(*next - now.mono);
  }
  return facts;
}

}  // namespace sv::shell
