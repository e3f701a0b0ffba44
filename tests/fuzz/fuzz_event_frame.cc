// Input: the first byte seeds the split points, the rest is a stream of frames.
// Properties: frames and the final error do not depend on the splits; what was read can be written
// with its length and is read back.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "base/text.h"
#include "wire/event_frame.h"

namespace {

using sv::wire::EventFrame;
using sv::wire::EventFrameReader;

struct Stream {
  std::vector<EventFrame> frames;
  std::optional<sv::Error> error;

  friend bool operator==(const Stream&, const Stream&) = default;
};

bool take_frames(EventFrameReader& reader, Stream& into) {
  while (true) {
    sv::Result<std::optional<EventFrame>> next = reader.next();
    if (!next) {
      into.error = next.error();
      return false;
    }
    if (!*next) {
      return true;
    }
    into.frames.push_back(std::move(**next));
  }
}

Stream read(std::string_view text, std::size_t step) {
  EventFrameReader reader;
  Stream stream;
  while (!text.empty()) {
    const std::string_view chunk = text.substr(0, step);
    text.remove_prefix(chunk.size());
    reader.feed(chunk);
    if (!take_frames(reader, stream)) {
      break;
    }
    step = step * 7 % 61 + 1;
  }
  return stream;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Stream whole = read(text, text.size() + 1);
  if (whole != read(text, data[0] % 61U + 1U)) {
    std::abort();
  }
  for (const EventFrame& frame : whole.frames) {
    if (!sv::is_valid_utf8(frame.payload)) {
      continue;
    }
    const Stream again = read(sv::wire::write_event_frame({"s", 1, "p", 2, "E"}, frame.payload), 7);
    if (again.error || again.frames.size() != 1 || again.frames[0].payload != frame.payload) {
      std::abort();
    }
  }
  return 0;
}
