// Input: the first byte chooses options and split points, the rest is a channel's output.
// Properties: the result does not depend on the splits; what is captured and complete is what the
// messages say; nothing grows.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/capture_filter.h"

namespace {

using sv::core::CaptureFilter;
using sv::core::CapturePiece;

using Pieces = std::vector<std::pair<CapturePiece::Kind, std::string>>;

Pieces run(CaptureFilter::Options options, std::string_view text, std::size_t step) {
  CaptureFilter filter(options);
  Pieces pieces;
  std::vector<CapturePiece> out;
  const auto collect = [&] {
    for (const CapturePiece& piece : out) {
      const bool joins = !pieces.empty() && pieces.back().first == piece.kind &&
                         piece.kind != CapturePiece::Kind::message;
      if (joins) {
        pieces.back().second += piece.text;
      } else {
        pieces.emplace_back(piece.kind, piece.text);
      }
    }
    out.clear();
  };
  while (!text.empty()) {
    const std::string_view chunk = text.substr(0, step);
    text.remove_prefix(chunk.size());
    filter.feed(chunk, out);
    collect();
    step = step * 7 % 61 + 1;
  }
  filter.finish(out);
  collect();
  return pieces;
}

/// A message follows the captured text it consists of, if there is any.
void check_messages(const Pieces& pieces) {
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    if (pieces[i].first != CapturePiece::Kind::message || pieces[i].second.empty()) {
      continue;
    }
    const bool follows = i > 0 && pieces[i - 1].first == CapturePiece::Kind::captured &&
                         pieces[i - 1].second == pieces[i].second;
    if (!follows) {
      std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const CaptureFilter::Options options{.capture_max_bytes = std::uint64_t{1} << 40U,
                                       .strip_ansi = (data[0] & 1U) != 0};
  const Pieces whole = run(options, text, text.size() + 1);
  if (whole != run(options, text, data[0] % 61U + 1U)) {
    std::abort();
  }
  check_messages(whole);
  std::size_t logged = 0;
  for (const auto& [kind, piece] : whole) {
    logged += kind == CapturePiece::Kind::message ? 0 : piece.size();
  }
  if (logged > text.size()) {
    std::abort();
  }
  return 0;
}
