#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/commands.h"

/// modctl's patterns for names: `*`, `?` and `[abc]` stand for parts of the names `status` shows.
/// A pattern with a colon is matched as one for the group and one for the process; without, it is
/// matched against the whole name, so that "web*" is "web", "web-1" and "web:worker". What matches
/// nothing stays as it was typed, and is refused like any unknown name.
namespace sv::ctl {

struct ProcessName {
  std::string group;
  std::string name;
  bool active = true;  ///< false: configured, but its group was not added

  friend bool operator==(const ProcessName&, const ProcessName&) = default;
};

/// Whether a word is to be expanded for such a command. "group:*" is the daemon's business where
/// it has a method for groups.
[[nodiscard]] bool is_pattern(std::string_view word, Takes takes);

/// Each name once, in the order of the patterns and then of `known`.
[[nodiscard]] std::vector<std::string> expand_patterns(std::span<const std::string> words,
                                                       Takes takes,
                                                       std::span<const ProcessName> known);

/// What the daemon knows of what such a command takes.
[[nodiscard]] Outcome<std::vector<ProcessName>> fetch_names(Session& session, Takes takes);

}  // namespace sv::ctl
