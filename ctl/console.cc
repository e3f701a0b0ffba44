#include "ctl/console.h"

#include <poll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <utility>

namespace sv::ctl {
namespace {

constexpr std::size_t kFlushAtBytes = 64UL * 1024;

}  // namespace

void Output::write(std::string_view text) {
  buffer_.append(text);
  if (buffer_.size() >= kFlushAtBytes) {
    flush();
  }
}

void Output::line(std::string_view text) {
  buffer_.append(text);
  write("\n");
}

void Output::flush() noexcept {
  if (fd_ < 0) {
    return;
  }
  std::string_view rest = buffer_;
  while (!rest.empty() && error_ == 0) {
    const ssize_t count = ::write(fd_, rest.data(), rest.size());
    if (count >= 0) {
      rest.remove_prefix(static_cast<std::size_t>(count));
    } else if (errno == EAGAIN) {
      // Whoever shares the terminal may have made it non-blocking.
      (void)wait_for(fd_, POLLOUT, nullptr);
    } else if (errno != EINTR) {
      error_ = errno;
    }
  }
  buffer_.clear();
}

LineInput::Status LineInput::read_line(std::string& line, Interrupts* interrupts) {
  while (!take_line(line)) {
    if (at_end_) {
      at_end_ = false;  // a terminal can go on after an end-of-file; a pipe just ends again
      return Status::end;
    }
    if (wait_for(fd_, POLLIN, interrupts) == Wait::interrupted) {
      return Status::interrupted;
    }
    fill();
  }
  return Status::line;
}

bool LineInput::fill() {
  std::array<char, 4096> bytes;
  const ssize_t count = ::read(fd_, bytes.data(), bytes.size());
  if (count > 0) {
    buffer_.append(bytes.data(), static_cast<std::size_t>(count));
  } else if (count == 0 || (errno != EINTR && errno != EAGAIN)) {
    at_end_ = true;
  }
  return !at_end_;
}

bool LineInput::take_line(std::string& line) {
  const std::size_t end = buffer_.find('\n');
  if (end != std::string::npos && end <= kMaxLineBytes) {
    line.assign(buffer_, 0, end);
    buffer_.erase(0, end + 1);
    return true;
  }
  if (buffer_.size() > kMaxLineBytes) {
    line.assign(buffer_, 0, kMaxLineBytes);
    buffer_.erase(0, kMaxLineBytes);
    return true;
  }
  if (at_end_ && !buffer_.empty()) {
    line = std::move(buffer_);
    buffer_.clear();
    return true;
  }
  return false;
}

}  // namespace sv::ctl
