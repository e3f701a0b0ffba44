#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "base/text.h"
#include "config/glob.h"
#include "config/load_state.h"
#include "config/paths.h"

/// [include] (supervisor-config, section 6).
namespace sv::config {
namespace {

constexpr std::string_view kHere = "%(here)s";
constexpr std::string_view kDefaults = "DEFAULT";

bool mentions_here(const IniOption& option) {
  return option.value.find(kHere) != std::string::npos;
}

void replace_here(std::string& value, const std::string& here) {
  std::size_t at = value.find(kHere);
  while (at != std::string::npos) {
    value.replace(at, kHere.size(), here);
    at = value.find(kHere, at + here.size());
  }
}

/// The reference replaces %(here)s textually when there are includes, so that it means the
/// directory of the file it stands in (and so that an escaped "%%(here)s" breaks, as it does
/// there).
void replace_here(IniDocument& document, const std::string& here) {
  for (IniSection& section : document.sections) {
    if (section.name == kDefaults) {
      continue;  // see settle_defaults()
    }
    for (IniOption& option : section.options) {
      replace_here(option.value, here);
    }
  }
}

/// The same for what sections take from [DEFAULT]: after each file, the sections that are there
/// get a copy of their own.
void settle_defaults(IniDocument& document, const std::string& here) {
  const IniSection* defaults = document.find(kDefaults);
  if (defaults == nullptr || std::ranges::none_of(defaults->options, mentions_here)) {
    return;
  }
  for (IniSection& section : document.sections) {
    for (const IniOption& option : defaults->options) {
      if (&section != defaults && mentions_here(option) && section.find(option.key) == nullptr) {
        section.options.push_back(option);
        replace_here(section.options.back().value, here);
      }
    }
  }
}

bool is_readable_file(const std::string& path) {
  struct stat info {};
  return ::stat(path.c_str(), &info) == 0 && S_ISREG(info.st_mode) &&
         ::access(path.c_str(), R_OK) == 0;
}

void include_file(LoadState& state, const std::string& path) {
  state.config.infos.push_back(cat({"Included extra file \"", path, "\" during parsing"}));
  if (!is_readable_file(path)) {
    return;
  }
  auto included = read_ini_file(path, state.context.limits);
  if (!included) {
    state.errors.add(std::move(included).error());
    return;
  }
  const std::string here = directory_part(absolute_path(path, state.context.current_directory));
  replace_here(*included, here);
  state.document.merge(*std::move(included));
  settle_defaults(state.document, here);
}

/// What one word of files= or otherwise= stands for.
struct Match {
  std::string pattern;
  std::vector<std::string> paths;
};

std::vector<Match> matches_of(const LoadState& state, const SectionReader& reader,
                              std::string_view key) {
  std::vector<Match> matches;
  const std::string words = reader.text(key).value_or("");
  for (const std::string_view word : split_words(words)) {
    std::string pattern = join_path(state.config.here, word);
    std::vector<std::string> paths = glob(pattern);
    matches.push_back({std::move(pattern), std::move(paths)});
  }
  return matches;
}

/// Nobody can tell from an empty match whether files are missing, where the folder they would be
/// in may not be looked into.
std::string reason_to_doubt(const std::string& pattern) {
  const std::size_t wildcard = pattern.find_first_of("*?[");
  const bool is_exact = wildcard == std::string::npos;
  const std::string known = is_exact ? pattern : directory_part(pattern.substr(0, wildcard));
  const bool is_clear = ::access(known.c_str(), is_exact ? F_OK : R_OK | X_OK) == 0 ||
                        errno == ENOENT || errno == ENOTDIR;
  return is_clear ? "" : errno_text(errno);
}

/// With otherwise= the presence of files decides what runs, so what is in their place must be
/// what was meant. The reference's files= skips what it cannot read.
void check_presence(const SectionReader& reader, const std::vector<Match>& matches) {
  for (const Match& match : matches) {
    for (const std::string& path : match.paths) {
      if (!is_readable_file(path)) {
        reader.fail_item("files", cat({"\"", path, "\" is there but cannot be read as a file"}));
      }
    }
    const std::string doubt = match.paths.empty() ? reason_to_doubt(match.pattern) : "";
    if (!doubt.empty()) {
      reader.fail_item("files",
                       cat({"cannot tell whether \"", match.pattern, "\" exists: ", doubt}));
    }
  }
}

void include_matches(LoadState& state, const std::vector<Match>& matches) {
  for (const Match& match : matches) {
    if (match.paths.empty()) {
      state.config.warnings.push_back(cat({"No file matches via include \"", match.pattern, "\""}));
    }
    for (const std::string& path : match.paths) {
      include_file(state, path);
    }
  }
}

void include_files(LoadState& state, const IniSection& include) {
  ExpansionNames names = state.names;
  names.insert_or_assign("host_node_name", state.context.host_node_name);
  const SectionReader reader = reader_of(state, include, names);
  if (!reader.has("files")) {
    reader.fail(".ini file has [include] section, but no files setting");
    return;
  }
  std::vector<Match> matches = matches_of(state, reader, "files");
  if (reader.has("otherwise")) {
    check_presence(reader, matches);
    const auto is_missing = [](const Match& match) { return match.paths.empty(); };
    if (std::ranges::all_of(matches, is_missing)) {
      state.config.infos.emplace_back("No file matches [include] files; otherwise is read");
      matches = matches_of(state, reader, "otherwise");
    }
  }
  include_matches(state, matches);
}

}  // namespace

void read_files(LoadState& state) {
  auto main_document = read_ini_file(state.config.file, state.context.limits);
  if (!main_document) {
    state.errors.add(std::move(main_document).error());
    return;
  }
  state.document = *std::move(main_document);
  const IniDocument main_file = state.document;  // included files are merged into the other
  state.defaults = main_file.find(kDefaults);
  if (const IniSection* include = main_file.find("include")) {
    replace_here(state.document, state.config.here);
    settle_defaults(state.document, state.config.here);
    include_files(state, *include);
  }
  state.defaults = state.document.find(kDefaults);
}

}  // namespace sv::config
