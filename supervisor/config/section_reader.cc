#include "config/section_reader.h"

#include "base/text.h"

namespace sv::config {

SectionReader::SectionReader(const IniSection& section, const IniSection* defaults,
                             const ExpansionNames& names, ErrorList& errors)
    : section_(&section),
      defaults_(defaults),
      schema_(section_schema(section.name)),
      names_(&names),
      errors_(&errors) {
  assert(schema_ != nullptr);
}

SectionReader SectionReader::with_names(const ExpansionNames& names) const {
  SectionReader other = *this;
  other.names_ = &names;
  return other;
}

SectionReader SectionReader::with_location_suffix() const {
  SectionReader other = *this;
  other.location_suffix_ = true;
  return other;
}

const IniOption* SectionReader::option(std::string_view key) const {
  if (const IniOption* own = section_->find(key)) {
    return own;
  }
  return defaults_ == nullptr ? nullptr : defaults_->find(key);
}

std::string_view SectionReader::fallback_of(std::string_view key) const {
  const KeySchema* row = schema_->find(key);
  assert(row != nullptr && row->has_fallback_value());
  return row->fallback;
}

std::vector<std::string> SectionReader::keys() const {
  std::vector<std::string> out;
  for (const IniOption& own : section_->options) {
    out.push_back(own.key);
  }
  if (defaults_ != nullptr) {
    for (const IniOption& inherited : defaults_->options) {
      if (section_->find(inherited.key) == nullptr) {
        out.push_back(inherited.key);
      }
    }
  }
  return out;
}

std::string SectionReader::unexpanded(std::string_view key) const {
  const IniOption* found = option(key);
  return found == nullptr ? std::string(fallback_of(key)) : found->value;
}

std::optional<std::string> SectionReader::text(std::string_view key, std::string_view label) const {
  assert(schema_->open_ended || schema_->find(key) != nullptr);
  const IniOption* found = option(key);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (found->value.find('%') == std::string::npos) {
    return found->value;
  }
  const std::string own_label =
      label.empty() ? cat({section_->name, ".", key}) : std::string(label);
  Result<std::string> expanded = expand(found->value, *names_, own_label);
  if (!expanded) {
    fail(key, expanded.error().message);
    return std::nullopt;
  }
  return *std::move(expanded);
}

std::optional<std::string> SectionReader::text_or_default(std::string_view key,
                                                          std::string_view label) const {
  if (has(key)) {
    return text(key, label);
  }
  return std::string(fallback_of(key));
}

void SectionReader::fail(std::string_view key, std::string message) const {
  errors_->add(error_at(key, std::move(message)));
}

void SectionReader::fail_item(std::string_view key, std::string message) const {
  errors_->add_item(error_at(key, std::move(message)));
}

void SectionReader::fail(std::string message) const {
  fail({}, std::move(message));
}

ConfigError SectionReader::error_at(std::string_view key, std::string message) const {
  const IniOption* found = key.empty() ? nullptr : option(key);
  if (location_suffix_) {
    message += cat({" in section '", section_->name, "' (file: '", section_->file, "')"});
  }
  return ConfigError{found == nullptr ? section_->file : found->file,
                     found == nullptr ? section_->line : found->line, section_->name,
                     std::string(key), std::move(message)};
}

}  // namespace sv::config
