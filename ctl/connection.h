#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "base/unique_fd.h"
#include "ctl/failure.h"
#include "ctl/interrupts.h"

/// A blocking byte connection to the daemon. A wait that the caller's patience ends is a failure:
/// Interrupted, or ETIMEDOUT as the system would say it. Without a deadline there is no time limit:
/// a start may take as long as the program needs.
namespace sv::ctl {

class Connection {
 public:
  /// Connects to a server URL. Hosts are numeric addresses or "localhost": looking names up would
  /// need the system's resolver, which a static program cannot use safely.
  /// Failures carry the reference's class: ValueError for a URL it would not understand,
  /// SystemFailure for what the system says.
  [[nodiscard]] static Outcome<Connection> open(const std::string& server_url,
                                                const Patience& patience);

  [[nodiscard]] int fd() const { return fd_.get(); }

  [[nodiscard]] Outcome<void> send(std::string_view bytes, const Patience& patience);

  enum class Received {
    bytes,    ///< something was appended
    nothing,  ///< nothing there yet
    end,      ///< the peer closed
  };

  /// One read, without waiting; what came is appended to `buffer`.
  [[nodiscard]] Outcome<Received> read_some(std::string& buffer);

  /// Waits until there is something or the end; never answers Received::nothing.
  [[nodiscard]] Outcome<Received> receive(std::string& buffer, const Patience& patience);

 private:
  explicit Connection(UniqueFd fd) : fd_(std::move(fd)) {}

  UniqueFd fd_;
};

}  // namespace sv::ctl
