#pragma once

#include <functional>

#include "base/unique_fd.h"
#include "shell/uv/poll.h"
#include "shell/uv/timer.h"

namespace sv::shell::uv {

/// Accepts connections on a socket that is already bound and listening (os/sockets.h).
///
/// Running out of descriptors does not stop it and does not make it spin: a descriptor is held in
/// reserve, given up to accept the connection, and the connection is closed at once, so the peer
/// learns of it instead of hanging. When even that fails (the whole system is out of something) it
/// pauses for kPause.
class Listener {
 public:
  static constexpr std::chrono::milliseconds kPause{100};
  static constexpr int kAcceptsPerTurn = 16;  ///< then other descriptors have their turn

  /// A connection: non-blocking, close-on-exec. May destroy the listener.
  using OnConnection = std::function<void(UniqueFd)>;
  /// A connection could not be taken; `err` is an errno value. Repeats as long as peers try, so
  /// rate-limit what you log.
  using OnRefused = std::function<void(int err)>;

  [[nodiscard]] static Result<std::unique_ptr<Listener>> create(Loop& loop, UniqueFd listening,
                                                                OnConnection on_connection,
                                                                OnRefused on_refused);
  Listener(const Listener&) = delete;
  Listener& operator=(const Listener&) = delete;
  ~Listener() = default;

  [[nodiscard]] int fd() const noexcept { return listening_.get(); }

 private:
  Listener(UniqueFd listening, OnConnection on_connection, OnRefused on_refused);
  void on_ready();
  [[nodiscard]] bool refuse_one(int err);

  UniqueFd listening_;
  UniqueFd reserve_;
  std::shared_ptr<OnConnection> on_connection_;  ///< shared with a delivery that destroys us
  OnRefused on_refused_;
  Poll poll_;  ///< after the descriptor it watches: destroyed first
  Timer pause_;
};

}  // namespace sv::shell::uv
