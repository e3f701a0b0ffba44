#include "shell/environment_files.h"

#include <dirent.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "base/text.h"
#include "os/fs.h"
#include "os/user_db.h"

namespace sv::shell {
namespace {

/// Secrets may be in it; who is to read it is put into the group.
constexpr mode_t kDumpMode = 0640;

std::vector<std::string> names_in(DIR* directory) {
  std::vector<std::string> names;
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != ".." && names.size() < init::kMostVariables) {
      names.emplace_back(name);
    }
  }
  std::ranges::sort(names);
  return names;
}

}  // namespace

EnvironmentFiles::EnvironmentFiles(Paths paths, Report report)
    : paths_(std::move(paths)), report_(std::move(report)) {}

init::Variables EnvironmentFiles::boot(init::Variables environment) {
  const std::optional<init::Variables> stored = read();
  if (!stored) {
    return environment;
  }
  init::Variables merged = init::import_at_boot(environment, *stored);
  write_files(merged, *stored);
  write_dumps(merged);
  return merged;
}

init::Variables EnvironmentFiles::after_script(init::Variables environment, bool forget_identity) {
  const std::optional<init::Variables> stored = read();
  if (!stored) {
    return environment;
  }
  init::Variables merged = init::import_after_script(environment, held_, *stored, forget_identity);
  write_dumps(merged);
  return merged;
}

/// nullopt: there is no store.
std::optional<init::Variables> EnvironmentFiles::read() {
  const std::unique_ptr<DIR, int (*)(DIR*)> directory(::opendir(paths_.directory.c_str()),
                                                      ::closedir);
  if (directory == nullptr) {
    const int err = errno;
    if (err != ENOENT) {
      report_(cat({"cannot read '", paths_.directory, "': ", errno_text(err)}));
    }
    return std::nullopt;
  }
  init::Variables stored;
  for (const std::string& name : names_in(directory.get())) {
    Result<std::string> content =
        os::read_file(cat({paths_.directory, "/", name}), 0, init::kLongestVariable + 2);
    if (!content) {
      report_(cat({"not a variable: ", content.error().message}));
      continue;
    }
    auto variable = init::variable_of({name, std::move(*content)});
    if (!variable) {
      report_(
          cat({"not a variable: '", paths_.directory, "/", name, "': ", variable.error().message}));
      continue;
    }
    held_.insert(name);
    stored.push_back(std::move(*variable));
  }
  return stored;
}

void EnvironmentFiles::write_files(const init::Variables& environment,
                                   const init::Variables& stored) {
  bool reported = false;
  for (const init::StoredFile& file : init::files_to_write(environment, stored)) {
    const Result<void> written =
        os::write_file_atomically(cat({paths_.directory, "/", file.name}), file.content, 0666);
    if (written) {
      held_.insert(file.name);
    } else {
      // What the store could not take must not be lost with the next import.
      held_.erase(file.name);
      if (!std::exchange(reported, true)) {
        report_(written.error().message);  // a read-only /etc would say so for each
      }
    }
  }
}

void EnvironmentFiles::write_dumps(const init::Variables& environment) {
  const std::optional<gid_t> group = os::find_group(paths_.group);
  for (const auto& [path, text] : {std::pair(paths_.shell, init::shell_dump(environment)),
                                   std::pair(paths_.json, init::json_dump(environment))}) {
    if (const Result<void> written = os::rewrite_file(path, text, kDumpMode, group); !written) {
      report_(written.error().message);
    }
  }
}

init::Variables process_environment() {
  init::Variables variables;
  for (char** entry = environ; *entry != nullptr; ++entry) {
    const std::string_view text = *entry;
    const std::size_t equals = text.find('=');
    if (equals != std::string_view::npos && equals != 0) {
      variables.emplace_back(text.substr(0, equals), text.substr(equals + 1));
    }
  }
  return variables;
}

void set_process_environment(const init::Variables& variables) {
  ::clearenv();
  for (const auto& [name, value] : variables) {
    ::setenv(name.c_str(), value.c_str(), 1);
  }
}

}  // namespace sv::shell
