#include "shell/navi_takeover.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "config/command_line.h"
#include "navi/options.h"

namespace sv::shell {
namespace {

/// The command line of a listener that is nothing but navi; empty for any other.
std::vector<std::string> navi_command(const config::GroupConfig& group) {
  if (!group.event_pool || group.processes.size() != 1) {
    return {};
  }
  const auto words = config::split_command(group.processes.front().command);
  if (!words || words->empty()) {
    return {};
  }
  const std::string_view program = words->front();
  const std::string_view name = program.substr(program.rfind('/') + 1);
  return name == "navi" ? *words : std::vector<std::string>();
}

void take_over(config::NaviConfig& to, const navi::Options& options,
               const config::EventPoolConfig& pool, std::vector<std::string>& warnings) {
  const navi::Options defaults;
  if (to.output && *to.output != options.output) {
    warnings.push_back(cat({"[navi] output=", *to.output, " is written, not '--output ",
                            options.output, "' of the event listener"}));
  }
  if (!to.output) {
    to.output = options.output;
  }
  const config::NaviConfig unset;
  if (to.max_files == unset.max_files) {
    to.max_files = options.max_files;
  }
  if (to.max_bytes == unset.max_bytes) {
    to.max_bytes = options.max_bytes;
  }
  to.events.insert(to.events.end(), pool.events.begin(), pool.events.end());
  std::ranges::sort(to.events);
  const auto same = std::ranges::unique(to.events);
  to.events.erase(same.begin(), same.end());
}

}  // namespace

void take_over_navi(config::Config& config) {
  if (!config.navi.is_on()) {
    return;
  }
  std::erase_if(config.groups, [&config](const config::GroupConfig& group) {
    const std::vector<std::string> words = navi_command(group);
    if (words.empty()) {
      return false;
    }
    const std::vector<std::string_view> arguments(words.begin() + 1, words.end());
    const auto options = navi::parse_options(arguments);
    if (!options || options->action != navi::Options::Action::listen) {
      return false;  // let it say what is wrong
    }
    take_over(config.navi, *options, *group.event_pool, config.warnings);
    config.infos.push_back(
        cat({"event listener '", group.name, "' is not started: [navi] writes its notices"}));
    return true;
  });
}

}  // namespace sv::shell
