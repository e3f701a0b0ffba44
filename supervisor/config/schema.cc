#include "config/schema.h"

#include <algorithm>
#include <cassert>
#include <vector>

#include "base/text.h"
#include "config/config_error.h"

namespace sv::config {
namespace {

/// Longer names are nobody's typing error, and comparing them costs their product.
constexpr std::size_t kLongestComparedName = 64;

/// Edits (insert, delete, replace, swap of neighbours) between two short names.
std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before(b.size() + 1);
  std::vector<std::size_t> previous(b.size() + 1);
  std::vector<std::size_t> current(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) {
    previous[j] = j;
  }
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = previous[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      current[j] = std::min({previous[j] + 1, current[j - 1] + 1, replaced});
      const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
      if (swapped) {
        current[j] = std::min(current[j], before[j - 2] + 1);
      }
    }
    before.swap(previous);
    previous.swap(current);
  }
  return previous[b.size()];
}

/// The closest of some names, if it is close: a third of the letters may be wrong, at most three.
class NearestName {
 public:
  explicit NearestName(std::string_view wanted)
      : wanted_(wanted), allowed_(std::min<std::size_t>(3, (wanted.size() + 2) / 3)) {}

  void consider(std::string_view candidate) {
    if (wanted_.empty() || wanted_.size() > kLongestComparedName) {
      return;
    }
    const std::size_t distance = edit_distance(wanted_, candidate);
    if (distance <= allowed_ && distance < best_distance_) {
      best_distance_ = distance;
      best_ = candidate;
    }
  }

  [[nodiscard]] std::optional<std::string_view> best() const { return best_; }

 private:
  std::string_view wanted_;
  std::size_t allowed_;
  std::size_t best_distance_ = kLongestComparedName + 1;
  std::optional<std::string_view> best_;
};

bool belongs_to(const SectionSchema& schema, std::string_view name) {
  switch (schema.naming) {
    case SectionNaming::plain:
      return name == schema.kind;
    case SectionNaming::named:
      return name.size() > schema.kind.size() && name.starts_with(schema.kind) &&
             name[schema.kind.size()] == ':';
    case SectionNaming::prefix:
      return name.starts_with(schema.kind);
  }
  return false;
}

std::string unknown_key_line(const IniSection& section, const SectionSchema& schema,
                             const IniOption& option) {
  std::string message = "unknown key";
  if (const auto nearest = nearest_key(schema, option.key)) {
    message += cat({"; did you mean '", *nearest, "'?"});
  }
  return format(ConfigError{option.file, option.line, section.name, option.key, message});
}

}  // namespace

const KeySchema* SectionSchema::find(std::string_view key) const {
  for (const auto group : {keys, shared_keys}) {
    const auto found = std::ranges::find(group, key, &KeySchema::name);
    if (found != group.end()) {
      return &*found;
    }
  }
  return nullptr;
}

const SectionSchema* section_schema(std::string_view section_name) {
  for (const SectionSchema& schema : all_sections()) {
    if (belongs_to(schema, section_name)) {
      return &schema;
    }
  }
  return nullptr;
}

const SectionSchema& schema_of(std::string_view kind) {
  const auto found = std::ranges::find(all_sections(), kind, &SectionSchema::kind);
  assert(found != all_sections().end());
  return *found;
}

std::optional<std::string> nearest_key(const SectionSchema& schema, std::string_view key) {
  NearestName nearest(key);
  for (const auto group : {schema.keys, schema.shared_keys}) {
    for (const KeySchema& candidate : group) {
      nearest.consider(candidate.name);
    }
  }
  return nearest.best() ? std::optional<std::string>(*nearest.best()) : std::nullopt;
}

std::optional<std::string> nearest_section(std::string_view section_name) {
  const std::size_t colon = section_name.find(':');
  const std::string kind = ascii_lower(trim(section_name.substr(0, colon)));
  const std::string_view rest =
      colon == std::string_view::npos ? std::string_view{} : section_name.substr(colon);
  NearestName nearest(kind);
  for (const SectionSchema& schema : all_sections()) {
    nearest.consider(schema.kind);
  }
  if (!nearest.best()) {
    return std::nullopt;
  }
  switch (schema_of(*nearest.best()).naming) {
    case SectionNaming::plain:
      return std::string(*nearest.best());
    case SectionNaming::named:
      return cat({*nearest.best(), rest.empty() ? ":<name>" : rest});
    case SectionNaming::prefix:
      return cat({*nearest.best(), rest});
  }
  return std::nullopt;
}

std::vector<std::string> unknown_names(const IniDocument& document) {
  std::vector<std::string> lines;
  for (const IniSection& section : document.sections) {
    if (section.name == "DEFAULT") {
      continue;
    }
    const SectionSchema* schema = section_schema(section.name);
    if (schema == nullptr) {
      if (const auto nearest = nearest_section(section.name)) {
        lines.push_back(format(
            ConfigError{section.file, section.line, section.name, "",
                        cat({"unknown section, ignored; did you mean '[", *nearest, "]'?"})}));
      }
      continue;
    }
    for (const IniOption& option : section.options) {
      if (!schema->open_ended && schema->find(option.key) == nullptr) {
        lines.push_back(unknown_key_line(section, *schema, option));
      }
    }
  }
  return lines;
}

}  // namespace sv::config
