#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/time.h"
#include "core/event.h"
#include "core/event_pool.h"
#include "core/supervisor.h"
#include "core/ticker.h"
#include "shell/child_io.h"

namespace sv::shell {

/// Carries events to event listeners: the pools of the core on one side, listeners' standard input
/// on the other. Publishing only queues; flush() writes. So it may be called from anywhere.
class EventBus {
 public:
  /// Writes to a listener's standard input.
  using Writer = std::function<StdinResult(core::ProcessId, std::string_view)>;

  /// References outlive the bus. `identifier` is the `server:` of envelopes. `next_serial`
  /// continues the numbering over a reload.
  EventBus(std::string identifier, std::uint64_t next_serial, const Clock& clock, ActivityLog& log);

  void set_identifier(std::string identifier) { identifier_ = std::move(identifier); }
  void set_writer(Writer writer) { writer_ = std::move(writer); }
  /// Somebody in here who wants events as well, before listeners get them. Once, at the start.
  struct Observer {
    std::function<bool(core::EventType)> wants;
    std::function<void(const core::Event&)> tell;
  };
  void set_observer(Observer observer);

  /// A group became active: subscribes it if it is a pool, then announces it.
  void group_added(const core::Group* group, std::string_view name);
  /// Unsubscribes the group if it is a pool, then announces its removal.
  void group_removed(std::string_view name);

  [[nodiscard]] bool wants(core::EventType type) const;
  void publish(const core::Event& event);
  void process_changed(const core::Process& process, const core::StateChange& change);
  void listener_output(core::ProcessId id, std::string_view bytes);

  /// Writes what is ready to be written.
  void flush();

  [[nodiscard]] std::optional<MonoTime> deadline() const;
  void deadline_reached();

  [[nodiscard]] std::uint64_t next_serial() const { return pools_.next_serial(); }

 private:
  void deliver(const core::pool_effect::Deliver& delivery);
  void update_ticks();

  std::string identifier_;
  const Clock& clock_;
  ActivityLog& log_;
  Writer writer_;
  Observer observer_;
  core::EventPools pools_;
  core::Ticker ticker_;
};

}  // namespace sv::shell
