#include "ctl/names.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "config/glob.h"
#include "ctl/render.h"

namespace sv::ctl {
namespace {

constexpr std::string_view kWildcards = "*?[";

bool has_wildcards(std::string_view text) {
  return text.find_first_of(kWildcards) != std::string_view::npos;
}

bool takes_groups(Takes takes) {
  return takes == Takes::groups || takes == Takes::new_groups || takes == Takes::active_groups;
}

// The letter in front keeps a leading dot from being special, as it is for files.
bool matches(std::string_view name, std::string_view pattern) {
  return config::matches_component(cat({"n", name}), cat({"n", pattern}));
}

/// A pattern for processes, taken apart.
class ProcessPattern {
 public:
  ProcessPattern(std::string_view text, Takes takes) {
    const std::size_t colon = text.find(':');
    has_group_ = colon != std::string_view::npos;
    group_ = has_group_ ? text.substr(0, colon) : std::string_view();
    process_ = has_group_ ? text.substr(colon + 1) : text;
    whole_groups_ =
        has_group_ && takes == Takes::processes && (process_.empty() || process_ == "*");
  }

  [[nodiscard]] bool matches_name(const ProcessName& process) const {
    if (!has_group_) {
      return matches(make_namespec(process.group, process.name), process_);
    }
    return matches(process.group, group_) && (process_.empty() || matches(process.name, process_));
  }

  /// How what matched is asked for.
  [[nodiscard]] std::string word_for(const ProcessName& process) const {
    return whole_groups_ ? cat({process.group, ":*"}) : make_namespec(process.group, process.name);
  }

 private:
  std::string_view group_;
  std::string_view process_;
  bool has_group_ = false;
  bool whole_groups_ = false;
};

void add_once(std::vector<std::string>& words, std::string word) {
  if (std::ranges::find(words, word) == words.end()) {
    words.push_back(std::move(word));
  }
}

bool fits(const ProcessName& process, Takes takes) {
  return takes == Takes::groups || process.active != (takes == Takes::new_groups);
}

}  // namespace

bool is_pattern(std::string_view word, Takes takes) {
  if (takes == Takes::nothing || takes == Takes::actions || word.starts_with('-')) {
    return false;
  }
  const std::size_t colon = word.find(':');
  if (takes_groups(takes) || colon == std::string_view::npos) {
    return has_wildcards(word);
  }
  const std::string_view process = word.substr(colon + 1);
  const bool all_of_group = process.empty() || process == "*";
  return has_wildcards(word.substr(0, colon)) ||
         (all_of_group ? takes == Takes::each_process : has_wildcards(process));
}

std::vector<std::string> expand_patterns(std::span<const std::string> words, Takes takes,
                                         std::span<const ProcessName> known) {
  std::vector<std::string> expanded;
  for (const std::string& word : words) {
    if (!is_pattern(word, takes)) {
      expanded.push_back(word);
      continue;
    }
    const ProcessPattern pattern(word, takes);
    bool found = false;
    for (const ProcessName& process : known) {
      if (takes_groups(takes) ? fits(process, takes) && matches(process.group, word)
                              : pattern.matches_name(process)) {
        found = true;
        add_once(expanded, takes_groups(takes) ? process.group : pattern.word_for(process));
      }
    }
    if (!found) {
      expanded.push_back(word);
    }
  }
  return expanded;
}

Outcome<std::vector<ProcessName>> fetch_names(Session& session, Takes takes) {
  std::vector<ProcessName> names;
  if (takes != Takes::new_groups) {
    constexpr std::array<std::string_view, 2> kMembers{"name", "group"};
    auto infos = session.call("supervisor.getAllProcessInfo", {}, kMembers);
    if (!infos) {
      return failed(std::move(infos.error()));
    }
    for (const wire::XmlRpcValue& info : elements_of(*infos)) {
      names.push_back({text_of(info, "group"), text_of(info, "name")});
    }
  }
  if (takes == Takes::groups || takes == Takes::new_groups) {
    constexpr std::array<std::string_view, 3> kMembers{"name", "group", "inuse"};
    auto infos = session.call("supervisor.getAllConfigInfo", {}, kMembers);
    if (!infos) {
      return failed(std::move(infos.error()));
    }
    for (const wire::XmlRpcValue& info : elements_of(*infos)) {
      names.push_back({text_of(info, "group"), text_of(info, "name"), truth_of(info, "inuse")});
    }
  }
  return names;
}

}  // namespace sv::ctl
