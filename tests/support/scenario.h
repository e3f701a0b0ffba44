#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <chrono>
#include <csignal>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "config/model.h"
#include "core/process_machine.h"
#include "support/fake_clock.h"

namespace sv::test {

/// The part of a program's configuration that decides; the defaults are the product's.
struct Policy {
  std::string name = "x";
  std::chrono::seconds start_secs{1};
  int start_retries = 3;
  std::optional<std::chrono::seconds> retry_pause = std::nullopt;
  config::AutoRestart autorestart = config::AutoRestart::unexpected;
  std::vector<int> exit_codes = {0};
  int stop_signal = SIGTERM;
  std::chrono::seconds stop_wait{10};
  bool stop_as_group = false;
  bool kill_as_group = false;
  int priority = 999;
  bool autostart = true;
  config::OnExit on_exit = config::OnExit::restart;
  config::OnFatal on_fatal = config::OnFatal::ignore;
};

inline config::ProcessConfig process_config(const Policy& policy) {
  config::ProcessConfig config;
  config.name = policy.name;
  config.program = policy.name;
  config.command = "/bin/" + policy.name;
  config.start_secs = policy.start_secs;
  config.start_retries = policy.start_retries;
  config.retry_pause = policy.retry_pause;
  config.autorestart = policy.autorestart;
  config.exit_codes = policy.exit_codes;
  config.stop_signal = policy.stop_signal;
  config.stop_wait = policy.stop_wait;
  config.stop_as_group = policy.stop_as_group;
  config.kill_as_group = policy.kill_as_group;
  config.priority = policy.priority;
  config.autostart = policy.autostart;
  config.on_exit = policy.on_exit;
  config.on_fatal = policy.on_fatal;
  return config;
}

/// A log line as tests write it: "INFO spawned: 'x' with pid 42".
inline std::string to_text(const core::effect::Log& log) {
  return std::string(level_tag(log.level)) + " " + log.text;
}

/// Sentences about one process: `Scenario s{{.start_retries = 1}};
/// s.start().spawned(42).exited(1);` Time stands still between sentences unless one moves it. After
/// each, the invariants every machine must keep are checked, whatever the test itself looks at.
class Scenario {
 public:
  explicit Scenario(const Policy& policy = {})
      : config_(std::make_unique<config::ProcessConfig>(process_config(policy))),
        machine_(*config_) {}

  // What happens ---------------------------------------------------------------------------------

  Scenario& start() { return feed(core::stimulus::Start{}); }
  Scenario& stop() { return feed(core::stimulus::Stop{}); }
  Scenario& spawned(pid_t pid) { return feed(core::stimulus::Spawned{pid}); }
  Scenario& spawn_failed(std::string reason = "can't find command '/bin/x'") {
    return feed(core::stimulus::SpawnFailed{std::move(reason)});
  }
  Scenario& exited(int code) { return feed(core::stimulus::Exited{WaitStatus::from_exit(code)}); }
  Scenario& killed_by(int signal) {
    return feed(core::stimulus::Exited{WaitStatus::from_signal(signal)});
  }
  Scenario& kill_failed(std::string reason = "EPERM") {
    return feed(core::stimulus::KillFailed{std::move(reason)});
  }
  Scenario& daemon_stopping() { return feed(core::stimulus::DaemonStopping{}); }
  Scenario& deadline() { return feed(core::stimulus::Deadline{}); }

  Scenario& after(Duration time) {
    clock_.advance(time);
    return *this;
  }
  Scenario& advance_to_deadline() {
    EXPECT_TRUE(has_deadline()) << "the machine waits for nothing";
    if (has_deadline()) {
      clock_.advance_to(*machine_.deadline());
    }
    return deadline();
  }
  /// Started and up: RUNNING for `how_long`.
  Scenario& running(pid_t pid, Duration how_long = std::chrono::hours{1}) {
    start().spawned(pid);
    if (state() == core::ProcessState::starting) {
      advance_to_deadline();
    }
    return after(how_long);
  }

  Scenario& feed(const core::Stimulus& stimulus) {
    const Before before{machine_.state(), machine_.deadline(), machine_.record()};
    last_ = machine_.feed(stimulus, clock_.now());
    check_invariants(before, stimulus);
    for (const core::Effect& effect : last_) {
      if (const auto* log = std::get_if<core::effect::Log>(&effect)) {
        log_.push_back(to_text(*log));
      } else if (const auto* announce = std::get_if<core::effect::Announce>(&effect)) {
        changes_.push_back(announce->change);
      }
    }
    return *this;
  }

  // What can be seen -----------------------------------------------------------------------------

  [[nodiscard]] core::ProcessState state() const { return machine_.state(); }
  [[nodiscard]] const core::ProcessRecord& record() const { return machine_.record(); }
  [[nodiscard]] bool has_deadline() const { return machine_.deadline().has_value(); }
  [[nodiscard]] std::optional<Duration> deadline_in() const {
    return has_deadline() ? std::optional(*machine_.deadline() - clock_.now().mono) : std::nullopt;
  }
  [[nodiscard]] FakeClock& clock() { return clock_; }

  /// Effects of the last sentence.
  [[nodiscard]] const std::vector<core::Effect>& last() const { return last_; }
  [[nodiscard]] bool wants_spawn() const {
    return !last_.empty() && std::holds_alternative<core::effect::Spawn>(last_.back());
  }
  [[nodiscard]] std::vector<core::effect::Kill> kills() const {
    return of_last<core::effect::Kill>();
  }
  /// States entered by the last sentence.
  [[nodiscard]] std::vector<core::ProcessState> path() const {
    std::vector<core::ProcessState> states;
    for (const auto& announce : of_last<core::effect::Announce>()) {
      states.push_back(announce.change.to);
    }
    return states;
  }
  /// Log lines of the last sentence.
  [[nodiscard]] std::vector<std::string> lines() const {
    std::vector<std::string> texts;
    for (const auto& log : of_last<core::effect::Log>()) {
      texts.push_back(to_text(log));
    }
    return texts;
  }
  /// Log lines and state changes of all sentences.
  [[nodiscard]] const std::vector<std::string>& log() const { return log_; }
  [[nodiscard]] const std::vector<core::StateChange>& changes() const { return changes_; }

 private:
  struct Before {
    core::ProcessState state;
    std::optional<MonoTime> deadline;
    core::ProcessRecord record;
  };

  template <class E>
  [[nodiscard]] std::vector<E> of_last() const {
    std::vector<E> found;
    for (const core::Effect& effect : last_) {
      if (const auto* wanted = std::get_if<E>(&effect)) {
        found.push_back(*wanted);
      }
    }
    return found;
  }

  void check_invariants(const Before& before, const core::Stimulus& stimulus) {
    daemon_stopping_ |= std::holds_alternative<core::stimulus::DaemonStopping>(stimulus);
    check_announcements(before);
    check_spawns();
    check_waiting(before, stimulus);
    check_record(before);
  }

  /// The announced changes are the path from the old state to the new one, without a gap.
  void check_announcements(const Before& before) {
    core::ProcessState at = before.state;
    for (const auto& announce : of_last<core::effect::Announce>()) {
      EXPECT_EQ(announce.change.from, at);
      EXPECT_NE(announce.change.to, at) << "announced a change that is none";
      at = announce.change.to;
    }
    EXPECT_EQ(at, machine_.state()) << "a state change was not announced";
  }

  /// Spawn comes last, right after STARTING was announced, and never beside a living child.
  void check_spawns() {
    for (std::size_t i = 0; i < last_.size(); ++i) {
      const auto* announce = std::get_if<core::effect::Announce>(&last_[i]);
      const bool entered = announce && announce->change.to == core::ProcessState::starting;
      const bool spawns_next =
          i + 1 < last_.size() && std::holds_alternative<core::effect::Spawn>(last_[i + 1]);
      EXPECT_EQ(entered, spawns_next) << "Spawn belongs to the entry of STARTING, and only there";
      if (std::holds_alternative<core::effect::Spawn>(last_[i])) {
        EXPECT_EQ(i + 1, last_.size()) << "Spawn must be the last effect";
        EXPECT_EQ(machine_.record().pid, 0) << "a second child beside a living one";
        EXPECT_FALSE(daemon_stopping_) << "nothing is started while the daemon stops";
      }
    }
  }

  /// A deadline exists exactly where time is waited for, and Deadline never leaves it in the past.
  void check_waiting(const Before& before, const core::Stimulus& stimulus) {
    const auto deadline = machine_.deadline();
    switch (machine_.state()) {
      case core::ProcessState::starting:
        EXPECT_EQ(deadline.has_value(), machine_.record().pid != 0);
        break;
      case core::ProcessState::backoff:
        EXPECT_EQ(deadline.has_value(), !daemon_stopping_);
        break;
      case core::ProcessState::stopping:
        EXPECT_TRUE(deadline.has_value());
        break;
      case core::ProcessState::exited:
        EXPECT_FALSE(deadline && daemon_stopping_);
        break;
      case core::ProcessState::stopped:
      case core::ProcessState::running:
      case core::ProcessState::fatal:
      case core::ProcessState::unknown:
        EXPECT_FALSE(deadline.has_value());
        break;
    }
    if (std::holds_alternative<core::stimulus::Deadline>(stimulus)) {
      const bool was_due = before.deadline && *before.deadline <= clock_.now().mono;
      EXPECT_TRUE(!was_due || !deadline || *deadline > clock_.now().mono) << "the loop would spin";
      EXPECT_TRUE(was_due || (last_.empty() && deadline == before.deadline)) << "stale, yet acted";
    }
  }

  void check_record(const Before& before) {
    const core::ProcessRecord& record = machine_.record();
    switch (machine_.state()) {
      case core::ProcessState::running:
      case core::ProcessState::stopping:
        EXPECT_NE(record.pid, 0);
        break;
      case core::ProcessState::stopped:
      case core::ProcessState::backoff:
      case core::ProcessState::exited:
      case core::ProcessState::fatal:
        EXPECT_EQ(record.pid, 0);
        break;
      case core::ProcessState::starting:
      case core::ProcessState::unknown:
        break;
    }
    EXPECT_GE(record.backoff, 0);
    if (!config_->retry_pause) {
      EXPECT_LE(record.backoff, std::max(config_->start_retries, 0) + 1);
    }
    EXPECT_GE(record.spawns, before.record.spawns);
    EXPECT_LE(record.spawns, before.record.spawns + 1);
    const bool settled = machine_.state() == core::ProcessState::running ||
                         machine_.state() == core::ProcessState::exited ||
                         machine_.state() == core::ProcessState::fatal;
    EXPECT_TRUE(!settled || record.backoff == 0);
  }

  FakeClock clock_;
  std::unique_ptr<config::ProcessConfig> config_;
  core::ProcessMachine machine_;
  std::vector<core::Effect> last_;
  std::vector<std::string> log_;
  std::vector<core::StateChange> changes_;
  bool daemon_stopping_ = false;
};

}  // namespace sv::test
