#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "wire/xmlrpc_value.h"

namespace sv::ctl {

/// The value of a reply in the one layout daemons write it in (supervisor-protocol, 1.1), read
/// straight from the text. nullopt for anything else - faults, comments, unusual entities, broken
/// XML - which wire::read_reply() then judges; where this gives a value, that gives the same.
///
/// Why there are two: a status of a thousand processes is 1.4 MB of XML, and a document tree of it
/// costs three times as long as everything else the client does.
/// `members`, unless empty, names the only members of structs that are kept.
[[nodiscard]] std::optional<wire::XmlRpcValue> scan_reply(
    std::string_view xml, std::span<const std::string_view> members = {});

}  // namespace sv::ctl
