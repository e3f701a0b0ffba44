#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/time.h"
#include "core/supervisor.h"
#include "rpc/host.h"
#include "shell/http_answer.h"

namespace sv::shell {

/// Sends what happens to the clients of /events. Whoever changes something says so; nobody polls,
/// and while there is no client everything here costs a comparison.
///
/// Announcing only queues; flush() wakes the clients. A frame is made once for all of them.
class EventStream {
 public:
  /// A client that is this far behind is told so and dropped: it then asks again and begins anew.
  static constexpr std::size_t kMaxBacklog = std::size_t{256} * 1024;
  /// A comment is sent this often, so that proxies keep the connection and dead clients show.
  static constexpr std::chrono::seconds kHeartbeat{20};

  /// References outlive this.
  EventStream(const rpc::Host& host, const Clock& clock);
  ~EventStream();
  EventStream(const EventStream&) = delete;
  EventStream& operator=(const EventStream&) = delete;

  /// A new client. `snapshot` is the data of its first event. Must not outlive this.
  [[nodiscard]] std::unique_ptr<StreamSource> subscribe(std::string_view snapshot);

  void state_changed(const core::Process& process, const core::StateChange& change);
  void group_added(std::string_view name);
  void group_removed(std::string_view name);
  void mood_changed(core::Mood mood);

  /// Hands what was announced to the clients' connections.
  void flush();

  /// When the next heartbeat is due; never without clients.
  [[nodiscard]] std::optional<MonoTime> deadline() const;
  void deadline_reached();

 private:
  class Client;
  using Frame = std::shared_ptr<const std::string>;  ///< shared by the queues of all clients

  void announce(std::string_view type, std::string_view data);
  void send(const Frame& frame);
  void remove(Client& client) noexcept;

  const rpc::Host& host_;
  const Clock& clock_;
  std::vector<Client*> clients_;
  std::uint64_t last_id_ = 0;
  MonoTime next_heartbeat_;
};

}  // namespace sv::shell
