#pragma once

#include <cstddef>
#include <string>

#include "wire/xmlrpc_value.h"

/// Values to XML, byte for byte in the reference's layout (supervisor-protocol, 1.1). Characters
/// XML 1.0 cannot hold become '?', invalid UTF-8 becomes U+FFFD: logs contain both.
namespace sv::wire {

[[nodiscard]] std::string write_call(const XmlRpcCall& call);
[[nodiscard]] std::string write_reply(XmlRpcReply reply);

/// Writes an array element by element, for replies of many of them.
class XmlRpcArrayWriter {
 public:
  /// `count` elements of about the same size are to come; more or fewer are fine.
  explicit XmlRpcArrayWriter(std::size_t count) : expected_(count) {}

  void add(const XmlRpcValue& value);

  /// Ends the array and the writer's use.
  [[nodiscard]] XmlRpcWritten take();

 private:
  std::size_t expected_;
  std::string xml_;
};

}  // namespace sv::wire
