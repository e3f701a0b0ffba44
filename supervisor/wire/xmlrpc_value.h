#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tl/expected.hpp>
#include <utility>
#include <variant>
#include <vector>

namespace sv::wire {

class XmlRpcValue;
using XmlRpcArray = std::vector<XmlRpcValue>;
/// Members in wire order; clients compare text. A hostile call may repeat a name: member() gives
/// the last.
using XmlRpcStruct = std::vector<std::pair<std::string, XmlRpcValue>>;

struct XmlRpcNil {
  friend bool operator==(const XmlRpcNil&, const XmlRpcNil&) = default;
};

/// A value already in its wire form, a whole <value> element with its line end: large replies are
/// written as they are made, because a tree of them costs more than everything else. Only replies
/// hold it; what has been read never does.
struct XmlRpcWritten {
  std::string xml;

  [[nodiscard]] bool empty() const { return xml.empty(); }

  friend bool operator==(const XmlRpcWritten&, const XmlRpcWritten&) = default;
};

/// A value of the XML-RPC data model. base64 arrives as its decoded string and dateTime as its
/// text, as the reference product's methods see them. Integers are written clamped to 32 bits.
class XmlRpcValue {
 public:
  using Storage = std::variant<XmlRpcNil, bool, std::int64_t, double, std::string, XmlRpcArray,
                               XmlRpcStruct, XmlRpcWritten>;

  XmlRpcValue() = default;
  XmlRpcValue(bool value) : storage_(value) {}                           // NOLINT(*-explicit-*)
  XmlRpcValue(int value) : storage_(std::int64_t{value}) {}              // NOLINT(*-explicit-*)
  XmlRpcValue(std::int64_t value) : storage_(value) {}                   // NOLINT(*-explicit-*)
  XmlRpcValue(double value) : storage_(value) {}                         // NOLINT(*-explicit-*)
  XmlRpcValue(std::string value) : storage_(std::move(value)) {}         // NOLINT(*-explicit-*)
  XmlRpcValue(std::string_view value) : storage_(std::string(value)) {}  // NOLINT(*-explicit-*)
  XmlRpcValue(const char* value) : storage_(std::string(value)) {}       // NOLINT(*-explicit-*)
  XmlRpcValue(XmlRpcArray value) : storage_(std::move(value)) {}         // NOLINT(*-explicit-*)
  XmlRpcValue(XmlRpcStruct value) : storage_(std::move(value)) {}        // NOLINT(*-explicit-*)
  XmlRpcValue(XmlRpcWritten value) : storage_(std::move(value)) {}       // NOLINT(*-explicit-*)

  [[nodiscard]] const Storage& storage() const { return storage_; }

  template <class T>
  [[nodiscard]] const T* get_if() const {
    return std::get_if<T>(&storage_);
  }
  template <class T>
  [[nodiscard]] T* get_if() {
    return std::get_if<T>(&storage_);
  }

  /// A struct's member, or nullptr (also when this is not a struct).
  [[nodiscard]] const XmlRpcValue* member(std::string_view name) const;

  friend bool operator==(const XmlRpcValue&, const XmlRpcValue&) = default;

 private:
  Storage storage_;
};

struct XmlRpcFault {
  int code = 0;
  std::string text;

  friend bool operator==(const XmlRpcFault&, const XmlRpcFault&) = default;
};

struct XmlRpcCall {
  std::string method;
  XmlRpcArray params;

  friend bool operator==(const XmlRpcCall&, const XmlRpcCall&) = default;
};

/// What a call is answered with.
using XmlRpcReply = tl::expected<XmlRpcValue, XmlRpcFault>;

}  // namespace sv::wire
