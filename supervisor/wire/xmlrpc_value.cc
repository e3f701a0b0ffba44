#include "wire/xmlrpc_value.h"

#include <algorithm>

namespace sv::wire {

const XmlRpcValue* XmlRpcValue::member(std::string_view name) const {
  const auto* members = get_if<XmlRpcStruct>();
  if (members == nullptr) {
    return nullptr;
  }
  // From the back: of a repeated name the last one counts.
  const auto found = std::find_if(members->rbegin(), members->rend(),
                                  [name](const auto& entry) { return entry.first == name; });
  return found == members->rend() ? nullptr : &found->second;
}

}  // namespace sv::wire
