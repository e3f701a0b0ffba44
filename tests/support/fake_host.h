#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <ctime>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <vector>

#include "rpc/host.h"
#include "support/supervised_world.h"

namespace sv::test {

/// Keeps the lines of the activity log: "INFO waiting for x to stop".
class RecordingLog final : public ActivityLog {
 public:
  void write(Level level, std::string_view text) noexcept override {
    if (enabled(level)) {
      lines.push_back(std::string(level_tag(level)) + " " + std::string(text));
    }
  }
  [[nodiscard]] bool enabled(Level level) const noexcept override { return level >= threshold; }

  /// The lines since the last call.
  [[nodiscard]] std::vector<std::string> take() { return std::exchange(lines, {}); }

  Level threshold = Level::info;
  std::vector<std::string> lines;
};

/// The daemon as the methods see it, without a system: a real core in a SupervisedWorld, files in
/// a table, failures on request. Names in the tables are process names.
class FakeHost final : public rpc::Host {
 public:
  FakeHost() {
    world.run();
    (void)world.trace();
  }

  /// Adds a group to the configuration and activates it. Autostart is on unless said otherwise.
  void activate(std::shared_ptr<const config::GroupConfig> group) {
    startup.groups.push_back(*group);
    latest.groups.push_back(*group);
    world.add(std::move(group));
  }

  /// Sets the wall clock; UTC.
  void clock_at(const char* when) {
    std::tm parts{};
    ASSERT_NE(::strptime(when, "%Y-%m-%d %H:%M:%S", &parts), nullptr);
    world.clock().set_wall_clock(std::chrono::system_clock::from_time_t(::timegm(&parts)));
  }

  SupervisedWorld world;
  config::Config startup;
  config::Config latest;

  rpc::Orphans orphan_count;

  std::map<std::string, wire::XmlRpcFault> bad_commands;
  std::set<std::string> unsignallable;  ///< killing and signalling fails with EPERM
  std::set<std::string> just_ended;     ///< signalling fails with ESRCH
  std::set<std::string> closed_stdin;
  std::map<std::string, std::string> stdin_text;  ///< what was written
  std::vector<std::string> signals;               ///< "name 15"
  std::vector<std::string> remote_events;         ///< "type|data"

  std::map<pid_t, ResourceUsage> usage;  ///< by pid

  std::map<std::string, std::string> stdout_logs;             ///< paths; a missing one is disabled
  mutable std::map<std::string, std::uint64_t> stdout_bytes;  ///< of the current run
  mutable std::map<std::string, std::uint64_t> stderr_bytes;
  std::map<std::string, std::string> stderr_logs;
  std::optional<std::string> main_log = "/log/main.log";
  std::map<std::string, std::string> files;  ///< contents by path
  std::set<std::string> unreadable;          ///< paths
  std::set<std::string> unremovable;         ///< names of processes; "" is the daemon

  tl::expected<config::GroupChanges, std::string> changes;  ///< what reading again finds
  int ended = 0;                                            ///< calls of shut_down() and restart()

  // Host -----------------------------------------------------------------------------------------

  [[nodiscard]] Now now() const override { return world.now(); }
  [[nodiscard]] const core::Supervisor& supervisor() const override { return world.core(); }
  [[nodiscard]] const config::Config& startup_config() const override { return startup; }
  [[nodiscard]] const config::Config& latest_config() const override { return latest; }
  [[nodiscard]] pid_t pid() const override { return 4711; }

  [[nodiscard]] std::optional<wire::XmlRpcFault> check_command(core::ProcessId id) override {
    const auto found = bad_commands.find(name_of(id));
    return found == bad_commands.end() ? std::nullopt : std::optional(found->second);
  }
  void start(core::ProcessId id) override { world.feed(id, core::stimulus::Start{}); }
  void stop(core::ProcessId id) override {
    world.feed(id, core::stimulus::Stop{});
    if (unsignallable.count(name_of(id)) != 0) {
      world.feed(id, core::stimulus::KillFailed{"Operation not permitted"});
    }
  }
  Result<void> signal(core::ProcessId id, int number) override {
    const std::string name = name_of(id);
    if (just_ended.count(name) != 0) {
      return fail(ErrorCode::not_found, "No such process");
    }
    if (unsignallable.count(name) != 0) {
      return fail(ErrorCode::permission_denied, "cannot signal '" + name + "'");
    }
    signals.push_back(name + " " + std::to_string(number));
    return {};
  }
  StdinOutcome write_stdin(core::ProcessId id, std::string_view text) override {
    const std::string name = name_of(id);
    if (closed_stdin.count(name) != 0) {
      return StdinOutcome::closed;
    }
    stdin_text[name] += text;
    return StdinOutcome::accepted;
  }
  [[nodiscard]] std::vector<std::optional<ResourceUsage>> usage_of(
      std::span<const pid_t> pids) const override {
    std::vector<std::optional<ResourceUsage>> all;
    for (const pid_t pid : pids) {
      const auto found = usage.find(pid);
      all.push_back(found == usage.end() ? std::nullopt : std::optional(found->second));
    }
    return all;
  }
  void send_remote_event(std::string_view type, std::string_view data) override {
    remote_events.push_back(std::string(type) + "|" + std::string(data));
  }

  [[nodiscard]] std::optional<std::string> log_path(core::ProcessId id,
                                                    core::Channel channel) const override {
    const auto& logs = channel == core::Channel::standard_output ? stdout_logs : stderr_logs;
    const auto found = logs.find(name_of(id));
    return found == logs.end() ? std::nullopt : std::optional(found->second);
  }
  [[nodiscard]] std::uint64_t log_bytes(core::ProcessId id, core::Channel channel) const override {
    return channel == core::Channel::standard_output ? stdout_bytes[name_of(id)]
                                                     : stderr_bytes[name_of(id)];
  }
  [[nodiscard]] std::optional<std::string> main_log_path() const override { return main_log; }
  [[nodiscard]] Result<std::uint64_t> log_size(const std::string& path) const override {
    const auto found = files.find(path);
    if (found == files.end()) {
      return fail(ErrorCode::not_found, "cannot open '" + path + "'");
    }
    return found->second.size();
  }
  [[nodiscard]] Result<std::string> read_log(const std::string& path, std::uint64_t offset,
                                             std::uint64_t length) const override {
    if (unreadable.count(path) != 0) {
      return fail(ErrorCode::permission_denied, "cannot read '" + path + "'");
    }
    return files.at(path).substr(offset, length);
  }
  Result<void> clear_logs(core::ProcessId id) override {
    const std::string name = name_of(id);
    if (unremovable.count(name) != 0) {
      return fail(ErrorCode::permission_denied, "cannot remove");
    }
    for (const auto* logs : {&stdout_logs, &stderr_logs}) {
      if (const auto found = logs->find(name); found != logs->end()) {
        files[found->second].clear();
      }
    }
    return {};
  }
  Result<void> clear_main_log() override {
    if (!main_log || files.count(*main_log) == 0) {
      return fail(ErrorCode::not_found, "no log");
    }
    if (unremovable.count("") != 0) {
      return fail(ErrorCode::permission_denied, "cannot remove");
    }
    files[*main_log].clear();
    return {};
  }

  tl::expected<config::GroupChanges, std::string> reread() override { return changes; }
  Result<void> add_group(std::string_view name) override {
    const auto found = std::ranges::find(latest.groups, name, &config::GroupConfig::name);
    if (found == latest.groups.end()) {
      return fail(ErrorCode::not_found, "no such group");
    }
    auto added =
        world.core().add_group(std::make_shared<const config::GroupConfig>(*found), world.now());
    world.perform();
    return added;
  }
  Result<void> remove_group(std::string_view name) override { return world.remove(name); }
  [[nodiscard]] const rpc::Orphans& orphans() const override { return orphan_count; }
  void shut_down() override {
    ++ended;
    world.begin_stop(core::Mood::shutdown);
  }
  Result<void> restart() override {
    if (!changes) {
      return fail(ErrorCode::invalid_argument, changes.error());
    }
    ++ended;
    world.begin_stop(core::Mood::restarting);
    return {};
  }

 private:
  [[nodiscard]] std::string name_of(core::ProcessId id) const {
    const core::Process* process = supervisor().find(id);
    return process == nullptr ? "" : process->config->name;
  }
};

}  // namespace sv::test
