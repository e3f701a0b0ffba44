#pragma once

#include <chrono>
#include <functional>
#include <memory>

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
  ~Listener();

  [[nodiscard]] int fd() const noexcept;

 private:
  /// Shared with a delivery under way, during which the listener may be destroyed.
  struct State;

  explicit Listener(std::shared_ptr<State> state);
  void accept_some();
  void refuse(State& state, int err);

  std::shared_ptr<State> state_;
  Poll poll_;
  Timer pause_;
};

}  // namespace sv::shell::uv
