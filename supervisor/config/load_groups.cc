#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "base/parse.h"
#include "base/text.h"
#include "base/unicode.h"
#include "config/load_state.h"
#include "config/value_types.h"

/// Groups, explicit and implied, and their order (supervisor-config, 3.9 and section 7).
namespace sv::config {
namespace {

/// Of processes with one name the last definition counts, at the place of the first.
void drop_repeated_processes(GroupConfig& group, std::vector<std::string>& warnings) {
  std::vector<ProcessConfig> kept;
  std::map<std::string, std::size_t, std::less<>> places;
  for (ProcessConfig& process : group.processes) {
    const auto [place, is_new] = places.try_emplace(process.name, kept.size());
    if (is_new) {
      kept.push_back(std::move(process));
      continue;
    }
    warnings.push_back(cat({"group '", group.name, "' defines process '", process.name,
                            "' more than once, the last definition is used"}));
    kept[place->second] = std::move(process);
  }
  group.processes = std::move(kept);
}

/// Of groups with one name only the first in start order comes into being.
void drop_repeated_groups(std::vector<GroupConfig>& groups, std::vector<std::string>& warnings) {
  std::set<std::string, std::less<>> seen;
  std::erase_if(groups, [&](const GroupConfig& group) {
    if (seen.insert(group.name).second) {
      return false;
    }
    warnings.push_back(cat({"group '", group.name,
                            "' is defined by more than one section, only the one that starts "
                            "first is used"}));
    return true;
  });
}

class GroupLoader {
 public:
  explicit GroupLoader(LoadState& state) : state_(state) {
    for (const IniSection& section : state.document.sections) {
      by_name_.emplace(section.name, &section);
    }
  }

  void load() {
    for (const IniSection* section : sections_of(state_.document, "group:")) {
      add(load_group(*section));
    }
    for (const IniSection* section : sections_of(state_.document, "program:")) {
      if (!members_.contains(section->name)) {
        add(load_program_group(*section));
      }
    }
    for (const IniSection* section : sections_of(state_.document, "eventlistener:")) {
      add(load_event_pool(state_, *section));
    }
    for (const IniSection* section : sections_of(state_.document, "fcgi-program:")) {
      if (!members_.contains(section->name)) {
        add(load_fcgi_group(state_, *section));
      }
    }
    std::vector<GroupConfig>& groups = state_.config.groups;
    std::ranges::stable_sort(groups, [](const GroupConfig& a, const GroupConfig& b) {
      return std::tie(a.priority, a.name) < std::tie(b.priority, b.name);
    });
    drop_repeated_groups(groups, state_.config.warnings);
  }

 private:
  void add(GroupConfig group) {
    drop_repeated_processes(group, state_.config.warnings);
    state_.config.groups.push_back(std::move(group));
  }

  GroupConfig load_group(const IniSection& section) {
    const SectionReader reader = reader_of(state_, section, state_.names);
    GroupConfig group;
    group.name = checked_group_name(reader);
    const std::vector<std::string> programs =
        parse_list(reader.text_or_default("programs").value_or(""));
    group.priority = reader.value("priority", parse_int);
    // The reference names the section it looked at last, which after the first member is that one.
    std::string blamed = section.name;
    for (const std::string& program : programs) {
      const IniSection* member = find_member(reader, program, blamed);
      if (member == nullptr) {
        continue;
      }
      blamed = member->name;
      members_.insert(member->name);
      for (ProcessConfig& process : load_processes(state_, *member, group.name)) {
        group.processes.push_back(std::move(process));
      }
    }
    return group;
  }

  const IniSection* find_member(const SectionReader& reader, const std::string& program,
                                const std::string& blamed) {
    const IniSection* plain = find_section("program:" + program);
    const IniSection* fcgi = find_section("fcgi-program:" + program);
    if (plain != nullptr && fcgi != nullptr) {
      reader.fail_item("programs", cat({"[", blamed, "] name ", program,
                                        " is ambiguous (exists as program and fcgi-program)"}));
      return nullptr;
    }
    if (plain == nullptr && fcgi == nullptr) {
      reader.fail_item("programs",
                       cat({"[", blamed, "] names unknown program or fcgi-program ", program}));
      return nullptr;
    }
    return plain != nullptr ? plain : fcgi;
  }

  GroupConfig load_program_group(const IniSection& section) {
    const SectionReader reader = reader_of(state_, section, state_.names);
    GroupConfig group;
    group.name = checked_group_name(reader);
    group.priority = reader.value("priority", parse_int);
    group.processes = load_processes(state_, section, group.name);
    return group;
  }

  const IniSection* find_section(const std::string& name) const {
    const auto found = by_name_.find(name);
    return found == by_name_.end() ? nullptr : found->second;
  }

  LoadState& state_;
  std::map<std::string_view, const IniSection*> by_name_;
  std::set<std::string, std::less<>> members_;  ///< sections that belong to a [group:x]
};

}  // namespace

std::string checked_group_name(const SectionReader& reader) {
  const std::string& section = reader.section().name;
  const std::string untrimmed = section.substr(section.find(':') + 1);
  if (const Result<std::string> name = parse_name(untrimmed); !name) {
    reader.fail(name.error().message);
  }
  return std::string(trim_unicode(untrimmed));
}

void load_groups(LoadState& state) {
  GroupLoader(state).load();
}

}  // namespace sv::config
