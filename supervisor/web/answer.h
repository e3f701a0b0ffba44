#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>

#include "base/time.h"
#include "core/event.h"
#include "core/process_state.h"
#include "wire/http_message.h"

/// What requests of people and of their browsers are answered with.
namespace sv::web {

/// An answer that waits for state changes. Polled after every batch of them and at its deadline,
/// until it returns a response. Holds nothing that a client could make grow.
class PendingResponse {
 public:
  virtual ~PendingResponse() = default;
  [[nodiscard]] virtual std::optional<wire::HttpResponse> poll() = 0;
  [[nodiscard]] virtual std::optional<MonoTime> deadline() const = 0;
};

/// A log, piece by piece. Whoever owns sockets opens it.
struct LogAnswer {
  wire::HttpResponse head;  ///< its body is not used
  std::string path;
  std::optional<core::ProcessId> process;  ///< unset: the daemon's own log
  core::Channel channel = core::Channel::standard_output;
  bool follows = false;                     ///< goes on as the log grows
  std::optional<std::uint64_t> last_bytes;  ///< where it begins; unset: at the file's beginning
};

/// Everything that happens from now on, as server-sent events, after the state as it is.
struct EventsAnswer {
  wire::HttpResponse head;  ///< its body is not used
  std::string snapshot;     ///< data of the first event
};

using Answer =
    std::variant<wire::HttpResponse, std::unique_ptr<PendingResponse>, LogAnswer, EventsAnswer>;

/// What the sender of a request may do.
enum class Permission {
  full,
  read_only,  ///< it gave the credentials of the role that only reads
  foreign,    ///< a browser sent it for a page of another site
};

}  // namespace sv::web
