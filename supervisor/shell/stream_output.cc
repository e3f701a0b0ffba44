#include "shell/stream_output.h"

#include <fcntl.h>
#include <poll.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <string>
#include <utility>

#include "base/time.h"
#include "os/fs.h"

namespace sv::shell {
namespace {

enum class Target { plain, pipe, terminal, socket };

Target classify(int fd) {
  struct stat info {};
  if (::fstat(fd, &info) != 0) {
    return Target::plain;  // writes will tell what is wrong
  }
  if (S_ISFIFO(info.st_mode)) {
    return Target::pipe;
  }
  if (S_ISSOCK(info.st_mode)) {
    return Target::socket;
  }
  return S_ISCHR(info.st_mode) && ::isatty(fd) == 1 ? Target::terminal : Target::plain;
}

UniqueFd own_description(int fd) {
  const std::string path = "/proc/self/fd/" + std::to_string(fd);
  return UniqueFd(::open(path.c_str(), O_WRONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY));
}

}  // namespace

StreamOutput::StreamOutput(uv::Loop& loop, UniqueFd owned, int fd, Method method)
    : loop_(loop), owned_(std::move(owned)), fd_(fd), method_(method) {}

StreamOutput::~StreamOutput() {
  flush();
  stop_waiting();
}

std::unique_ptr<StreamOutput> StreamOutput::own(uv::Loop& loop, UniqueFd fd) {
  const int number = fd.get();
  Method method = Method::plain;
  if (classify(number) != Target::plain) {
    const int flags = ::fcntl(number, F_GETFL);
    ::fcntl(number, F_SETFL, flags | O_NONBLOCK);
    method = Method::stream;
  }
  return std::unique_ptr<StreamOutput>(new StreamOutput(loop, std::move(fd), number, method));
}

std::unique_ptr<StreamOutput> StreamOutput::inherited(uv::Loop& loop, int fd) {
  const Target target = classify(fd);
  UniqueFd owned;
  Method method = Method::plain;
  if (target == Target::socket) {
    method = Method::socket;
  } else if (target != Target::plain) {
    owned = own_description(fd);
    if (owned) {
      method = Method::stream;
    } else {
      method = target == Target::pipe ? Method::nowait : Method::toggle;
    }
  }
  const int number = owned ? owned.get() : fd;
  return std::unique_ptr<StreamOutput>(new StreamOutput(loop, std::move(owned), number, method));
}

StreamOutput::Outcome StreamOutput::write(std::string_view bytes) noexcept {
  flush();
  Outcome outcome = std::exchange(lost_, Outcome{});
  if (buffered_bytes() > 0) {
    keep(bytes, outcome);
    return outcome;
  }
  int err = 0;
  bytes.remove_prefix(send_some(bytes, err));
  if (err == EAGAIN) {
    keep(bytes, outcome);
    wait_for_reader();
  } else if (err != 0) {
    outcome.dropped += bytes.size();
    outcome.err = err;
  }
  return outcome;
}

/// Buffers what fits, up to the end of a line, so that what follows a gap begins with one.
void StreamOutput::keep(std::string_view rest, Outcome& outcome) noexcept {
  const std::size_t room = kBufferLimit - std::min(kBufferLimit, buffered_bytes());
  std::string_view fits = rest;
  if (rest.size() > room) {
    fits = rest.substr(0, rest.substr(0, room).rfind('\n') + 1);
    outcome.dropped += rest.size() - fits.size();
    outcome.err = EAGAIN;
  }
  buffer_ += fits;
}

std::size_t StreamOutput::send_some(std::string_view bytes, int& err) noexcept {
  if (method_ == Method::plain) {
    const os::Written written = os::write_all(fd_, bytes);
    err = written.err;
    return written.bytes;
  }
  std::size_t sent = 0;
  while (sent < bytes.size()) {
    const std::ptrdiff_t n = send_once(bytes.substr(sent));
    if (n > 0) {
      sent += static_cast<std::size_t>(n);
    } else if (n == 0 || errno != EINTR) {
      err = n == 0 ? EIO : errno;
      break;
    }
  }
  return sent;
}

std::ptrdiff_t StreamOutput::send_once(std::string_view bytes) noexcept {
  switch (method_) {
    case Method::plain:
    case Method::stream:
      return ::write(fd_, bytes.data(), bytes.size());
    case Method::socket:
      return ::send(fd_, bytes.data(), bytes.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    case Method::nowait: {
      const iovec part{const_cast<char*>(bytes.data()), bytes.size()};
      const ssize_t n = ::pwritev2(fd_, &part, 1, -1, RWF_NOWAIT);
      if (n >= 0 || errno == EAGAIN || errno == EINTR || errno == EPIPE) {
        return n;
      }
      method_ = Method::toggle;  // the kernel cannot do this with pipes, or a filter forbids it
      return send_toggled(bytes);
    }
    case Method::toggle:
      return send_toggled(bytes);
  }
  return 0;
}

/// Asking poll() first is not enough: a terminal that has room for one byte is writable, and a
/// write of two would wait. So the shared description is non-blocking for some microseconds, in
/// which another writer may see EAGAIN; the alternative is a daemon that hangs until somebody
/// reads.
std::ptrdiff_t StreamOutput::send_toggled(std::string_view bytes) const noexcept {
  const int flags = ::fcntl(fd_, F_GETFL);
  if (flags < 0 || ::fcntl(fd_, F_SETFL, flags | O_NONBLOCK) != 0) {
    return -1;
  }
  const ssize_t n = ::write(fd_, bytes.data(), bytes.size());
  const int err = errno;
  ::fcntl(fd_, F_SETFL, flags);
  errno = err;
  return n;
}

void StreamOutput::flush() noexcept {
  if (buffered_bytes() == 0) {
    return;
  }
  int err = 0;
  sent_ += send_some(std::string_view(buffer_).substr(sent_), err);
  if (err == EAGAIN) {
    if (sent_ > kBufferLimit / 2) {
      buffer_.erase(0, std::exchange(sent_, 0));
    }
    wait_for_reader();
    return;
  }
  if (err != 0) {
    lost_.dropped += buffered_bytes();
    lost_.err = err;
  }
  buffer_ = std::string();  // gives the memory back
  sent_ = 0;
  stop_waiting();
}

/// Watching the descriptor itself would make it non-blocking for everybody who shares it. An epoll
/// instance around it is ours alone, and is readable when the descriptor has become writable. Edges
/// only: a terminal with room for one byte is writable and yet refuses a line end, which would make
/// the loop spin. Without an instance (no descriptors left) the next write tries again.
void StreamOutput::wait_for_reader() noexcept {
  if (poll_) {
    return;
  }
  UniqueFd epoll(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event writable{};
  writable.events = EPOLLOUT | EPOLLET;
  if (!epoll || ::epoll_ctl(epoll.get(), EPOLL_CTL_ADD, fd_, &writable) != 0) {
    return;
  }
  auto poll = uv::Poll::try_create(loop_, epoll.get(), [this](uv::Poll::Ready) {
    epoll_event edge{};
    ::epoll_wait(readiness_.get(), &edge, 1, 0);  // takes the edge, before what it announces
    flush();
  });
  if (!poll) {
    return;
  }
  readiness_ = std::move(epoll);
  poll_ = std::move(*poll);
  poll_.start(uv::Poll::Interest::readable);
}

void StreamOutput::stop_waiting() noexcept {
  poll_.reset();
  readiness_.reset();
}

void StreamOutput::flush_for(std::chrono::milliseconds limit) noexcept {
  const SystemClock clock;
  const MonoTime end = clock.now().mono + limit;
  for (flush(); buffered_bytes() > 0; flush()) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock.now().mono);
    pollfd ready{fd_, POLLOUT, 0};
    if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) == 0) {
      return;
    }
  }
}

// StandardOutputs ---------------------------------------------------------------------------------

std::optional<int> StandardOutputs::descriptor_named(std::string_view path) {
  struct Name {
    std::string_view path;
    int fd;
  };
  static constexpr Name kNames[] = {
      {"/dev/stdout", STDOUT_FILENO},     {"/dev/stderr", STDERR_FILENO},
      {"/dev/fd/1", STDOUT_FILENO},       {"/dev/fd/2", STDERR_FILENO},
      {"/proc/self/fd/1", STDOUT_FILENO}, {"/proc/self/fd/2", STDERR_FILENO},
  };
  for (const Name& name : kNames) {
    if (name.path == path) {
      return name.fd;
    }
  }
  return std::nullopt;
}

StreamOutput& StandardOutputs::at(int fd) {
  std::unique_ptr<StreamOutput>& output = outputs_[fd];
  if (output == nullptr) {
    output = StreamOutput::inherited(loop_, fd);
  }
  return *output;
}

void StandardOutputs::flush_for(std::chrono::milliseconds limit) noexcept {
  const SystemClock clock;
  const MonoTime end = clock.now().mono + limit;
  for (const auto& [fd, output] : outputs_) {
    const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - clock.now().mono);
    output->flush_for(std::max(left, std::chrono::milliseconds(0)));
  }
}

}  // namespace sv::shell
