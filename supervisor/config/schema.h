#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "config/ini_document.h"

/// Everything that can be configured, as one table: it gives the loader its defaults, finds
/// misspelt names, and docs/configuration.md is generated from it. A new key is one row in
/// schema_table.cc and one line where its section is read.
namespace sv::config {

struct KeySchema {
  std::string_view name;
  std::string_view type;  ///< a heading of the "Value types" part of the documentation
  /// The text that is read when the key is absent. In parentheses: a description of what happens
  /// then, never read as a value.
  std::string_view fallback;
  std::string_view doc;  ///< Markdown, one or a few sentences

  [[nodiscard]] bool has_fallback_value() const { return !fallback.starts_with('('); }
};

enum class SectionNaming {
  plain,   ///< [supervisord]
  named,   ///< [program:x]
  prefix,  ///< every section whose name begins so: [inet_http_server], [inet_http_server:x]
};

struct SectionSchema {
  std::string_view kind;  ///< the name up to the colon
  SectionNaming naming = SectionNaming::plain;
  bool open_ended = false;  ///< further keys are arguments of a plug-in; nothing is unknown
  std::string_view doc;
  std::span<const KeySchema> keys;
  /// Keys that this kind shares with others; empty for most.
  std::span<const KeySchema> shared_keys;

  [[nodiscard]] const KeySchema* find(std::string_view key) const;
};

/// All kinds of section, in the order of the documentation.
[[nodiscard]] std::span<const SectionSchema> all_sections();

/// The kind a section belongs to; nullptr for a section the product does not know.
[[nodiscard]] const SectionSchema* section_schema(std::string_view section_name);

/// The schema of a kind that exists ("program").
[[nodiscard]] const SectionSchema& schema_of(std::string_view kind);

/// A key of `schema` that `key` was probably meant to be.
[[nodiscard]] std::optional<std::string> nearest_key(const SectionSchema& schema,
                                                     std::string_view key);

/// The spelling an unknown section was probably meant to have, for example "program:x" for
/// "Program:x"; nullopt when it resembles nothing (other programs may keep sections of their own).
[[nodiscard]] std::optional<std::string> nearest_section(std::string_view section_name);

/// One line for each unknown key of a known section and each section that looks misspelt, in the
/// order of the document: "file:line: [program:cat] autosart: unknown key; did you mean ...?".
/// Keys of [DEFAULT] are never unknown.
[[nodiscard]] std::vector<std::string> unknown_names(const IniDocument& document);

/// docs/configuration.md.
[[nodiscard]] std::string render_markdown();

}  // namespace sv::config
