#pragma once

#include <cassert>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"
#include "config/error_list.h"
#include "config/expansion.h"
#include "config/ini_document.h"
#include "config/schema.h"

namespace sv::config {

/// Reads typed values from one section: finds the option (`defaults`, the section [DEFAULT] or
/// null, fills in), expands it with the names that are available, parses it, and falls back to the
/// schema's default. What fails is recorded with its place and the default is returned, so that
/// reading goes on and finds the next error. A cheap view: the document, the names and the error
/// list must outlive it.
class SectionReader {
 public:
  SectionReader(const IniSection& section, const IniSection* defaults, const ExpansionNames& names,
                ErrorList& errors);

  /// The same section with other names.
  [[nodiscard]] SectionReader with_names(const ExpansionNames& names) const;
  /// The same section, with " in section '...' (file: '...')" behind every message.
  [[nodiscard]] SectionReader with_location_suffix() const;

  [[nodiscard]] const IniSection& section() const { return *section_; }
  [[nodiscard]] const ExpansionNames& names() const { return *names_; }
  [[nodiscard]] bool has(std::string_view key) const { return option(key) != nullptr; }

  /// The section's own keys, then those that only [DEFAULT] has.
  [[nodiscard]] std::vector<std::string> keys() const;

  /// As it stands in the file; the schema's default when absent.
  [[nodiscard]] std::string unexpanded(std::string_view key) const;

  /// Expanded. nullopt when the key is absent, and when expansion failed (recorded). `label`
  /// replaces the usual "section.key" in messages.
  [[nodiscard]] std::optional<std::string> text(std::string_view key,
                                                std::string_view label = {}) const;
  /// The same with the schema's default for an absent key.
  [[nodiscard]] std::optional<std::string> text_or_default(std::string_view key,
                                                           std::string_view label = {}) const;

  /// The parsed value; the schema's default when the key is absent or wrong.
  /// `parse` is a Result<T>(std::string_view).
  template <class Parse>
  [[nodiscard]] auto value(std::string_view key, Parse parse) const {
    if (auto parsed = optional_value(key, parse)) {
      return *std::move(parsed);
    }
    auto fallback = parse(fallback_of(key));
    assert(fallback.has_value());
    return *std::move(fallback);
  }

  /// The parsed value; nullopt when the key is absent or wrong.
  template <class Parse>
  [[nodiscard]] auto optional_value(std::string_view key, Parse parse) const {
    using Value = typename decltype(parse(std::string_view{}))::value_type;
    std::optional<Value> out;
    const std::optional<std::string> expanded = text(key);
    if (expanded) {
      if (auto parsed = parse(*expanded)) {
        out = *std::move(parsed);
      } else {
        fail(key, parsed.error().message);
      }
    }
    return out;
  }

  /// Records an error at a key; at the section's header when the key is absent.
  void fail(std::string_view key, std::string message) const;
  /// The same for a key that may have several errors, one for each item of a list.
  void fail_item(std::string_view key, std::string message) const;
  /// Records an error about the whole section.
  void fail(std::string message) const;

 private:
  [[nodiscard]] ConfigError error_at(std::string_view key, std::string message) const;
  [[nodiscard]] const IniOption* option(std::string_view key) const;
  [[nodiscard]] std::string_view fallback_of(std::string_view key) const;

  const IniSection* section_;
  const IniSection* defaults_;
  const SectionSchema* schema_;
  const ExpansionNames* names_;
  ErrorList* errors_;
  bool location_suffix_ = false;
};

}  // namespace sv::config
