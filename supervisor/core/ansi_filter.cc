#include "core/ansi_filter.h"

#include <algorithm>

namespace sv::core {
namespace {

constexpr char kEscape = '\x1b';
constexpr std::string_view kEscapeText("\x1b", 1);
constexpr std::string_view kTerminators = "HfABCDRsuJKhlpm";

}  // namespace

void AnsiFilter::feed(std::string_view chunk, std::vector<std::string_view>& out) {
  while (!chunk.empty()) {
    switch (mode_) {
      case Mode::text:
        chunk = text(chunk, out);
        break;
      case Mode::escape:
        chunk = escape(chunk, out);
        break;
      case Mode::sequence:
        chunk = sequence(chunk);
        break;
    }
  }
}

void AnsiFilter::finish(std::vector<std::string_view>& out) {
  if (mode_ == Mode::escape) {
    out.push_back(kEscapeText);
  }
  mode_ = Mode::text;
}

/// Passes text up to the next sequence; an ESC that begins none stays part of the same span.
std::string_view AnsiFilter::text(std::string_view rest, std::vector<std::string_view>& out) {
  std::size_t from = 0;
  std::size_t at = rest.find(kEscape);
  while (at != std::string_view::npos && at + 1 < rest.size() && rest[at + 1] != '[') {
    from = at + 1;
    at = rest.find(kEscape, from);
  }
  const std::string_view passed = rest.substr(0, at);
  if (!passed.empty()) {
    out.push_back(passed);
  }
  if (at == std::string_view::npos) {
    return {};
  }
  mode_ = Mode::escape;
  return rest.substr(at + 1);
}

/// An ESC has been kept back; `rest` is not empty and decides what it was.
std::string_view AnsiFilter::escape(std::string_view rest, std::vector<std::string_view>& out) {
  if (rest.front() != '[') {
    out.push_back(kEscapeText);
    mode_ = Mode::text;
    return rest;
  }
  mode_ = Mode::sequence;
  sequence_bytes_ = 0;
  return rest.substr(1);
}

std::string_view AnsiFilter::sequence(std::string_view rest) {
  const std::string_view window = rest.substr(0, kMaxSequenceBytes - sequence_bytes_);
  const std::size_t end = window.find_first_of(kTerminators);
  if (end != std::string_view::npos) {
    mode_ = Mode::text;
    return rest.substr(end + 1);
  }
  sequence_bytes_ += window.size();
  if (sequence_bytes_ == kMaxSequenceBytes) {
    mode_ = Mode::text;
  }
  return rest.substr(window.size());
}

}  // namespace sv::core
