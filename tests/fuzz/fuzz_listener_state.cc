// Input: the first byte seeds the split points, the rest is what a listener wrote while it held an
// event. Properties: state, verdict and log lines do not depend on the splits; UNKNOWN is final.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>
#include <vector>

#include "core/listener_state.h"

namespace {

using sv::core::ListenerProtocol;
using sv::core::ListenerState;

struct Run {
  ListenerState state = ListenerState::unknown;
  std::optional<sv::core::Verdict> verdict;
  std::vector<sv::core::effect::Log> logs;

  friend bool operator==(const Run&, const Run&) = default;
};

Run run(std::string_view text, std::size_t step) {
  ListenerProtocol listener("l");
  (void)listener.feed("READY\n");
  listener.event_sent();
  Run result;
  while (!text.empty()) {
    const std::string_view chunk = text.substr(0, step);
    text.remove_prefix(chunk.size());
    const bool was_unknown = listener.state() == ListenerState::unknown;
    const ListenerProtocol::Outcome outcome = listener.feed(chunk);
    if (was_unknown && (listener.state() != ListenerState::unknown || !outcome.logs.empty())) {
      std::abort();
    }
    if (outcome.verdict) {
      if (result.verdict) {
        std::abort();  // one event, one verdict
      }
      result.verdict = outcome.verdict;
    }
    result.logs.insert(result.logs.end(), outcome.logs.begin(), outcome.logs.end());
    step = step * 7 % 61 + 1;
  }
  result.state = listener.state();
  return result;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  if (run(text, text.size() + 1) != run(text, data[0] % 61U + 1U)) {
    std::abort();
  }
  return 0;
}
