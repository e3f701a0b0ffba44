#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "config/error_list.h"
#include "config/expansion.h"
#include "config/ini_document.h"
#include "config/loader.h"
#include "config/model.h"
#include "config/section_reader.h"

/// The loader's inside: what its parts share while one configuration is read, and the parts, in
/// the reference's order of evaluation (supervisor-config, 3.1), which decides which of several
/// errors comes first.
namespace sv::config {

struct LoadState {
  const LoadContext& context;
  IniDocument document;
  ErrorList errors;
  ExpansionNames env_names;  ///< ENV_*; from load_daemon() on with those of [supervisord]
  ExpansionNames names;      ///< the same and `here`
  Config config;
  std::int64_t processes = 0;            ///< read so far; their number is limited
  const IniSection* defaults = nullptr;  ///< [DEFAULT] of the complete document
};

/// A reader for `section` that may use `names`.
[[nodiscard]] inline SectionReader reader_of(LoadState& state, const IniSection& section,
                                             const ExpansionNames& names) {
  return {section, state.defaults, names, state.errors};
}

/// Sections of one kind in file order: those whose name begins with `prefix`.
[[nodiscard]] std::vector<const IniSection*> sections_of(const IniDocument& document,
                                                         std::string_view prefix);

/// ENV_X for every variable of the context.
[[nodiscard]] ExpansionNames environment_names(const LoadContext& context);

/// Adds ENV_X for every variable, over those already there.
void add_environment_names(ExpansionNames& names, const Environment& environment);

/// Main file, then [include]. What cannot be parsed is an error; the document is then incomplete.
void read_files(LoadState& state);

/// [supervisord]; the result is the text of `user`, which is resolved last.
[[nodiscard]] std::optional<std::string> load_daemon(LoadState& state);

void load_rpc_interfaces(LoadState& state);

/// All groups, explicit and implied, sorted into start order.
void load_groups(LoadState& state);

/// What one [program:x], [fcgi-program:x] or [eventlistener:x] says about its processes, sorted
/// by name.
[[nodiscard]] std::vector<ProcessConfig> load_processes(LoadState& state, const IniSection& section,
                                                        const std::string& group_name);

/// The group of an [eventlistener:x] and of an [fcgi-program:x].
[[nodiscard]] GroupConfig load_event_pool(LoadState& state, const IniSection& section);
[[nodiscard]] GroupConfig load_fcgi_group(LoadState& state, const IniSection& section);

/// The name behind the colon of a section that forms a group, checked like the reference does
/// outside of the section's body.
[[nodiscard]] std::string checked_group_name(const SectionReader& reader);

/// [inet_http_server*], then [unix_http_server*], then the default server URL.
void load_servers(LoadState& state);

void load_navi(LoadState& state);

void resolve_daemon_user(LoadState& state, const std::optional<std::string>& text);

}  // namespace sv::config
