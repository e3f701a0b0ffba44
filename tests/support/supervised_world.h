#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <chrono>
#include <memory>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "base/signals.h"
#include "core/supervisor.h"
#include "support/scenario.h"

namespace sv::test {

/// A group as tests write it: group("web", {{.name = "a"}, {.name = "b"}}).
inline std::shared_ptr<const config::GroupConfig> group(std::string name,
                                                        const std::vector<Policy>& members,
                                                        int priority = 999) {
  auto config = std::make_shared<config::GroupConfig>();
  config->name = std::move(name);
  config->priority = priority;
  for (const Policy& member : members) {
    config->processes.push_back(process_config(member));
  }
  return config;
}

/// A Supervisor with the world it needs: a clock, children with pids, and a trace of what was done.
/// Performs effects as the shell does: one at a time, answers first. Children do what the test says
/// and nothing else. The trace reads "a STARTING", "spawn a", "kill a SIGTERM", "INFO spawned:
/// ...".
class SupervisedWorld {
 public:
  void add(std::shared_ptr<const config::GroupConfig> config) {
    const auto added = core_.add_group(std::move(config), now());
    EXPECT_TRUE(added.has_value()) << (added ? "" : added.error().message);
    perform();
  }
  Result<void> remove(std::string_view name) {
    auto removed = core_.remove_group(name, now());
    perform();
    return removed;
  }
  void run() {
    core_.run(now());
    perform();
  }
  void begin_stop(core::Mood mood = core::Mood::shutdown,
                  std::optional<Duration> within = std::nullopt) {
    core_.begin_stop(mood, now(), within);
    perform();
  }
  void hurry() {
    core_.hurry(now());
    perform();
  }
  void start(std::string_view name) { feed(name, core::stimulus::Start{}); }
  void stop(std::string_view name) { feed(name, core::stimulus::Stop{}); }
  void exits(std::string_view name, int code) {
    feed(name, core::stimulus::Exited{WaitStatus::from_exit(code)});
  }
  void dies(std::string_view name, int signal) {
    feed(name, core::stimulus::Exited{WaitStatus::from_signal(signal)});
  }
  void feed(std::string_view name, const core::Stimulus& stimulus) {
    feed(process(name).id, stimulus);
  }
  void feed(core::ProcessId id, const core::Stimulus& stimulus) {
    core_.feed(id, stimulus, now());
    perform();
  }

  /// Time passes; what becomes due on the way happens at its moment.
  void pass(Duration time) {
    const MonoTime end = now().mono + time;
    std::size_t at_once = 0;  // turns for the same moment: so many as there are processes for it
    while (core_.next_deadline() && *core_.next_deadline() <= end) {
      const MonoTime due = *core_.next_deadline();
      clock_.advance_to(due);
      core_.deadline_reached(now());
      perform();
      const bool has_more = core_.next_deadline() && *core_.next_deadline() <= due;
      at_once = has_more ? at_once + 1 : 0;
      ASSERT_LE(at_once, process_count() / core::Supervisor::kMostDue) << "the loop would spin";
    }
    clock_.advance_to(end);
  }

  [[nodiscard]] std::size_t process_count() const {
    std::size_t count = 0;
    for (const auto& group : core_.groups()) {
      count += group->processes().size();
    }
    return count;
  }

  /// "name" or "group:name".
  [[nodiscard]] const core::Process& process(std::string_view name) const {
    const auto colon = name.find(':');
    const auto group_name = name.substr(0, colon);
    for (const auto& active : core_.groups()) {
      for (const auto& member : active->processes()) {
        if (colon == std::string_view::npos
                ? member->config->name == name
                : active->name() == group_name && member->config->name == name.substr(colon + 1)) {
          return *member;
        }
      }
    }
    throw std::invalid_argument("no process " + std::string(name));
  }
  [[nodiscard]] core::ProcessState state(std::string_view name) const {
    return process(name).state();
  }

  /// What happened since the last call.
  [[nodiscard]] std::vector<std::string> trace() { return std::exchange(trace_, {}); }
  [[nodiscard]] bool all_stopped() const { return all_stopped_; }
  [[nodiscard]] Now now() const { return clock_.now(); }
  [[nodiscard]] FakeClock& clock() { return clock_; }
  [[nodiscard]] core::Supervisor& core() { return core_; }
  [[nodiscard]] const core::Supervisor& core() const { return core_; }

  /// Children of these names cannot be created.
  std::set<std::string> unspawnable;
  /// Log lines below this level are not traced.
  Level traced = Level::info;

  /// Performs everything that is queued.
  void perform() {
    while (auto effect = core_.take_effect()) {
      std::visit([this](const auto& what) { perform_one(what); }, *effect);
    }
  }

 private:
  void perform_one(const core::ProcessEffect& effect) {
    const core::Process* process = core_.find(effect.process);
    ASSERT_NE(process, nullptr) << "an effect of nobody";
    std::visit([&](const auto& what) { perform_for(*process, what); }, effect.effect);
  }
  void perform_for(const core::Process& process, const core::effect::Spawn& /*spawn*/) {
    if (unspawnable.count(process.config->name) != 0) {
      core_.feed(process.id, core::stimulus::SpawnFailed{"can't find command"}, now());
      return;
    }
    trace_.push_back("spawn " + process.config->name);
    core_.feed(process.id, core::stimulus::Spawned{++last_pid_}, now());
    EXPECT_EQ(core_.find_by_pid(last_pid_), &process);
  }
  void perform_for(const core::Process& process, const core::effect::Kill& kill) {
    EXPECT_EQ(kill.pid, process.record().pid) << "would hit somebody else";
    EXPECT_GT(kill.pid, 0) << "would hit the daemon's own process group";
    trace_.push_back("kill " + process.config->name + " " + signal_name(kill.signal));
  }
  void perform_for(const core::Process& process, const core::effect::Announce& announce) {
    trace_.push_back(process.config->name + " " +
                     std::string(core::state_name(announce.change.to)));
  }
  void perform_for(const core::Process& /*process*/, const core::effect::Log& log) {
    perform_one(log);
  }
  void perform_one(const core::effect::Log& log) {
    if (log.level >= traced) {
      trace_.push_back(to_text(log));
    }
  }
  void perform_one(const core::effect::GroupAdded& added) {
    trace_.push_back("added " + added.name);
  }
  void perform_one(const core::effect::GroupRemoved& removed) {
    trace_.push_back("removed " + removed.name);
  }
  void perform_one(const core::effect::MoodChanged& changed) {
    trace_.push_back("mood " + std::string(core::mood_name(changed.mood)));
  }
  void perform_one(const core::effect::AllStopped& /*all*/) {
    EXPECT_FALSE(all_stopped_) << "AllStopped twice";
    all_stopped_ = true;
    trace_.push_back("all stopped");
  }

  FakeClock clock_;
  core::Supervisor core_;
  pid_t last_pid_ = 100;
  bool all_stopped_ = false;
  std::vector<std::string> trace_;
};

}  // namespace sv::test
