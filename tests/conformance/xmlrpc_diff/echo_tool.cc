// Our half of the comparison: answers frames on stdin ("<mode> <bytes>\n<content>") with frames on
// stdout ("<bytes>\n<content>"). Modes: "call" and "reply" read a message and write it again,
// "values" reads a call and prints what arrived. An unreadable message is answered with "refused".
#include <cstdio>
#include <iostream>
#include <iterator>
#include <string>
#include <string_view>
#include <variant>

#include "wire/xmlrpc_reader.h"
#include "wire/xmlrpc_writer.h"

namespace {

using sv::wire::XmlRpcArray;
using sv::wire::XmlRpcNil;
using sv::wire::XmlRpcStruct;
using sv::wire::XmlRpcValue;

std::string hex(std::string_view text) {
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    out += "0123456789abcdef"[byte >> 4];
    out += "0123456789abcdef"[byte & 0xF];
  }
  return out;
}

/// A notation both sides can print without thinking.
struct Printer {
  std::string operator()(const XmlRpcNil& /*nil*/) const { return "nil"; }
  std::string operator()(bool value) const { return value ? "true" : "false"; }
  std::string operator()(std::int64_t value) const { return "i" + std::to_string(value); }
  std::string operator()(double value) const {
    char text[64];
    std::snprintf(text, sizeof text, "d%.17g", value);
    return text;
  }
  std::string operator()(const std::string& value) const { return "s" + hex(value); }
  std::string operator()(const XmlRpcArray& values) const {
    std::string out = "[";
    for (const XmlRpcValue& value : values) {
      out += std::visit(*this, value.storage()) + ",";
    }
    return out + "]";
  }
  std::string operator()(const sv::wire::XmlRpcWritten& /*never read*/) const { return "written"; }
  std::string operator()(const XmlRpcStruct& members) const {
    std::string out = "{";
    for (const auto& [name, value] : members) {
      out += hex(name) + ":" + std::visit(*this, value.storage()) + ",";
    }
    return out + "}";
  }
};

std::string answer(std::string_view mode, std::string_view content) {
  if (mode == "reply") {
    const auto reply = sv::wire::read_reply(content);
    return reply ? sv::wire::write_reply(*reply) : "refused";
  }
  const auto call = sv::wire::read_call(content);
  if (!call) {
    return "refused";
  }
  return mode == "call" ? sv::wire::write_call(*call) : hex(call->method) + Printer()(call->params);
}

}  // namespace

int main() {
  std::string mode;
  std::size_t bytes = 0;
  while (std::cin >> mode >> bytes && std::cin.get() == '\n') {
    std::string content(bytes, '\0');
    std::cin.read(content.data(), static_cast<std::streamsize>(bytes));
    const std::string out = answer(mode, content);
    std::cout << out.size() << '\n' << out;
  }
  return std::cout.flush() ? 0 : 1;
}
