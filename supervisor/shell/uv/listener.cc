#include "shell/uv/listener.h"

#include <fcntl.h>
#include <sys/socket.h>

#include <cerrno>
#include <utility>
#include <vector>

namespace sv::shell::uv {
namespace {

UniqueFd open_reserve() {
  return UniqueFd(::open("/", O_PATH | O_CLOEXEC));
}

/// Errors of one connection, not of the listener: it went away again, or a packet filter refused.
bool concerns_one_connection(int err) {
  return err == ECONNABORTED || err == EPROTO || err == EPERM || err == ENETDOWN ||
         err == ENOPROTOOPT || err == EHOSTDOWN || err == ENONET || err == EHOSTUNREACH ||
         err == EOPNOTSUPP || err == ENETUNREACH;
}

}  // namespace

struct Listener::State {
  UniqueFd listening;
  UniqueFd reserve;
  OnConnection on_connection;
  OnRefused on_refused;
  bool destroyed = false;
};

Listener::Listener(std::shared_ptr<State> state) : state_(std::move(state)) {}

Listener::~Listener() {
  state_->destroyed = true;
  poll_.reset();  // before the descriptor it watches
}

Result<std::unique_ptr<Listener>> Listener::create(Loop& loop, UniqueFd listening,
                                                   OnConnection on_connection,
                                                   OnRefused on_refused) {
  auto state = std::make_shared<State>();
  state->listening = std::move(listening);
  state->reserve = open_reserve();
  state->on_connection = std::move(on_connection);
  state->on_refused = std::move(on_refused);
  std::unique_ptr<Listener> listener(new Listener(state));
  Result<Poll> poll = Poll::create(loop, state->listening.get(),
                                   [self = listener.get()](Poll::Ready) { self->accept_some(); });
  if (!poll) {
    return tl::unexpected(poll.error());
  }
  listener->poll_ = std::move(*poll);
  listener->pause_ =
      Timer(loop, [self = listener.get()] { self->poll_.start(Poll::Interest::readable); });
  listener->poll_.start(Poll::Interest::readable);
  return listener;
}

int Listener::fd() const noexcept {
  return state_->listening.get();
}

void Listener::accept_some() {
  // Held here because any callback may destroy the listener.
  const std::shared_ptr<State> state = state_;
  for (int i = 0; i < kAcceptsPerTurn && !state->destroyed; ++i) {
    UniqueFd connection(
        ::accept4(state->listening.get(), nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC));
    if (connection) {
      state->on_connection(std::move(connection));
      continue;
    }
    const int err = errno;
    if (err == EAGAIN) {
      return;
    }
    if (err != EINTR && !concerns_one_connection(err)) {
      refuse(*state, err);
      return;
    }
  }
}

/// Gives up the reserve to take one connection and close it. Where that does not help, pauses:
/// the descriptor stays readable and would keep the loop spinning.
void Listener::refuse(State& state, int err) {
  bool refused = false;
  if (err == EMFILE && state.reserve) {
    state.reserve.reset();
    refused = static_cast<bool>(
        UniqueFd(::accept4(state.listening.get(), nullptr, nullptr, SOCK_CLOEXEC)));
    state.reserve = open_reserve();
  }
  if (!refused) {
    poll_.stop();
    pause_.arm(kPause);
  }
  state.on_refused(err);
}

}  // namespace sv::shell::uv
