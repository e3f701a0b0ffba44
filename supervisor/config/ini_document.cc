#include "config/ini_document.h"

#include <algorithm>
#include <unordered_map>
#include <utility>

namespace sv::config {
namespace {

// Indexes, not linear searches: a file of some MiB may hold hundreds of thousands of names.
using Index = std::unordered_map<std::string, std::size_t>;

void merge_options(std::vector<IniOption>& into, std::vector<IniOption> from) {
  Index index;
  for (std::size_t i = 0; i < into.size(); ++i) {
    index.emplace(into[i].key, i);
  }
  for (IniOption& option : from) {
    const auto [known, is_new] = index.try_emplace(option.key, into.size());
    if (is_new) {
      into.push_back(std::move(option));
    } else {
      into[known->second] = std::move(option);
    }
  }
}

}  // namespace

const IniOption* IniSection::find(std::string_view key) const {
  const auto found = std::ranges::find(options, key, &IniOption::key);
  return found == options.end() ? nullptr : &*found;
}

const IniSection* IniDocument::find(std::string_view name) const {
  const auto found = std::ranges::find(sections, name, &IniSection::name);
  return found == sections.end() ? nullptr : &*found;
}

IniSection* IniDocument::find(std::string_view name) {
  const auto found = std::ranges::find(sections, name, &IniSection::name);
  return found == sections.end() ? nullptr : &*found;
}

void IniDocument::merge(IniDocument other) {
  Index index;
  for (std::size_t i = 0; i < sections.size(); ++i) {
    index.emplace(sections[i].name, i);
  }
  for (IniSection& section : other.sections) {
    const auto [known, is_new] = index.try_emplace(section.name, sections.size());
    if (is_new) {
      sections.push_back(std::move(section));
    } else {
      merge_options(sections[known->second].options, std::move(section.options));
    }
  }
}

}  // namespace sv::config
