#include "shell/child.h"

#include <utility>

namespace sv::shell {
namespace {

OutputChannel::Options channel_options(const core::Process& process, core::Channel channel,
                                       bool strip_ansi) {
  const bool is_out = channel == core::Channel::standard_output;
  const config::LogConfig& log = is_out ? process.config->stdout_log : process.config->stderr_log;
  // The standard output of an event listener is its protocol channel: neither captured nor an
  // event itself (supervisor-config, 3.6).
  const bool is_protocol = is_out && process.group->event_pool.has_value();
  return {
      .channel = channel,
      .process = process.config->name,
      .strip_ansi = strip_ansi && !is_protocol,
      .capture_max_bytes = is_protocol ? 0 : log.capture_max_bytes,
      .events_enabled = !is_protocol && log.events_enabled,
      .is_protocol = is_protocol,
  };
}

}  // namespace

Child::Child(const core::Process& process, Logs logs, bool strip_ansi, ChildObserver& observer,
             ActivityLog& log)
    : process_(process),
      observer_(observer),
      out_(channel_options(process, core::Channel::standard_output, strip_ansi),
           std::move(logs.out), *this, log) {
  if (logs.err != nullptr) {
    err_ = std::make_unique<OutputChannel>(
        channel_options(process, core::Channel::standard_error, strip_ansi), std::move(logs.err),
        *this, log);
  }
}

Child::~Child() = default;

void Child::started(pid_t pid) noexcept {
  pid_ = pid;
  io_->start();
}

void Child::finish() noexcept {
  io_->drain();
  out_.finish();
  if (err_ != nullptr) {
    err_->finish();
  }
}

void Child::reopen_logs() noexcept {
  out_.sink().reopen();
  if (err_ != nullptr) {
    err_->sink().reopen();
  }
}

Result<void> Child::clear_logs() noexcept {
  Result<void> outcome = out_.clear_log();
  if (err_ != nullptr) {
    Result<void> second = err_->clear_log();
    if (outcome && !second) {
      outcome = std::move(second);
    }
  }
  return outcome;
}

void Child::write_to_error_log(std::string_view text) noexcept {
  (err_ != nullptr ? *err_ : out_).add_to_log(text);
}

Child::LogBytes Child::log_bytes() const noexcept {
  return {out_.logged_bytes(), err_ != nullptr ? err_->logged_bytes() : 0};
}

void Child::on_output(core::Channel channel, std::string_view bytes) noexcept {
  OutputChannel& target =
      channel == core::Channel::standard_error && err_ != nullptr ? *err_ : out_;
  target.feed(bytes);
  observer_.on_output(process_.id, channel, bytes);
  if (channel == core::Channel::standard_output && process_.group->event_pool) {
    observer_.on_listener_output(process_.id, bytes);
  }
}

void Child::on_log_data(core::Channel channel, std::string_view data) noexcept {
  observer_.on_log_data(process_.id, pid_, channel, data);
}

void Child::on_captured(core::Channel channel, std::string_view data) noexcept {
  observer_.on_captured(process_.id, pid_, channel, data);
}

}  // namespace sv::shell
