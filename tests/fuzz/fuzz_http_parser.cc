// However the bytes of a connection are cut, the same requests come out; and no request exceeds
// the limits. The first input byte seeds where the cuts are.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "wire/http_parser.h"

namespace {

using sv::wire::HttpLimits;
using sv::wire::HttpRequest;
using sv::wire::HttpRequestParser;

constexpr HttpLimits kLimits{
    .target_bytes = 64, .header_count = 4, .header_bytes = 128, .body_bytes = 256};

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

struct Outcome {
  std::vector<HttpRequest> requests;
  bool failed = false;
  bool idle = false;
};

class Cuts {
 public:
  explicit Cuts(std::uint32_t seed) : state_(seed) {}

  /// Length of the next piece; seed 0 means no cuts.
  std::size_t next() {
    if (state_ == 0) {
      return std::string_view::npos;
    }
    state_ = state_ * 1664525U + 1013904223U;
    return 1 + (state_ >> 24) % 17;
  }

 private:
  std::uint32_t state_;
};

Outcome parse(std::string_view bytes, Cuts cuts) {
  HttpRequestParser parser(kLimits);
  Outcome out;
  while (!bytes.empty()) {
    std::string_view piece = bytes.substr(0, cuts.next());
    bytes.remove_prefix(piece.size());
    while (!piece.empty()) {
      std::size_t consumed = 0;
      const auto status = parser.feed(piece, consumed);
      require(consumed <= piece.size());
      if (status == HttpRequestParser::Status::failed) {
        require(parser.error_status() >= 400 && parser.error_status() < 500);
        out.failed = true;
        return out;
      }
      if (status == HttpRequestParser::Status::complete) {
        out.requests.push_back(parser.take());
        require(parser.is_idle());
      } else {
        require(consumed == piece.size());
      }
      piece.remove_prefix(consumed);
    }
  }
  out.idle = parser.is_idle();
  return out;
}

void check_limits(const HttpRequest& request) {
  std::size_t header_bytes = 0;
  for (const auto& header : request.headers) {
    header_bytes += header.name.size() + header.value.size();
  }
  require(request.target.size() <= kLimits.target_bytes);
  require(request.headers.size() <= kLimits.header_count);
  require(header_bytes <= kLimits.header_bytes);
  require(request.body.size() <= kLimits.body_bytes);
  require(request.header("Transfer-Encoding") == nullptr);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string_view bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Outcome whole = parse(bytes, Cuts(0));
  const Outcome cut = parse(bytes, Cuts(1U + data[0]));
  require(whole.failed == cut.failed && whole.idle == cut.idle);
  require(whole.requests.size() == cut.requests.size());
  for (std::size_t i = 0; i < whole.requests.size(); ++i) {
    const HttpRequest& a = whole.requests[i];
    const HttpRequest& b = cut.requests[i];
    require(a.method == b.method && a.target == b.target && a.headers == b.headers &&
            a.body == b.body && a.minor == b.minor);
    check_limits(a);
  }
  return 0;
}
