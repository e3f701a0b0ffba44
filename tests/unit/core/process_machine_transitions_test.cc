#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <deque>
#include <regex>
#include <set>
#include <sstream>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "core/process_machine.h"
#include "support/scenario.h"
#include "support/source_tree.h"

/// Holds the transition table in process_machine.h against the code: every row can be driven, and
/// no sequence of stimuli takes a path that is not in the table.
namespace sv::core {
namespace {

using namespace std::chrono_literals;

/// One row: "STARTING --Exited--> BACKOFF, FATAL".
std::string row(std::string_view from, std::string_view stimulus, std::string_view path) {
  return std::string(from) + " --" + std::string(stimulus) + "--> " + std::string(path);
}

std::set<std::string> documented_rows() {
  const std::regex line(R"(^///\s+([A-Z]+)\s+--(\w+)-->\s+([A-Z]+(?:, [A-Z]+)*)(?:\s.*)?$)");
  std::set<std::string> rows;
  std::istringstream header(test::read_source("supervisor/core/process_machine.h"));
  std::string text;
  while (std::getline(header, text)) {
    std::smatch match;
    if (std::regex_match(text, match, line)) {
      rows.insert(row(match.str(1), match.str(2), match.str(3)));
    }
  }
  return rows;
}

struct NamedStimulus {
  const char* name;
  Stimulus stimulus;
  bool at_deadline = false;  ///< time first passes to the deadline, if there is one
  Duration later{};          ///< or by this much
};

std::vector<NamedStimulus> alphabet() {
  return {{"Start", stimulus::Start{}},
          {"Stop", stimulus::Stop{}},
          {"Hurry", stimulus::Hurry{}},
          {"Spawned", stimulus::Spawned{42}},
          {"SpawnFailed", stimulus::SpawnFailed{"no"}},
          {"Exited", stimulus::Exited{WaitStatus::from_exit(0)}},
          {"Exited", stimulus::Exited{WaitStatus::from_exit(1)}, false, 5s},
          {"Exited", stimulus::Exited{WaitStatus::from_signal(9)}},
          {"Deadline", stimulus::Deadline{}, true},
          {"Deadline", stimulus::Deadline{}},
          {"KillFailed", stimulus::KillFailed{"EPERM"}},
          {"DaemonStopping", stimulus::DaemonStopping{}}};
}

/// A machine somewhere in its life, and what distinguishes that place from others.
struct Place {
  ProcessMachine machine;
  Now now;
  bool daemon_stopping = false;
  bool stop_wanted = false;

  [[nodiscard]] auto key() const {
    const auto& record = machine.record();
    const auto deadline = machine.deadline();
    return std::tuple(machine.state(), record.pid, record.backoff, daemon_stopping, stop_wanted,
                      deadline ? std::max(*deadline - now.mono, Duration{0}) : Duration{-1},
                      record.started_mono ? std::min(now.mono - *record.started_mono,
                                                     Duration{ProcessMachine::kRestartThrottle})
                                          : Duration{-1});
  }
};

std::string path_of(const std::vector<Effect>& effects) {
  std::string path;
  for (const Effect& effect : effects) {
    if (const auto* announce = std::get_if<effect::Announce>(&effect)) {
      path += (path.empty() ? "" : ", ") + std::string(state_name(announce->change.to));
    }
  }
  return path;
}

/// Walks every place a machine of this configuration can get to and collects the rows it takes.
void explore(const config::ProcessConfig& config, std::set<std::string>& rows) {
  const auto letters = alphabet();
  std::deque<Place> open{{ProcessMachine(config), test::FakeClock{}.now()}};
  std::set<decltype(open.front().key())> seen{open.front().key()};
  while (!open.empty()) {
    const Place place = open.front();
    open.pop_front();
    for (const NamedStimulus& letter : letters) {
      Place next = place;
      const auto deadline = place.machine.deadline();
      next.now.mono = letter.at_deadline && deadline ? std::max(*deadline, place.now.mono)
                                                     : place.now.mono + letter.later;
      const bool unanswered =
          place.machine.state() == ProcessState::starting && place.machine.record().pid == 0;
      next.daemon_stopping |= std::holds_alternative<stimulus::DaemonStopping>(letter.stimulus);
      next.stop_wanted |= unanswered && std::holds_alternative<stimulus::Stop>(letter.stimulus);
      const std::string path = path_of(next.machine.feed(letter.stimulus, next.now));
      next.stop_wanted &= path.empty();
      if (!path.empty()) {
        rows.insert(row(state_name(place.machine.state()), letter.name, path));
      }
      if (seen.insert(next.key()).second) {
        open.push_back(next);
      }
    }
    ASSERT_LT(seen.size(), 5'000U) << "the machine does not come back to where it was";
  }
}

TEST(ProcessMachineTransitions, TheTableInTheHeaderIsWhatTheCodeDoes) {
  std::set<std::string> rows;
  for (const auto start_secs : {0s, 1s}) {
    for (const int start_retries : {0, 2}) {
      for (const auto autorestart : {config::AutoRestart::never, config::AutoRestart::unexpected,
                                     config::AutoRestart::always}) {
        explore(test::process_config({.start_secs = start_secs,
                                      .start_retries = start_retries,
                                      .autorestart = autorestart}),
                rows);
      }
    }
  }
  const auto documented = documented_rows();
  EXPECT_GT(documented.size(), 20U) << "the table was not found";
  EXPECT_EQ(rows, documented);
}

}  // namespace
}  // namespace sv::core
