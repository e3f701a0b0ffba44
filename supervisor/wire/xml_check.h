#pragma once

#include <string_view>

namespace sv::wire {

/// Whether a document is one the reference product's strict parser could accept, as far as pugixml
/// does not look: valid UTF-8 without characters XML 1.0 forbids, only known entities, one root
/// element, nothing but white space, comments and instructions beside it, and no document type.
/// Tags and their nesting are pugixml's business. One pass, no allocation.
[[nodiscard]] bool passes_strict_xml_checks(std::string_view xml);

}  // namespace sv::wire
