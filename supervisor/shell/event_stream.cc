#include "shell/event_stream.h"

#include <algorithm>
#include <deque>
#include <functional>
#include <utility>

#include "web/events.h"

namespace sv::shell {
namespace {

/// How long a browser waits before it connects again, in milliseconds.
constexpr std::string_view kFirstLine = "retry: 2000\n\n";
constexpr std::string_view kHeartbeatLine = ":\n\n";
constexpr std::string_view kDropped = "event: dropped\ndata: {\"reason\":\"too slow\"}\n\n";

}  // namespace

/// What one client has not been sent yet. The connection owns it.
class EventStream::Client final : public StreamSource {
 public:
  Client(EventStream& stream, Frame first) : stream_(stream) { queue_.push_back(std::move(first)); }
  ~Client() override { stream_.remove(*this); }

  void begin(std::function<void()> wake) override { wake_ = std::move(wake); }

  std::string next(std::size_t limit) override {
    std::string bytes;
    while (!queue_.empty() && bytes.size() < limit) {
      bytes += *queue_.front();
      queue_.pop_front();
    }
    backlog_ = queue_.empty() ? 0 : backlog_ - std::min(backlog_, bytes.size());
    return bytes;
  }

  [[nodiscard]] bool ended() const override { return dropped_; }

  void push(const Frame& frame) {
    if (dropped_) {
      return;
    }
    fresh_ = true;
    backlog_ += frame->size();
    queue_.push_back(frame);
    if (backlog_ > kMaxBacklog) {
      queue_.clear();
      queue_.push_back(std::make_shared<const std::string>(kDropped));
      dropped_ = true;
    }
  }

  void wake() {
    if (std::exchange(fresh_, false) && wake_) {
      wake_();
    }
  }

 private:
  EventStream& stream_;
  std::function<void()> wake_;
  std::deque<Frame> queue_;
  std::size_t backlog_ = 0;  ///< bytes queued, without the snapshot, which may be larger
  bool fresh_ = false;
  bool dropped_ = false;
};

EventStream::EventStream(const rpc::Host& host, const Clock& clock) : host_(host), clock_(clock) {}

EventStream::~EventStream() = default;

std::unique_ptr<StreamSource> EventStream::subscribe(std::string_view snapshot) {
  auto first = std::make_shared<std::string>(kFirstLine);
  *first += web::event_frame(last_id_, "snapshot", snapshot);
  auto client = std::make_unique<Client>(*this, std::move(first));
  if (clients_.empty()) {
    next_heartbeat_ = clock_.now().mono + kHeartbeat;
  }
  clients_.push_back(client.get());
  return client;
}

void EventStream::remove(Client& client) noexcept {
  std::erase(clients_, &client);
}

void EventStream::state_changed(const core::Process& process, const core::StateChange& change) {
  if (!clients_.empty()) {
    announce("state", web::state_event(host_, process, change));
  }
}

void EventStream::group_added(std::string_view name) {
  if (!clients_.empty()) {
    announce("group_added", web::group_added_event(host_, name));
  }
}

void EventStream::group_removed(std::string_view name) {
  if (!clients_.empty()) {
    announce("group_removed", web::group_removed_event(name));
  }
}

void EventStream::mood_changed(core::Mood mood) {
  if (!clients_.empty()) {
    announce("daemon", web::daemon_event(mood));
  }
}

void EventStream::announce(std::string_view type, std::string_view data) {
  send(std::make_shared<const std::string>(web::event_frame(++last_id_, type, data)));
}

void EventStream::send(const Frame& frame) {
  for (Client* client : clients_) {
    client->push(frame);
  }
}

void EventStream::flush() {
  // Waking a client only writes to its socket, which calls nobody back: the list stays as it is.
  for (Client* client : clients_) {
    client->wake();
  }
}

std::optional<MonoTime> EventStream::deadline() const {
  return clients_.empty() ? std::nullopt : std::optional(next_heartbeat_);
}

void EventStream::deadline_reached() {
  const MonoTime now = clock_.now().mono;
  if (clients_.empty() || now < next_heartbeat_) {
    return;
  }
  next_heartbeat_ = now + kHeartbeat;
  send(std::make_shared<const std::string>(kHeartbeatLine));
}

}  // namespace sv::shell
