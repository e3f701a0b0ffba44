#include "wire/xmlrpc_reader.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <pugixml.hpp>
#include <string>
#include <utility>

#include "base/parse.h"
#include "base/text.h"
#include "wire/base64.h"
#include "wire/xml_check.h"

namespace sv::wire {
namespace {

/// Elements inside of elements. Sixteen nested structs need 53 of them.
constexpr int kMaxElementDepth = 64;

/// Text keeps its white space and is stored in its element; layout between elements is dropped.
constexpr unsigned kParseOptions = pugi::parse_cdata | pugi::parse_escapes | pugi::parse_eol |
                                   pugi::parse_ws_pcdata_single | pugi::parse_embed_pcdata;

tl::unexpected<Error> unreadable(std::string_view reason) {
  return fail(ErrorCode::invalid_argument, cat({"unmarshallable (", reason, ")"}));
}

bool is_element(pugi::xml_node node) {
  return node.type() == pugi::node_element;
}

pugi::xml_node next_element(pugi::xml_node node) {
  while (node && !is_element(node)) {
    node = node.next_sibling();
  }
  return node;
}

pugi::xml_node first_element(pugi::xml_node parent) {
  return next_element(parent.first_child());
}

pugi::xml_node element_after(pugi::xml_node element) {
  return next_element(element.next_sibling());
}

/// What stands before the first child element. Comments may have cut it into pieces.
std::string text_of(pugi::xml_node element) {
  std::string text = element.value();
  for (pugi::xml_node piece = element.first_child(); piece && !is_element(piece);
       piece = piece.next_sibling()) {
    text += piece.value();
  }
  return text;
}

/// Two digits at `at`; 100 when they are none.
unsigned two_digits(std::string_view text, std::size_t at) {
  const std::string_view digits = text.substr(at, 2);
  unsigned value = 100;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  return error == std::errc{} && end == digits.data() + 2 ? value : 100;
}

/// YYYYMMDDTHH:MM:SS
bool is_date_time(std::string_view text) {
  if (text.size() != 17 || text[8] != 'T' || text[11] != ':' || text[14] != ':') {
    return false;
  }
  const unsigned century = two_digits(text, 0);
  const unsigned year_of_century = two_digits(text, 2);
  const std::chrono::year_month_day date{
      std::chrono::year{static_cast<int>(century * 100 + year_of_century)},
      std::chrono::month{two_digits(text, 4)}, std::chrono::day{two_digits(text, 6)}};
  return century < 100 && year_of_century < 100 && date.ok() &&
         date.year() > std::chrono::year{0} && two_digits(text, 9) < 24 &&
         two_digits(text, 12) < 60 && two_digits(text, 15) < 60;
}

std::optional<double> to_double(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+') && !text.starts_with("+-")) {
    text.remove_prefix(1);
  }
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc{} || end != text.data() + text.size()) {
    return std::nullopt;
  }
  return value;
}

/// Turns elements into values. What an element means depends on its name only, wherever it stands:
/// so the reference takes <data><int>1</int></data> without <value>, and so does this.
class Decoder {
 public:
  Result<XmlRpcValue> decode(pugi::xml_node element) {
    if (element_depth_ == kMaxElementDepth) {
      return unreadable("nested too deeply");
    }
    ++element_depth_;
    Result<XmlRpcValue> value = decode_by_name(element, element.name());
    --element_depth_;
    return value;
  }

  Result<XmlRpcArray> decode_children(pugi::xml_node parent) {
    XmlRpcArray values;
    for (pugi::xml_node item = first_element(parent); item; item = element_after(item)) {
      Result<XmlRpcValue> value = decode(item);
      if (!value) {
        return tl::unexpected<Error>(std::move(value.error()));
      }
      values.push_back(std::move(*value));
    }
    return values;
  }

 private:
  Result<XmlRpcValue> decode_by_name(pugi::xml_node element, std::string_view name) {
    if (name == "value") {
      const pugi::xml_node child = first_element(element);
      return child ? decode(child) : Result<XmlRpcValue>(text_of(element));
    }
    if (name == "string") {
      return text_of(element);
    }
    if (name == "int" || name == "i4") {
      return decode_int(text_of(element));
    }
    if (name == "boolean") {
      return text_of(element) == "1";
    }
    if (name == "struct") {
      return decode_nested(&Decoder::decode_struct, element);
    }
    if (name == "array") {
      return decode_nested(&Decoder::decode_array, element);
    }
    return decode_rare(element, name);
  }

  Result<XmlRpcValue> decode_rare(pugi::xml_node element, std::string_view name) {
    if (name == "data") {
      Result<XmlRpcArray> values = decode_children(element);
      return std::move(values).map([](XmlRpcArray items) { return XmlRpcValue(std::move(items)); });
    }
    if (name == "param") {
      return decode_only_child(element);
    }
    std::string text = text_of(element);
    if (name == "double") {
      const std::optional<double> value = to_double(text);
      return value ? Result<XmlRpcValue>(*value) : unreadable("not a number");
    }
    if (name == "dateTime.iso8601") {
      return is_date_time(text) ? Result<XmlRpcValue>(std::move(text)) : unreadable("not a date");
    }
    if (name == "base64") {
      return decode_base64(text);
    }
    // Names nobody knows, <nil/> among them: their text, or nothing.
    return text.empty() ? XmlRpcValue() : XmlRpcValue(std::move(text));
  }

  using Step = Result<XmlRpcValue> (Decoder::*)(pugi::xml_node);

  Result<XmlRpcValue> decode_nested(Step step, pugi::xml_node element) {
    if (value_depth_ == kXmlRpcMaxDepth) {
      return unreadable("nested too deeply");
    }
    ++value_depth_;
    Result<XmlRpcValue> value = (this->*step)(element);
    --value_depth_;
    return value;
  }

  Result<XmlRpcValue> decode_only_child(pugi::xml_node element) {
    const pugi::xml_node child = first_element(element);
    return child ? decode(child) : unreadable(cat({"<", element.name(), "> without value"}));
  }

  Result<XmlRpcValue> decode_array(pugi::xml_node element) { return decode_only_child(element); }

  Result<XmlRpcValue> decode_struct(pugi::xml_node element) {
    XmlRpcStruct members;
    for (pugi::xml_node item = first_element(element); item; item = element_after(item)) {
      const pugi::xml_node name = first_element(item);
      const pugi::xml_node content = element_after(name);
      if (!content || element_after(content)) {
        return unreadable("member is not a pair");
      }
      Result<XmlRpcValue> value = decode(content);
      if (!value) {
        return value;
      }
      members.emplace_back(text_of(name), std::move(*value));
    }
    return XmlRpcValue(std::move(members));
  }

  static Result<XmlRpcValue> decode_int(std::string_view text) {
    const Result<std::int64_t> value = parse_integer(text);
    return value ? Result<XmlRpcValue>(*value) : unreadable("not an integer");
  }

  static Result<XmlRpcValue> decode_base64(std::string_view text) {
    std::optional<std::string> bytes = base64_decode(text);
    if (!bytes || !is_valid_utf8(*bytes)) {
      return unreadable("base64 content is not text");
    }
    return XmlRpcValue(std::move(*bytes));
  }

  int element_depth_ = 0;
  int value_depth_ = 0;
};

bool load(pugi::xml_document& document, std::string_view xml) {
  return document.load_buffer(xml.data(), xml.size(), kParseOptions, pugi::encoding_utf8);
}

Result<XmlRpcReply> to_fault(const XmlRpcValue& value) {
  const XmlRpcValue* code = value.member("faultCode");
  const XmlRpcValue* text = value.member("faultString");
  const auto* number = code == nullptr ? nullptr : code->get_if<std::int64_t>();
  const auto* words = text == nullptr ? nullptr : text->get_if<std::string>();
  if (number == nullptr || words == nullptr) {
    return unreadable("fault without code or text");
  }
  using Limits = std::numeric_limits<int>;
  const auto clamped = std::clamp<std::int64_t>(*number, Limits::min(), Limits::max());
  return XmlRpcReply(tl::unexpect, XmlRpcFault{static_cast<int>(clamped), *words});
}

}  // namespace

Result<XmlRpcCall> read_call(std::string_view xml) {
  pugi::xml_document document;
  if (!passes_strict_xml_checks(xml) || !load(document, xml)) {
    return unreadable("not well-formed");
  }
  XmlRpcCall call;
  // The root's name is not checked, and of repeated elements the last counts: as the reference.
  for (pugi::xml_node child = first_element(document.document_element()); child;
       child = element_after(child)) {
    const std::string_view name = child.name();
    if (name == "methodName") {
      call.method = text_of(child);
    } else if (name == "params") {
      Result<XmlRpcArray> params = Decoder().decode_children(child);
      if (!params) {
        return tl::unexpected<Error>(std::move(params.error()));
      }
      call.params = std::move(*params);
    }
  }
  if (call.method.empty()) {
    return fail(ErrorCode::invalid_argument, "no method name");
  }
  return call;
}

Result<XmlRpcReply> read_reply(std::string_view xml) {
  pugi::xml_document document;
  if (!load(document, xml)) {
    return unreadable("not well-formed");
  }
  const pugi::xml_node root = document.child("methodResponse");
  const pugi::xml_node content = first_element(root);
  const std::string_view name = content.name();
  if (name != "params" && name != "fault") {
    return unreadable("not a response");
  }
  const pugi::xml_node wrapped = first_element(content);
  if (!wrapped) {
    return unreadable("response without value");
  }
  Result<XmlRpcValue> value = Decoder().decode(wrapped);
  if (!value) {
    return tl::unexpected<Error>(std::move(value.error()));
  }
  return name == "fault" ? to_fault(*value) : Result<XmlRpcReply>(XmlRpcReply(std::move(*value)));
}

}  // namespace sv::wire
