#include "wire/xmlrpc_writer.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include "base/double_text.h"
#include "base/text.h"

namespace sv::wire {
namespace {

enum class CharKind : std::uint8_t { plain, escaped, forbidden, beyond_ascii };

constexpr std::array<CharKind, 256> make_char_kinds() {
  std::array<CharKind, 256> kinds{};
  for (std::size_t c = 0; c < kinds.size(); ++c) {
    const bool is_allowed_control = c == '\t' || c == '\n' || c == '\r';
    if (c >= 0x80) {
      kinds[c] = CharKind::beyond_ascii;
    } else if (c < 0x20 && !is_allowed_control) {
      kinds[c] = CharKind::forbidden;
    }
  }
  for (const char c : {'&', '<', '>'}) {
    kinds[static_cast<unsigned char>(c)] = CharKind::escaped;
  }
  return kinds;
}

constexpr std::array<CharKind, 256> kCharKinds = make_char_kinds();

CharKind kind_of(char c) {
  return kCharKinds[static_cast<unsigned char>(c)];
}

std::string_view entity(char c) {
  switch (c) {
    case '&':
      return "&amp;";
    case '<':
      return "&lt;";
    default:
      return "&gt;";
  }
}

/// A run of bytes above ASCII. U+FFFE and U+FFFF are valid UTF-8 that XML cannot hold.
void append_beyond_ascii(std::string& out, std::string_view run) {
  std::string text = is_valid_utf8(run) ? std::string(run) : to_valid_utf8(run);
  for (const std::string_view noncharacter : {"\xEF\xBF\xBE", "\xEF\xBF\xBF"}) {
    for (std::size_t at = text.find(noncharacter); at != std::string::npos;
         at = text.find(noncharacter, at)) {
      text.replace(at, noncharacter.size(), "?");
    }
  }
  out += text;
}

/// Runs of equal kind are appended at once: log text is long and mostly plain.
void append_text(std::string& out, std::string_view text) {
  while (!text.empty()) {
    const CharKind kind = kind_of(text.front());
    const auto end = std::ranges::find_if(text, [kind](char c) { return kind_of(c) != kind; });
    const std::string_view run = text.substr(0, static_cast<std::size_t>(end - text.begin()));
    switch (kind) {
      case CharKind::plain:
        out += run;
        break;
      case CharKind::escaped:
        for (const char c : run) {
          out += entity(c);
        }
        break;
      case CharKind::forbidden:
        out.append(run.size(), '?');
        break;
      case CharKind::beyond_ascii:
        append_beyond_ascii(out, run);
        break;
    }
    text.remove_prefix(run.size());
  }
}

void append_int(std::string& out, std::int64_t value) {
  using Limits = std::numeric_limits<std::int32_t>;
  value = std::clamp<std::int64_t>(value, Limits::min(), Limits::max());
  std::array<char, 16> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), value).ptr;
  out.append(digits.data(), end);
}

/// How long a value becomes, before escaping. Growing a megabyte by doubling costs more, in page
/// faults, than writing it.
struct SizeEstimate {
  static constexpr std::size_t kElement = 40;  // the tags around anything, rounded up

  std::size_t operator()(const XmlRpcValue& value) const {
    return kElement + std::visit(*this, value.storage());
  }
  std::size_t operator()(const std::string& value) const { return value.size(); }
  std::size_t operator()(const XmlRpcArray& values) const {
    std::size_t bytes = 0;
    for (const XmlRpcValue& value : values) {
      bytes += (*this)(value);
    }
    return bytes;
  }
  std::size_t operator()(const XmlRpcStruct& members) const {
    std::size_t bytes = 0;
    for (const auto& [name, value] : members) {
      bytes += kElement + name.size() + (*this)(value);
    }
    return bytes;
  }
  std::size_t operator()(const XmlRpcWritten& value) const { return value.xml.size(); }
  template <class Scalar>
  std::size_t operator()(const Scalar& /*value*/) const {
    return 0;  // the numbers methods return fit into the rounding
  }
};

/// Writes one <value> element and its line end. Recursion is as deep as the value, which the
/// callers build or the reader has limited.
class ValueWriter {
 public:
  explicit ValueWriter(std::string& out) : out_(out) {}

  void write(const XmlRpcValue& value) {
    if (const auto* written = value.get_if<XmlRpcWritten>()) {
      out_ += written->xml;
      return;
    }
    out_ += "<value>";
    std::visit(*this, value.storage());
    out_ += "</value>\n";
  }

  void operator()(const XmlRpcNil& /*nil*/) { out_ += "<nil/>"; }
  void operator()(bool value) { out_ += value ? "<boolean>1</boolean>" : "<boolean>0</boolean>"; }
  void operator()(std::int64_t value) {
    out_ += "<int>";
    append_int(out_, value);
    out_ += "</int>";
  }
  void operator()(double value) {
    out_ += "<double>";
    out_ += double_text(value);
    out_ += "</double>";
  }
  void operator()(const std::string& value) {
    out_ += "<string>";
    append_text(out_, value);
    out_ += "</string>";
  }
  void operator()(const XmlRpcArray& values) {
    out_ += "<array><data>\n";
    for (const XmlRpcValue& value : values) {
      write(value);
    }
    out_ += "</data></array>";
  }
  void operator()(const XmlRpcWritten& value) { out_ += value.xml; }
  void operator()(const XmlRpcStruct& members) {
    out_ += "<struct>\n";
    for (const auto& [name, value] : members) {
      out_ += "<member>\n<name>";
      append_text(out_, name);
      out_ += "</name>\n";
      write(value);
      out_ += "</member>\n";
    }
    out_ += "</struct>";
  }

 private:
  std::string& out_;
};

/// What surrounds a value in a reply, rounded up.
constexpr std::size_t kFrameBytes = 256;

constexpr std::string_view kReplyHead = "<?xml version='1.0'?>\n<methodResponse>\n";
constexpr std::string_view kReplyEnd = "</methodResponse>\n";
constexpr std::string_view kResultHead = "<params>\n<param>\n";
constexpr std::string_view kResultEnd = "</param>\n</params>\n";
constexpr std::string_view kArrayHead = "<value><array><data>\n";
constexpr std::string_view kArrayEnd = "</data></array></value>\n";

void append_param(std::string& out, const XmlRpcValue& value) {
  out += "<param>\n";
  ValueWriter(out).write(value);
  out += "</param>\n";
}

}  // namespace

std::string write_call(const XmlRpcCall& call) {
  std::string out = "<?xml version='1.0'?>\n<methodCall>\n<methodName>";
  append_text(out, call.method);
  out += "</methodName>\n<params>\n";
  for (const XmlRpcValue& value : call.params) {
    append_param(out, value);
  }
  out += "</params>\n</methodCall>\n";
  return out;
}

std::string write_reply(XmlRpcReply reply) {
  std::string out;
  if (!reply) {
    out = cat({kReplyHead, "<fault>\n"});
    ValueWriter(out).write(
        XmlRpcStruct{{"faultCode", reply.error().code}, {"faultString", reply.error().text}});
    out += cat({"</fault>\n", kReplyEnd});
    return out;
  }
  if (auto* written = reply->get_if<XmlRpcWritten>()) {
    // Moving a megabyte within its memory is much cheaper than touching another one.
    out = std::move(written->xml);
    out.reserve(out.size() + kFrameBytes);
    out.insert(0, cat({kReplyHead, kResultHead}));
  } else {
    out.reserve(kFrameBytes + SizeEstimate()(*reply));
    out += kReplyHead;
    out += kResultHead;
    ValueWriter(out).write(*reply);
  }
  out += kResultEnd;
  out += kReplyEnd;
  return out;
}

void XmlRpcArrayWriter::add(const XmlRpcValue& value) {
  if (xml_.empty()) {
    constexpr std::size_t kMostBytes = std::size_t{16} * 1024 * 1024;
    xml_.reserve(std::min(kMostBytes, kFrameBytes + expected_ * SizeEstimate()(value)));
    xml_ = kArrayHead;
  }
  ValueWriter(xml_).write(value);
}

XmlRpcWritten XmlRpcArrayWriter::take() {
  if (xml_.empty()) {
    xml_ = kArrayHead;
  }
  xml_ += kArrayEnd;
  return {std::move(xml_)};
}

}  // namespace sv::wire
