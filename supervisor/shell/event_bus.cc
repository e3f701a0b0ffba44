#include "shell/event_bus.h"

#include <algorithm>
#include <utility>
#include <variant>

#include "base/text.h"
#include "wire/event_frame.h"

namespace sv::shell {

EventBus::EventBus(std::string identifier, std::uint64_t next_serial, const Clock& clock,
                   ActivityLog& log)
    : identifier_(std::move(identifier)), clock_(clock), log_(log), pools_(next_serial) {}

void EventBus::group_added(const core::Group* group, std::string_view name) {
  if (group != nullptr) {
    if (std::optional<core::PoolSpec> spec = core::pool_spec(*group)) {
      pools_.add_pool(std::move(*spec));
      update_ticks();
    }
  }
  publish(core::group_added_event(config::shown_group(name)));
}

void EventBus::group_removed(std::string_view name) {
  if (pools_.find(name) != nullptr) {
    pools_.remove_pool(name);
    update_ticks();
  }
  publish(core::group_removed_event(config::shown_group(name)));
}

void EventBus::set_observer(Observer observer) {
  observer_ = std::move(observer);
  update_ticks();
}

bool EventBus::wants(core::EventType type) const {
  return pools_.wants(type) || (observer_.wants && observer_.wants(type));
}

void EventBus::publish(const core::Event& event) {
  if (observer_.wants && observer_.wants(event.type)) {
    observer_.tell(event);
  }
  if (pools_.wants(event.type)) {
    pools_.publish(event, clock_.now());
  }
}

void EventBus::process_changed(const core::Process& process, const core::StateChange& change) {
  publish(core::process_state_event({process.config->name, process.group->shown()}, change));
  pools_.process_changed(process.id, change.to, clock_.now());
}

void EventBus::listener_output(core::ProcessId id, std::string_view bytes) {
  pools_.listener_output(id, bytes, clock_.now());
}

void EventBus::flush() {
  while (const std::optional<core::PoolEffect> effect = pools_.take_effect()) {
    if (const auto* line = std::get_if<core::effect::Log>(&*effect)) {
      log_.write(line->level, line->text);
    } else if (const auto* delivery = std::get_if<core::pool_effect::Deliver>(&*effect)) {
      deliver(*delivery);
    }
  }
}

void EventBus::deliver(const core::pool_effect::Deliver& delivery) {
  const std::string frame =
      wire::write_event_frame({.server = identifier_,
                               .serial = delivery.serial,
                               .pool = delivery.pool,
                               .pool_serial = delivery.pool_serial,
                               .event_name = core::event_name(delivery.event.type)},
                              delivery.event.payload);
  if (writer_(delivery.listener, frame) != StdinResult::accepted) {
    pools_.delivery_failed(delivery.listener, clock_.now());
  }
}

std::optional<MonoTime> EventBus::deadline() const {
  const std::optional<MonoTime> pools = pools_.deadline();
  const std::optional<MonoTime> ticks = ticker_.deadline();
  return pools && ticks ? std::min(*pools, *ticks) : pools ? pools : ticks;
}

void EventBus::deadline_reached() {
  pools_.deadline_reached(clock_.now());
  update_ticks();
}

void EventBus::update_ticks() {
  using core::EventType;
  const core::TickSubscriptions wanted{.tick_5 = wants(EventType::tick_5),
                                       .tick_60 = wants(EventType::tick_60),
                                       .tick_3600 = wants(EventType::tick_3600)};
  for (const core::Event& tick : ticker_.update(wanted, clock_.now())) {
    publish(tick);
  }
}

}  // namespace sv::shell
