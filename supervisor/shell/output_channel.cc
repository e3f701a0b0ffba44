#include "shell/output_channel.h"

#include <exception>
#include <utility>
#include <vector>

#include "base/text.h"
#include "base/unicode.h"
#include "core/capture_filter.h"

namespace sv::shell {

using core::CapturePiece;

struct OutputChannel::Filters {
  core::CaptureFilter filter;
  std::vector<CapturePiece> pieces;
  std::string joined;
};

OutputChannel::OutputChannel(Options options, std::unique_ptr<LogSink> sink, OutputEvents& events,
                             ActivityLog& log)
    : options_(std::move(options)), sink_(std::move(sink)), events_(events), log_(log) {
  if (options_.strip_ansi || options_.capture_max_bytes != 0) {
    filters_ = std::make_unique<Filters>(
        Filters{core::CaptureFilter({.capture_max_bytes = options_.capture_max_bytes,
                                     .strip_ansi = options_.strip_ansi}),
                {},
                {}});
  }
}

OutputChannel::~OutputChannel() = default;

void OutputChannel::feed(std::string_view bytes) noexcept {
  try {
    if (filters_ == nullptr) {
      deliver(bytes, Logged::yes);
      return;
    }
    filters_->filter.feed(bytes, filters_->pieces);
    deliver_pieces();
  } catch (const std::exception& error) {
    log_.critical(error.what());
  }
}

void OutputChannel::add_to_log(std::string_view text) noexcept {
  sink_->write(text);
  logged_bytes_ += text.size();
}

Result<void> OutputChannel::clear_log() noexcept {
  logged_bytes_ = 0;
  return sink_->clear();
}

void OutputChannel::finish() noexcept {
  if (filters_ == nullptr) {
    return;
  }
  try {
    filters_->filter.finish(filters_->pieces);
    deliver_pieces();
  } catch (const std::exception& error) {
    log_.critical(error.what());
  }
}

/// What a filter cut out leaves spans on both sides; they are put together again, so that one read
/// makes one write and one event.
void OutputChannel::deliver_pieces() {
  const std::vector<CapturePiece>& pieces = filters_->pieces;
  for (std::size_t begin = 0, end = 0; begin < pieces.size(); begin = end) {
    const CapturePiece& first = pieces[begin];
    for (end = begin + 1; end < pieces.size() && pieces[end].kind == first.kind &&
                          first.kind != CapturePiece::Kind::message;
         ++end) {
    }
    if (first.kind == CapturePiece::Kind::message) {
      log_.debug(cat({"'", options_.process, "' ", core::channel_name(options_.channel),
                      " emitted a comm event"}));
      events_.on_captured(options_.channel, first.text);
      continue;
    }
    std::string_view text = first.text;
    if (end - begin > 1) {
      filters_->joined.clear();
      for (std::size_t i = begin; i < end; ++i) {
        filters_->joined += pieces[i].text;
      }
      text = filters_->joined;
    }
    deliver(text, first.kind == CapturePiece::Kind::plain ? Logged::yes : Logged::no);
  }
  filters_->pieces.clear();
}

void OutputChannel::deliver(std::string_view bytes, Logged logged) {
  if (bytes.empty()) {
    return;
  }
  if (logged == Logged::yes) {
    add_to_log(bytes);
  }
  if (log_.enabled(Level::debug)) {
    copy_to_activity_log(bytes);
  }
  if (options_.events_enabled) {
    events_.on_log_data(options_.channel, bytes);
  }
}

void OutputChannel::copy_to_activity_log(std::string_view bytes) {
  const std::string head =
      cat({"'", options_.process, "' ", core::channel_name(options_.channel), " output:\n"});
  if (options_.is_protocol) {
    log_.debug(cat({head, python_bytes_repr(bytes)}));
  } else if (is_valid_utf8(bytes)) {
    log_.debug(cat({head, bytes}));
  } else {
    log_.debug(cat({head, "Undecodable: ", python_bytes_repr(bytes)}));
  }
}

}  // namespace sv::shell
