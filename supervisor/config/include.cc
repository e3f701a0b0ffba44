#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

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

void include_files(LoadState& state, const IniSection& include) {
  ExpansionNames names = state.names;
  names.insert_or_assign("host_node_name", state.context.host_node_name);
  const SectionReader reader = reader_of(state, include, names);
  if (!reader.has("files")) {
    reader.fail(".ini file has [include] section, but no files setting");
    return;
  }
  const std::string patterns = reader.text("files").value_or("");
  for (const std::string_view word : split_words(patterns)) {
    const std::string pattern = join_path(state.config.here, word);
    const std::vector<std::string> paths = glob(pattern);
    if (paths.empty()) {
      state.config.warnings.push_back(cat({"No file matches via include \"", pattern, "\""}));
    }
    for (const std::string& path : paths) {
      include_file(state, path);
    }
  }
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
