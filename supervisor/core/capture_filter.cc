#include "core/capture_filter.h"

#include <algorithm>
#include <utility>

namespace sv::core {
namespace {

// In both tags '<' occurs at the beginning only: a partial match can be continued or given up, but
// it never contains the start of another one.
constexpr std::string_view kBegin = "<!--XSUPERVISOR:BEGIN-->";
constexpr std::string_view kEnd = "<!--XSUPERVISOR:END-->";

std::size_t common_prefix(std::string_view a, std::string_view b) {
  const std::size_t limit = std::min(a.size(), b.size());
  std::size_t n = 0;
  while (n < limit && a[n] == b[n]) {
    ++n;
  }
  return n;
}

}  // namespace

CaptureFilter::CaptureFilter(Options options) : options_(options) {}

std::string_view CaptureFilter::token() const {
  return capturing_ ? kEnd : kBegin;
}

void CaptureFilter::feed(std::string_view chunk, std::vector<CapturePiece>& out) {
  messages_.clear();
  if (options_.capture_max_bytes == 0) {
    pass(chunk, out);
    return;
  }
  while (!chunk.empty()) {
    chunk = matched_ > 0 ? complete_token(chunk, out) : text_before_token(chunk, out);
  }
  store_captured();
}

void CaptureFilter::finish(std::vector<CapturePiece>& out) {
  messages_.clear();
  pass(token().substr(0, std::exchange(matched_, 0)), out);
  ansi_.finish(spans_);
  pass_pieces(out);
  pending_.clear();
  captured_.clear();
  capturing_ = false;
}

/// The first matched_ bytes of a tag have been kept back; `rest` is not empty and goes on.
std::string_view CaptureFilter::complete_token(std::string_view rest,
                                               std::vector<CapturePiece>& out) {
  const std::string_view expected = token().substr(matched_);
  const std::size_t more = common_prefix(expected, rest);
  if (more == expected.size()) {
    token_found(out);
  } else if (more == rest.size()) {
    matched_ += more;
  } else {
    // The tag's own text stands in for the bytes kept back; `rest` is looked at again as text,
    // where its first `more` bytes cannot begin a tag.
    pass(token().substr(0, std::exchange(matched_, 0)), out);
    return rest;
  }
  return rest.substr(more);
}

/// Passes text up to the first thing that is, or may become, a tag.
std::string_view CaptureFilter::text_before_token(std::string_view rest,
                                                  std::vector<CapturePiece>& out) {
  for (std::size_t at = rest.find('<'); at != std::string_view::npos; at = rest.find('<', at + 1)) {
    const std::size_t length = common_prefix(token(), rest.substr(at));
    if (length == token().size()) {
      pass(rest.substr(0, at), out);
      token_found(out);
      return rest.substr(at + length);
    }
    if (at + length == rest.size()) {
      pass(rest.substr(0, at), out);
      matched_ = length;
      return {};
    }
  }
  pass(rest, out);
  return {};
}

void CaptureFilter::pass(std::string_view text, std::vector<CapturePiece>& out) {
  if (text.empty()) {
    return;
  }
  if (options_.strip_ansi) {
    ansi_.feed(text, spans_);
  } else {
    spans_.push_back(text);
  }
  pass_pieces(out);
}

void CaptureFilter::pass_pieces(std::vector<CapturePiece>& out) {
  const auto kind = capturing_ ? CapturePiece::Kind::captured : CapturePiece::Kind::plain;
  for (const std::string_view span : spans_) {
    out.push_back({kind, span});
  }
  if (capturing_) {
    pending_.insert(pending_.end(), spans_.begin(), spans_.end());
  }
  spans_.clear();
}

void CaptureFilter::token_found(std::vector<CapturePiece>& out) {
  // Sequences do not reach across a tag.
  ansi_.finish(spans_);
  pass_pieces(out);
  store_captured();
  matched_ = 0;
  capturing_ = !capturing_;
  if (!capturing_) {
    messages_.push_back(std::exchange(captured_, {}));
    out.push_back({CapturePiece::Kind::message, messages_.back()});
  }
}

/// Adds what this call captured as one append, which is what the limit is defined by.
void CaptureFilter::store_captured() {
  std::size_t added = 0;
  for (const std::string_view span : pending_) {
    added += span.size();
  }
  if (captured_.size() + added > options_.capture_max_bytes) {
    captured_.erase(0, added);
  }
  for (const std::string_view span : pending_) {
    captured_ += span;
  }
  pending_.clear();
}

}  // namespace sv::core
