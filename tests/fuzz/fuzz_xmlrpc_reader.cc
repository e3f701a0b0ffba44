// What the reader accepts the writer can express, and once written it no longer changes: writing
// clamps integers and replaces characters, reading joins line ends, and that is all.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "wire/xmlrpc_reader.h"
#include "wire/xmlrpc_writer.h"

namespace {

void require(bool condition) {
  if (!condition) {
    std::abort();
  }
}

void check_call(std::string_view xml) {
  const auto call = sv::wire::read_call(xml);
  if (!call) {
    require(call.error().code == sv::ErrorCode::invalid_argument);
    return;
  }
  const auto again = sv::wire::read_call(sv::wire::write_call(*call));
  require(again.has_value());
  const std::string settled = sv::wire::write_call(*again);
  const auto last = sv::wire::read_call(settled);
  require(last.has_value());
  require(sv::wire::write_call(*last) == settled);
}

void check_reply(std::string_view xml) {
  const auto reply = sv::wire::read_reply(xml);
  if (!reply) {
    return;
  }
  const auto again = sv::wire::read_reply(sv::wire::write_reply(*reply));
  require(again.has_value());
  require(again->has_value() == reply->has_value());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view xml(reinterpret_cast<const char*>(data), size);
  check_call(xml);
  check_reply(xml);
  return 0;
}
