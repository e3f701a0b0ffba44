#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/time.h"
#include "core/effect.h"
#include "core/event.h"
#include "core/listener_state.h"
#include "core/process_state.h"

namespace sv::core {

class Group;

/// Event listener pools: what they have in store, which listener gets it, what becomes of it
/// (supervisor-protocol, 4.2 and 4.6 to 4.8). Pure: the shell tells what happened and performs the
/// effects; time is an argument.

/// One process of a pool.
struct PoolMember {
  ProcessId id{};
  std::string name;  ///< process name, for log texts

  friend bool operator==(const PoolMember&, const PoolMember&) = default;
};

/// A group of an [eventlistener:x] section.
struct PoolSpec {
  std::string name;
  std::vector<PoolMember> members;  ///< in the order they are offered events
  std::vector<EventType> events;    ///< subscriptions; an abstract type stands for all below it
  std::size_t buffer_size = 10;     ///< events

  friend bool operator==(const PoolSpec&, const PoolSpec&) = default;
};

/// The pool a group is; nullopt for a group that is none.
[[nodiscard]] std::optional<PoolSpec> pool_spec(const Group& group);

namespace pool_effect {

/// Write this event to the listener's standard input, whole (wire/event_frame renders it). If that
/// turns out to be impossible, call delivery_failed().
struct Deliver {
  ProcessId listener{};
  std::string pool;
  std::uint64_t serial = 0;       ///< of the event, over all pools
  std::uint64_t pool_serial = 0;  ///< of the event within its pool
  Event event;

  friend bool operator==(const Deliver&, const Deliver&) = default;
};

}  // namespace pool_effect

using PoolEffect = std::variant<pool_effect::Deliver, effect::Log>;

/// One pool. Used through EventPools.
///
/// An event waits in the buffer until the first member in order is RUNNING and READY, and is then
/// that member's until it answers. Rejected, or its listener gone, it returns to the head of this
/// pool's buffer - not of others, as in the reference - with its serials unchanged.
///
/// A rejected event is offered again at once; when it was rejected before, the pool pauses: 100 ms,
/// doubling up to one second. (The reference redelivers in a tight loop.) An event that is
/// processed, or another one at the head, knows no pause.
///
/// The buffer holds `buffer_size` events and kMaxBufferedBytes of payload; beyond either the oldest
/// is discarded with the reference's message. A single event that is larger than that is kept.
class EventPool {
 public:
  static constexpr std::size_t kMaxBufferedBytes = std::size_t{8} * 1024 * 1024;
  static constexpr std::chrono::milliseconds kFirstPause{100};
  static constexpr std::chrono::milliseconds kLongestPause{1000};

  explicit EventPool(PoolSpec spec);

  [[nodiscard]] const std::string& name() const { return spec_.name; }
  [[nodiscard]] bool subscribes_to(EventType type) const;
  [[nodiscard]] bool has_member(ProcessId id) const;
  [[nodiscard]] std::size_t buffered() const { return buffer_.size(); }
  [[nodiscard]] ListenerState listener_state(ProcessId id) const;

  /// Effects of the following are appended to `out`. Unknown ids are ignored.
  using Effects = std::deque<PoolEffect>;

  void accept(const Event& event, std::uint64_t serial, Now now, Effects& out);
  void process_changed(ProcessId id, ProcessState to, Now now, Effects& out);
  void listener_output(ProcessId id, std::string_view bytes, Now now, Effects& out);
  void delivery_failed(ProcessId id, Now now, Effects& out);

  /// Hands out what can be handed out.
  void dispatch(Now now, Effects& out);

  /// When dispatch() must be called although nothing happened; always later than its last call.
  [[nodiscard]] std::optional<MonoTime> deadline() const;

 private:
  struct Buffered {
    std::uint64_t serial = 0;
    std::uint64_t pool_serial = 0;
    Event event;
    int rejections = 0;
    MonoTime not_before{};  ///< end of its pause
  };

  struct Listener {
    PoolMember member;
    ListenerProtocol protocol;
    bool running = false;
    bool writable = true;  ///< false once a write failed, until it is started again
    std::optional<Buffered> holds;
  };

  Listener* find(ProcessId id);
  Listener* first_capable();
  [[nodiscard]] bool has_capable() const;
  void deliver(Listener& to, Effects& out);
  void rebuffer(Listener& from, Effects& out);
  void reject(Listener& from, Now now, Effects& out);
  void make_room(std::size_t bytes, Effects& out);
  Buffered take_oldest();

  PoolSpec spec_;
  std::vector<Listener> listeners_;
  std::deque<Buffered> buffer_;  ///< oldest first
  std::size_t buffered_bytes_ = 0;
  std::uint64_t next_pool_serial_ = 0;
};

/// All pools of the daemon. Every call may append effects; take them until there are none.
class EventPools {
 public:
  /// `next_serial` continues the numbering of an earlier instance in the same daemon.
  explicit EventPools(std::uint64_t next_serial = 0);

  /// Subscribes a pool; replaces one of the same name.
  void add_pool(PoolSpec spec);

  /// Unsubscribes a pool and drops what it has in store.
  void remove_pool(std::string_view name);

  /// Whether any pool takes events of this type: ask before rendering a large payload, and to know
  /// which ticks are needed.
  [[nodiscard]] bool wants(EventType type) const;

  /// Gives the event to every pool that subscribes, once each, however many of its subscriptions
  /// match. Its serial is assigned when the first pool takes it; without one it has none.
  void publish(const Event& event, Now now);

  /// A process changed its state. Ids of processes that are not listeners are ignored, so every
  /// announcement can be passed on. STARTING begins a new listener, STOPPED, EXITED, BACKOFF, FATAL
  /// and UNKNOWN end one.
  void process_changed(ProcessId id, ProcessState to, Now now);

  /// A listener wrote to its standard output.
  void listener_output(ProcessId id, std::string_view bytes, Now now);

  /// The last Deliver to this listener could not be written, because it closed its standard input:
  /// the event goes to another member; this one gets no more until it is started again.
  void delivery_failed(ProcessId id, Now now);

  /// The time returned by deadline() has come.
  void deadline_reached(Now now);
  [[nodiscard]] std::optional<MonoTime> deadline() const;

  /// Takes the oldest effect not yet performed.
  [[nodiscard]] std::optional<PoolEffect> take_effect();

  [[nodiscard]] const EventPool* find(std::string_view name) const;

  /// The serial the next accepted event will get.
  [[nodiscard]] std::uint64_t next_serial() const { return next_serial_; }

 private:
  EventPool* pool_of(ProcessId id);

  std::uint64_t next_serial_;
  std::vector<std::unique_ptr<EventPool>> pools_;  ///< in the order they were added
  std::deque<PoolEffect> effects_;
};

}  // namespace sv::core
