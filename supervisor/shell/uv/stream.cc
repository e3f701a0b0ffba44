#include "shell/uv/stream.h"

#include <sys/socket.h>

#include <array>
#include <cerrno>
#include <utility>

namespace sv::shell::uv {
namespace {

/// A queue whose sent part has grown beyond this, and is the larger one, is moved down to free it:
/// every byte is moved at most once.
constexpr std::size_t kCompactAt = std::size_t{64} * 1024;

bool would_block(int err) {
  return err == EAGAIN || err == EWOULDBLOCK;
}

/// Why a descriptor is in error.
int pending_error(int fd) {
  int err = 0;
  socklen_t size = sizeof err;
  return ::getsockopt(fd, SOL_SOCKET, SO_ERROR, &err, &size) == 0 && err != 0 ? err : EIO;
}

}  // namespace

Stream::Stream(UniqueFd socket, StreamOwner& owner) : socket_(std::move(socket)), owner_(owner) {}

Result<std::unique_ptr<Stream>> Stream::create(Loop& loop, UniqueFd socket, StreamOwner& owner) {
  std::unique_ptr<Stream> stream(new Stream(std::move(socket), owner));
  Result<Poll> poll =
      Poll::create(loop, stream->socket_.get(),
                   [self = stream.get()](Poll::Ready ready) { self->on_ready(ready); });
  if (!poll) {
    return tl::unexpected(poll.error());
  }
  stream->poll_ = std::move(*poll);
  stream->update_interest();
  return stream;
}

void Stream::write(std::string bytes) {
  if (output_ != Output::open || send_error_ != 0 || bytes.empty()) {
    return;
  }
  if (unsent_bytes() > 0) {
    queue_ += bytes;
    return;
  }
  queue_ = std::move(bytes);
  sent_ = 0;
  send_queued();
  update_interest();
}

void Stream::finish() {
  if (output_ == Output::open) {
    output_ = Output::finishing;
    half_close_if_done();
    update_interest();
  }
}

void Stream::pause_reading() {
  reading_ = false;
  update_interest();
}

void Stream::resume_reading() {
  reading_ = true;
  update_interest();
}

/// At most one callback per turn, and it comes last: it may destroy this object. What is still
/// ready then is reported again.
void Stream::on_ready(Poll::Ready ready) {
  if (ready.failed) {
    close_with(pending_error(socket_.get()));
    return;
  }
  if (ready.writable && wants_write()) {
    send_queued();
    half_close_if_done();
    if (send_error_ != 0 || (peer_closed_ && unsent_bytes() == 0)) {
      close_with(send_error_);
      return;
    }
    update_interest();
    if (unsent_bytes() == 0) {
      owner_.on_sent();
      return;
    }
  }
  if (ready.readable && wants_read()) {
    receive();
  }
}

void Stream::receive() {
  std::array<char, kReadSize> buffer;
  const ssize_t n = ::recv(socket_.get(), buffer.data(), buffer.size(), MSG_DONTWAIT);
  if (n < 0) {
    if (!would_block(errno) && errno != EINTR) {
      close_with(errno);
    }
    return;
  }
  if (n > 0) {
    if (output_ == Output::open) {
      owner_.on_bytes({buffer.data(), static_cast<std::size_t>(n)});
    }
    return;  // after finish() the peer's bytes are only drained
  }
  if (unsent_bytes() == 0) {
    close_with(0);
    return;
  }
  // It still waits for what is queued: end once that is out.
  peer_closed_ = true;
  output_ = Output::finishing;
  update_interest();
}

void Stream::send_queued() {
  while (unsent_bytes() > 0) {
    const ssize_t n =
        ::send(socket_.get(), queue_.data() + sent_, unsent_bytes(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (n >= 0) {
      sent_ += static_cast<std::size_t>(n);
    } else if (errno != EINTR) {
      send_error_ = would_block(errno) ? 0 : errno;
      break;
    }
  }
  if (unsent_bytes() == 0) {
    queue_ = std::string();  // gives the memory back: most connections idle
    sent_ = 0;
  } else if (sent_ > kCompactAt && sent_ > queue_.size() / 2) {
    queue_.erase(0, sent_);
    sent_ = 0;
  }
}

void Stream::half_close_if_done() {
  if (output_ == Output::finishing && unsent_bytes() == 0 && send_error_ == 0) {
    output_ = Output::closed;
    ::shutdown(socket_.get(), SHUT_WR);
  }
}

void Stream::close_with(int err) {
  poll_.reset();
  if (err == 0) {
    owner_.on_closed(std::nullopt);
  } else {
    owner_.on_closed(fail_errno(err, "connection failed").value());
  }
}

bool Stream::wants_read() const noexcept {
  return (reading_ || output_ != Output::open) && !peer_closed_;
}

/// Also after a failed send: the owner must not hear of it from inside of write().
bool Stream::wants_write() const noexcept {
  return unsent_bytes() > 0;
}

void Stream::update_interest() {
  if (!poll_) {
    return;
  }
  if (wants_read() && wants_write()) {
    poll_.start(Poll::Interest::both);
  } else if (wants_write()) {
    poll_.start(Poll::Interest::writable);
  } else if (wants_read()) {
    poll_.start(Poll::Interest::readable);
  } else {
    poll_.stop();
  }
}

}  // namespace sv::shell::uv
