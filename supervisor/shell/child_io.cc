#include "shell/child_io.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <utility>

#include "shell/uv/poll.h"

namespace sv::shell {
namespace {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

/// Not a socket pair: a service may open /dev/stdout again, which works for pipes only.
tl::expected<Pipe, int> make_pipe() {
  int fds[2] = {-1, -1};
  if (::pipe2(fds, O_CLOEXEC) != 0) {
    return tl::unexpected(errno);
  }
  return Pipe{UniqueFd(fds[0]), UniqueFd(fds[1])};
}

}  // namespace

/// Bytes the child has not taken yet, and the watch that tells when it takes more.
struct ChildIo::Stdin {
  std::string queue;
  std::size_t sent = 0;  ///< prefix of the queue the pipe has taken
  bool close_when_sent = false;
  uv::Poll poll;

  [[nodiscard]] std::size_t unsent() const noexcept { return queue.size() - sent; }
};

ChildIo::ChildIo(OutputHub& hub) : hub_(hub) {}

ChildIo::~ChildIo() {
  stdin_queue_.reset();  // its watch goes before the descriptor
}

tl::expected<std::unique_ptr<ChildIo>, int> ChildIo::create(OutputHub& hub,
                                                            OutputConsumer& consumer,
                                                            const Options& options) {
  std::unique_ptr<ChildIo> io(new ChildIo(hub));
  const auto add_output = [&](core::Channel channel, UniqueFd& child_end,
                              std::unique_ptr<OutputPipe>& ours) {
    tl::expected<Pipe, int> pipe = make_pipe();
    if (!pipe) {
      return pipe.error();
    }
    auto output = OutputPipe::create(hub, consumer, channel, std::move(pipe->read));
    if (!output) {
      return output.error();
    }
    child_end = std::move(pipe->write);
    ours = std::move(*output);
    return 0;
  };
  int err = add_output(core::Channel::standard_output, io->child_stdout_, io->stdout_);
  if (err == 0 && !options.redirect_stderr) {
    err = add_output(core::Channel::standard_error, io->child_stderr_, io->stderr_);
  }
  if (err == 0) {
    err = io->make_stdin(options.stdin_socket);
  }
  if (err != 0) {
    return tl::unexpected(err);
  }
  return io;
}

int ChildIo::make_stdin(std::optional<int> socket) {
  if (socket) {
    borrowed_stdin_ = *socket;
    return 0;
  }
  tl::expected<Pipe, int> pipe = make_pipe();
  if (!pipe) {
    return pipe.error();
  }
  if (::fcntl(pipe->write.get(), F_SETFL, O_NONBLOCK) != 0) {
    return errno;
  }
  child_stdin_ = std::move(pipe->read);
  stdin_ = std::move(pipe->write);
  return 0;
}

void ChildIo::fill(os::ChildPlan& plan) const {
  plan.stdin_fd = child_stdin_ ? child_stdin_.get() : borrowed_stdin_;
  plan.stdout_fd = child_stdout_.get();
  plan.stderr_fd = child_stderr_ ? child_stderr_.get() : child_stdout_.get();
}

void ChildIo::start() noexcept {
  child_stdin_.reset();
  child_stdout_.reset();
  child_stderr_.reset();
  borrowed_stdin_ = -1;
  stdout_->start();
  if (stderr_ != nullptr) {
    stderr_->start();
  }
}

void ChildIo::drain() noexcept {
  stdout_->drain();
  if (stderr_ != nullptr) {
    stderr_->drain();
  }
}

std::size_t ChildIo::queued_stdin_bytes() const noexcept {
  return stdin_queue_ != nullptr ? stdin_queue_->unsent() : 0;
}

StdinResult ChildIo::write_stdin(std::string_view bytes) {
  if (!stdin_ || (stdin_queue_ != nullptr && stdin_queue_->close_when_sent)) {
    return StdinResult::closed;
  }
  if (bytes.size() > kStdinLimit - queued_stdin_bytes()) {
    return StdinResult::full;
  }
  if (stdin_queue_ == nullptr) {
    const Sent sent = send(bytes);
    if (sent.broken) {
      stdin_.reset();
      return StdinResult::closed;
    }
    bytes.remove_prefix(sent.bytes);
    if (bytes.empty()) {
      return StdinResult::accepted;
    }
    if (!queue_stdin()) {
      return StdinResult::full;
    }
  }
  stdin_queue_->queue += bytes;
  return StdinResult::accepted;
}

/// What the pipe takes now. Broken: nobody reads any more.
ChildIo::Sent ChildIo::send(std::string_view bytes) const noexcept {
  Sent sent;
  while (sent.bytes < bytes.size()) {
    const ssize_t n = ::write(stdin_.get(), bytes.data() + sent.bytes, bytes.size() - sent.bytes);
    if (n >= 0) {
      sent.bytes += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      sent.broken = errno != EAGAIN;
      break;
    }
  }
  return sent;
}

bool ChildIo::queue_stdin() {
  auto queue = std::make_unique<Stdin>();
  auto poll = uv::Poll::try_create(hub_.loop(), stdin_.get(),
                                   [this](uv::Poll::Ready) { on_stdin_ready(); });
  if (!poll) {
    return false;
  }
  queue->poll = std::move(*poll);
  queue->poll.start(uv::Poll::Interest::writable);
  stdin_queue_ = std::move(queue);
  return true;
}

void ChildIo::on_stdin_ready() {
  Stdin& queue = *stdin_queue_;
  const Sent sent = send(std::string_view(queue.queue).substr(queue.sent));
  queue.sent += sent.bytes;
  if (!sent.broken && queue.unsent() > 0) {
    if (queue.sent > kStdinLimit / 4) {
      queue.queue.erase(0, std::exchange(queue.sent, 0));
    }
    return;
  }
  const bool done_for_good = sent.broken || queue.close_when_sent;
  stdin_queue_.reset();  // its watch goes before the descriptor
  if (done_for_good) {
    stdin_.reset();
  }
}

void ChildIo::close_stdin() noexcept {
  if (stdin_queue_ != nullptr) {
    stdin_queue_->close_when_sent = true;
  } else {
    stdin_.reset();
  }
}

}  // namespace sv::shell
