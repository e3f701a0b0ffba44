#include "shell/output_pipe.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>
#include <utility>

namespace sv::shell {
namespace {

/// How often in a row a pipe must be found calm before a longer pause is tried again; doubled
/// after each attempt that failed, because each of them makes the writer wait.
constexpr std::uint32_t kCalmReadsAtFirst = 64;
constexpr std::uint32_t kCalmReadsAtMost = 64 * 1024;

}  // namespace

// OutputHub ---------------------------------------------------------------------------------------

OutputHub::OutputHub(uv::Loop& loop)
    : loop_(loop),
      buffer_(std::make_unique_for_overwrite<char[]>(kBufferSize)),
      timer_(loop, [this] { on_timer(); }) {}

OutputHub::~OutputHub() = default;

void OutputHub::expect_one_more() {
  ++pipes_;
  if (paused_.capacity() < pipes_) {
    paused_.reserve(2 * pipes_);
  }
  if (due_.capacity() < pipes_) {
    due_.reserve(2 * pipes_);
  }
}

void OutputHub::pause(OutputPipe& pipe) noexcept {
  paused_.push_back(&pipe);  // within what expect_one_more() has reserved
  arm(pipe.due_ms_);
}

void OutputHub::forget(const OutputPipe& pipe) noexcept {
  paused_.erase(std::remove(paused_.begin(), paused_.end(), &pipe), paused_.end());
  std::replace(due_.begin(), due_.end(), const_cast<OutputPipe*>(&pipe),
               static_cast<OutputPipe*>(nullptr));
}

void OutputHub::on_timer() {
  const std::uint64_t now = now_ms();
  const auto first_due = std::partition(paused_.begin(), paused_.end(),
                                        [now](const OutputPipe* p) { return p->due_ms_ > now; });
  due_.assign(first_due, paused_.end());
  paused_.erase(first_due, paused_.end());
  // Those that pause again arm the timer themselves; the others may need it earlier.
  std::uint64_t earliest = std::numeric_limits<std::uint64_t>::max();
  for (const OutputPipe* pipe : paused_) {
    earliest = std::min(earliest, pipe->due_ms_);
  }
  if (!paused_.empty()) {
    arm(earliest);
  }
  for (std::size_t i = 0; i < due_.size(); ++i) {
    if (due_[i] != nullptr) {
      due_[i]->on_pause_over();
    }
  }
  due_.clear();
}

void OutputHub::arm(std::uint64_t due_ms) noexcept {
  if (timer_.armed() && armed_for_ms_ <= due_ms) {
    return;
  }
  armed_for_ms_ = due_ms;
  const std::uint64_t now = now_ms();
  timer_.arm(std::chrono::milliseconds(due_ms > now ? due_ms - now : 0));
}

// OutputPipe --------------------------------------------------------------------------------------

OutputPipe::OutputPipe(OutputHub& hub, OutputConsumer& consumer, core::Channel channel,
                       UniqueFd read_end)
    : hub_(hub),
      consumer_(consumer),
      fd_(std::move(read_end)),
      channel_(channel),
      calm_reads_wanted_(kCalmReadsAtFirst) {
  hub_.expect_one_more();
}

OutputPipe::~OutputPipe() {
  poll_.reset();  // before the descriptor it watches
  hub_.forget(*this);
  hub_.expect_one_less();
}

tl::expected<std::unique_ptr<OutputPipe>, int> OutputPipe::create(OutputHub& hub,
                                                                  OutputConsumer& consumer,
                                                                  core::Channel channel,
                                                                  UniqueFd read_end) {
  std::unique_ptr<OutputPipe> pipe(new OutputPipe(hub, consumer, channel, std::move(read_end)));
  // Not Poll::create's Result: the caller wants the errno value for its own text.
  tl::expected<uv::Poll, int> poll = uv::Poll::try_create(
      hub.loop(), pipe->fd_.get(), [self = pipe.get()](uv::Poll::Ready) { self->on_readable(); });
  if (!poll) {
    return tl::unexpected(poll.error());
  }
  pipe->poll_ = std::move(*poll);
  return pipe;
}

void OutputPipe::on_readable() {
  adapt(read_up_to(OutputHub::kBytesPerTurn));
}

void OutputPipe::on_pause_over() {
  paused_ = false;
  const std::size_t found = read_up_to(OutputHub::kBytesPerTurn);
  adapt(found);
  if (!paused_ && fd_) {
    start();
  }
}

/// Decides about a pause from what a read has found.
void OutputPipe::adapt(std::size_t found) noexcept {
  if (!fd_ || found == 0) {
    return;
  }
  const std::uint64_t now = hub_.now_ms();
  const bool soon = now - std::exchange(last_read_ms_, now) <= OutputHub::kSoonMs;
  if (found > capacity_ / 2) {
    calm_reads_ = 0;
    if (!std::exchange(enlarged_, true)) {
      enlarge();
    } else if (pause_limit_ms_ > 0) {
      pause_limit_ms_ /= 2;
      calm_reads_wanted_ = std::min(calm_reads_wanted_ * 2, kCalmReadsAtMost);
    }
  } else if (pause_limit_ms_ < OutputHub::kPauseMs && ++calm_reads_ >= calm_reads_wanted_) {
    calm_reads_ = 0;
    ++pause_limit_ms_;
  }
  if (soon && pause_limit_ms_ > 0 && found <= capacity_ / 2) {
    poll_.stop();
    paused_ = true;
    due_ms_ = now + pause_limit_ms_;
    hub_.pause(*this);
  }
}

/// Best effort: an unprivileged daemon may have used up what it is allowed.
void OutputPipe::enlarge() noexcept {
  for (const int size : {OutputHub::kBusyPipeSize, OutputHub::kBusyPipeSize / 4}) {
    const int granted = ::fcntl(fd_.get(), F_SETPIPE_SZ, size);
    if (granted > 0) {
      capacity_ = static_cast<std::uint32_t>(granted);
      return;
    }
  }
}

std::size_t OutputPipe::read_up_to(std::size_t limit) noexcept {
  std::size_t total = 0;
  while (fd_ && total < limit) {
    const ssize_t n = ::read(fd_.get(), hub_.buffer_.get(), OutputHub::kBufferSize);
    if (n > 0) {
      const auto size = static_cast<std::size_t>(n);
      total += size;
      consumer_.on_output(channel_, {hub_.buffer_.get(), size});
      if (size < OutputHub::kBufferSize) {
        break;  // that was all; the loop tells when there is more
      }
    } else if (n < 0 && errno == EINTR) {
      continue;
    } else {
      if (n == 0 || errno != EAGAIN) {
        close();
      }
      break;
    }
  }
  return total;
}

void OutputPipe::drain() noexcept {
  const int capacity = fd_ ? ::fcntl(fd_.get(), F_GETPIPE_SZ) : 0;
  std::size_t left = capacity > 0 ? static_cast<std::size_t>(capacity) : 0;
  while (left > 0) {
    const std::size_t found = read_up_to(left);
    if (found == 0) {
      break;  // empty or closed
    }
    left -= std::min(left, found);
  }
}

void OutputPipe::close() noexcept {
  poll_.reset();
  hub_.forget(*this);
  paused_ = false;
  fd_.reset();
  consumer_.on_output_closed(channel_);
}

}  // namespace sv::shell
