#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/ini_document.h"

namespace sv::config {

/// Collects what a parser finds into a document: sections merge, a repeated key replaces the
/// earlier value in place, continuation lines are joined with LF. Names are looked up in indexes
/// where there are many, because a file of some MiB may hold hundreds of thousands of them.
/// Private to config/ini_source.
class IniBuilder {
 public:
  /// `only`, unless empty, names the sections that are kept; options of others are forgotten.
  explicit IniBuilder(std::string file, std::span<const std::string_view> only = {})
      : file_(std::move(file)), only_(only) {}

  /// Makes `name` the current section. No option is open then.
  void open_section(std::string_view name, int line);

  /// Opens an option of the current section, which there must be.
  void open_option(std::string key, std::string_view value, int line);

  void close_option() { option_.reset(); }

  /// Adds a line to the open option, which there must be.
  void append(std::string_view text);

  [[nodiscard]] bool has_section() const { return section_.has_value(); }
  [[nodiscard]] bool has_open_option() const { return option_.has_value(); }

  /// The document, trailing space taken off its values. Ends the builder's use.
  [[nodiscard]] IniDocument take();

 private:
  using Index = std::unordered_map<std::string, std::size_t>;

  /// Where the current section has this key.
  [[nodiscard]] std::optional<std::size_t> find_option(const std::string& key) const;

  std::string file_;
  std::span<const std::string_view> only_;
  IniDocument document_;
  Index sections_;                                  // name -> position in document_.sections
  std::unordered_map<std::size_t, Index> indexes_;  // section -> key -> position of a late option
  std::optional<std::size_t> section_;
  bool is_kept_ = true;                // the current section
  std::optional<std::size_t> option_;  // in the current section
};

}  // namespace sv::config
