#include "core/event_pool.h"

#include <algorithm>
#include <iterator>
#include <limits>
#include <utility>

#include "base/text.h"
#include "core/supervisor.h"

namespace sv::core {
namespace {

/// Serials are what a signed 64-bit number holds and then begin again.
std::uint64_t take_serial(std::uint64_t& next) {
  constexpr auto kLast = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  const std::uint64_t serial = next;
  next = serial >= kLast ? 0 : serial + 1;
  return serial;
}

/// Whether a listener can be given an event now. (Generic because the type is private.)
constexpr auto kIsCapable = [](const auto& listener) {
  return listener.running && listener.writable && listener.protocol.state() == ListenerState::ready;
};

/// How long an event rests after its n-th rejection.
Duration pause_after(int rejections) {
  if (rejections <= 1) {
    return Duration::zero();
  }
  Duration pause = EventPool::kFirstPause;
  for (int n = 2; n < rejections && pause < EventPool::kLongestPause; ++n) {
    pause *= 2;
  }
  return std::min<Duration>(pause, EventPool::kLongestPause);
}

}  // namespace

std::optional<PoolSpec> pool_spec(const Group& group) {
  const Boxed<config::EventPoolConfig>& pool = group.config().event_pool;
  if (!pool) {
    return std::nullopt;
  }
  PoolSpec spec;
  spec.name = group.name();
  spec.buffer_size = static_cast<std::size_t>(std::max(pool->buffer_size, 1));
  for (const std::string& name : pool->events) {
    if (const std::optional<EventType> type = event_from_name(name)) {
      spec.events.push_back(*type);
    }
  }
  for (const std::unique_ptr<Process>& process : group.processes()) {
    spec.members.push_back({process->id, process->config->name});
  }
  return spec;
}

// EventPool --------------------------------------------------------------------------------------

EventPool::EventPool(PoolSpec spec) : spec_(std::move(spec)) {
  listeners_.reserve(spec_.members.size());
  for (const PoolMember& member : spec_.members) {
    listeners_.push_back({member, ListenerProtocol(member.name), false, true, std::nullopt});
  }
}

bool EventPool::subscribes_to(EventType type) const {
  return std::ranges::any_of(spec_.events, [type](EventType wanted) { return is_a(type, wanted); });
}

bool EventPool::has_member(ProcessId id) const {
  return std::ranges::find(spec_.members, id, &PoolMember::id) != spec_.members.end();
}

ListenerState EventPool::listener_state(ProcessId id) const {
  const auto found =
      std::ranges::find_if(listeners_, [id](const Listener& l) { return l.member.id == id; });
  return found == listeners_.end() ? ListenerState::unknown : found->protocol.state();
}

EventPool::Listener* EventPool::find(ProcessId id) {
  const auto found =
      std::ranges::find_if(listeners_, [id](const Listener& l) { return l.member.id == id; });
  return found == listeners_.end() ? nullptr : &*found;
}

EventPool::Listener* EventPool::first_capable() {
  const auto found = std::ranges::find_if(listeners_, kIsCapable);
  return found == listeners_.end() ? nullptr : &*found;
}

bool EventPool::has_capable() const {
  return std::ranges::any_of(listeners_, kIsCapable);
}

void EventPool::accept(const Event& event, std::uint64_t serial, Now now, Effects& out) {
  make_room(event.payload.size(), out);
  buffered_bytes_ += event.payload.size();
  buffer_.push_back({serial, take_serial(next_pool_serial_), event, 0, now.mono});
  dispatch(now, out);
}

void EventPool::process_changed(ProcessId id, ProcessState to, Now now, Effects& out) {
  Listener* listener = find(id);
  if (listener == nullptr) {
    return;
  }
  listener->running = to == ProcessState::running;
  switch (to) {
    case ProcessState::starting:
      rebuffer(*listener, out);
      listener->protocol.restarted();
      listener->writable = true;
      break;
    case ProcessState::running:
    case ProcessState::stopping:  // it may still answer
      break;
    case ProcessState::stopped:
    case ProcessState::exited:
    case ProcessState::backoff:
    case ProcessState::fatal:
    case ProcessState::unknown:
      rebuffer(*listener, out);
      break;
  }
  dispatch(now, out);
}

void EventPool::listener_output(ProcessId id, std::string_view bytes, Now now, Effects& out) {
  Listener* listener = find(id);
  if (listener == nullptr) {
    return;
  }
  ListenerProtocol::Outcome outcome = listener->protocol.feed(bytes);
  std::ranges::move(outcome.logs, std::back_inserter(out));
  if (outcome.verdict == Verdict::processed) {
    listener->holds.reset();
  } else if (outcome.verdict == Verdict::rejected) {
    reject(*listener, now, out);
  }
  dispatch(now, out);
}

void EventPool::delivery_failed(ProcessId id, Now now, Effects& out) {
  Listener* listener = find(id);
  if (listener == nullptr || !listener->holds) {
    return;
  }
  out.emplace_back(effect::Log{
      Level::debug,
      cat({"epipe occurred while sending event ", std::to_string(listener->holds->serial),
           " to listener ", listener->member.name, ", listener state unchanged"})});
  listener->writable = false;
  listener->protocol.event_not_sent();
  rebuffer(*listener, out);
  dispatch(now, out);
}

void EventPool::dispatch(Now now, Effects& out) {
  while (!buffer_.empty() && buffer_.front().not_before <= now.mono) {
    Listener* listener = first_capable();
    if (listener == nullptr) {
      return;
    }
    deliver(*listener, out);
  }
}

std::optional<MonoTime> EventPool::deadline() const {
  if (buffer_.empty() || !has_capable()) {
    return std::nullopt;
  }
  return buffer_.front().not_before;
}

void EventPool::deliver(Listener& to, Effects& out) {
  to.holds = take_oldest();
  to.protocol.event_sent();
  const Buffered& sent = *to.holds;
  out.emplace_back(
      pool_effect::Deliver{to.member.id, spec_.name, sent.serial, sent.pool_serial, sent.event});
  out.emplace_back(effect::Log{Level::debug, cat({"event ", std::to_string(sent.serial),
                                                  " sent to listener ", to.member.name})});
}

void EventPool::reject(Listener& from, Now now, Effects& out) {
  if (from.holds) {
    ++from.holds->rejections;
    from.holds->not_before = now.mono + pause_after(from.holds->rejections);
  }
  rebuffer(from, out);
}

/// Puts the event a listener holds, if any, back at the head.
void EventPool::rebuffer(Listener& from, Effects& out) {
  if (!from.holds) {
    return;
  }
  Buffered event = *std::exchange(from.holds, std::nullopt);
  out.emplace_back(effect::Log{
      Level::debug, cat({"rebuffering event ", std::to_string(event.serial), " for pool ",
                         spec_.name, " (buf size=", std::to_string(buffer_.size()),
                         ", max=", std::to_string(spec_.buffer_size), ")"})});
  make_room(event.event.payload.size(), out);
  buffered_bytes_ += event.event.payload.size();
  buffer_.push_front(std::move(event));
}

/// Discards the oldest events until one more with `bytes` of payload fits.
void EventPool::make_room(std::size_t bytes, Effects& out) {
  while (!buffer_.empty() &&
         (buffer_.size() >= spec_.buffer_size || buffered_bytes_ + bytes > kMaxBufferedBytes)) {
    const Buffered discarded = take_oldest();
    out.emplace_back(effect::Log{Level::error, cat({"pool ", spec_.name,
                                                    " event buffer overflowed, discarding "
                                                    "event ",
                                                    std::to_string(discarded.serial)})});
  }
}

EventPool::Buffered EventPool::take_oldest() {
  Buffered oldest = std::move(buffer_.front());
  buffer_.pop_front();
  buffered_bytes_ -= oldest.event.payload.size();
  return oldest;
}

// EventPools -------------------------------------------------------------------------------------

EventPools::EventPools(std::uint64_t next_serial) : next_serial_(next_serial) {}

void EventPools::add_pool(PoolSpec spec) {
  remove_pool(spec.name);
  pools_.push_back(std::make_unique<EventPool>(std::move(spec)));
}

void EventPools::remove_pool(std::string_view name) {
  std::erase_if(pools_, [name](const auto& pool) { return pool->name() == name; });
}

bool EventPools::wants(EventType type) const {
  return std::ranges::any_of(pools_,
                             [type](const auto& pool) { return pool->subscribes_to(type); });
}

void EventPools::publish(const Event& event, Now now) {
  std::optional<std::uint64_t> serial;
  for (const std::unique_ptr<EventPool>& pool : pools_) {
    if (!pool->subscribes_to(event.type)) {
      continue;
    }
    if (!serial) {
      serial = take_serial(next_serial_);
    }
    pool->accept(event, *serial, now, effects_);
  }
}

void EventPools::process_changed(ProcessId id, ProcessState to, Now now) {
  if (EventPool* pool = pool_of(id)) {
    pool->process_changed(id, to, now, effects_);
  }
}

void EventPools::listener_output(ProcessId id, std::string_view bytes, Now now) {
  if (EventPool* pool = pool_of(id)) {
    pool->listener_output(id, bytes, now, effects_);
  }
}

void EventPools::delivery_failed(ProcessId id, Now now) {
  if (EventPool* pool = pool_of(id)) {
    pool->delivery_failed(id, now, effects_);
  }
}

void EventPools::deadline_reached(Now now) {
  for (const std::unique_ptr<EventPool>& pool : pools_) {
    pool->dispatch(now, effects_);
  }
}

std::optional<MonoTime> EventPools::deadline() const {
  std::optional<MonoTime> earliest;
  for (const std::unique_ptr<EventPool>& pool : pools_) {
    if (const std::optional<MonoTime> at = pool->deadline()) {
      earliest = std::min(earliest.value_or(*at), *at);
    }
  }
  return earliest;
}

std::optional<PoolEffect> EventPools::take_effect() {
  if (effects_.empty()) {
    return std::nullopt;
  }
  PoolEffect effect = std::move(effects_.front());
  effects_.pop_front();
  return effect;
}

const EventPool* EventPools::find(std::string_view name) const {
  const auto found =
      std::ranges::find_if(pools_, [name](const auto& pool) { return pool->name() == name; });
  return found == pools_.end() ? nullptr : found->get();
}

EventPool* EventPools::pool_of(ProcessId id) {
  const auto found =
      std::ranges::find_if(pools_, [id](const auto& pool) { return pool->has_member(id); });
  return found == pools_.end() ? nullptr : found->get();
}

}  // namespace sv::core
