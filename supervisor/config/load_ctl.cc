#include <array>

#include "base/text.h"
#include "config/load_state.h"
#include "config/paths.h"
#include "config/value_types.h"

namespace sv::config {
namespace {

constexpr std::string_view kUnixScheme = "unix://";

std::string full_path(std::string_view path, const LoadContext& context) {
  return absolute_path(expand_user(path, context), context.current_directory);
}

}  // namespace

tl::expected<CtlConfig, ConfigErrors> load_ctl(const std::string& file,
                                               const LoadContext& context) {
  constexpr std::array<std::string_view, 2> kSections{"supervisorctl", "DEFAULT"};
  auto document = read_ini_file(file, context.limits, kSections);
  if (!document) {
    return tl::unexpected<ConfigErrors>(std::move(document).error());
  }
  const IniSection* section = document->find("supervisorctl");
  if (section == nullptr) {
    return tl::unexpected<ConfigErrors>(
        {ConfigError{file, 0, "", "", ".ini file does not include supervisorctl section"}});
  }
  ErrorList errors;
  const ExpansionNames env_names = environment_names(context);
  ExpansionNames names = env_names;
  names.insert_or_assign("here", directory_part(absolute_path(file, context.current_directory)));
  const SectionReader env_reader(*section, document->find("DEFAULT"), env_names, errors);
  const SectionReader reader = env_reader.with_names(names);

  CtlConfig ctl;
  ctl.server_url = reader.text_or_default("serverurl").value_or(ctl.server_url);
  if (ctl.server_url.starts_with(kUnixScheme)) {
    ctl.server_url =
        cat({kUnixScheme, full_path(ctl.server_url.substr(kUnixScheme.size()), context)});
  }
  ctl.prompt = env_reader.text_or_default("prompt").value_or(ctl.prompt);
  ctl.username = env_reader.text("username").value_or("");
  ctl.password = env_reader.text("password").value_or("");
  const std::string history = reader.text("history_file").value_or("");
  if (!history.empty()) {
    ctl.history_file = full_path(history, context);
  }
  if (!errors.empty()) {
    return tl::unexpected<ConfigErrors>(errors.take());
  }
  return ctl;
}

}  // namespace sv::config
