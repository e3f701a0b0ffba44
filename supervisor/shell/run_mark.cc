#include "shell/run_mark.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <utility>

#include "base/text.h"
#include "base/unique_fd.h"
#include "navi/notice.h"
#include "navi/notice_directory.h"
#include "os/descendants.h"
#include "os/fs.h"
#include "os/proc_file.h"
#include "shell/notice_facts.h"

namespace sv::shell {
namespace {

constexpr std::size_t kMostBytes = 4096;

/// The value behind "key=" on a line of its own.
std::optional<std::string_view> value_of(std::string_view text, std::string_view key) {
  for (const std::string_view line : split(text, '\n')) {
    if (line.starts_with(key) && line.substr(key.size()).starts_with("=")) {
      return line.substr(key.size() + 1);
    }
  }
  return std::nullopt;
}

/// Of this very process: another one with the same pid began at another time.
std::string this_process() {
  const auto stat = os::read_proc_file("/proc/self/stat", kMostBytes);
  const auto self = stat ? os::parse_process_entry(*stat) : std::nullopt;
  const navi::ContainerFacts where = this_container();
  return cat({std::to_string(where.daemon_pid), "/",
              self ? std::to_string(self->start_ticks) : std::string(), "/", where.host_name});
}

}  // namespace

RunMarkText read_run_mark(std::string_view text) {
  const auto value = [text](std::string_view key) {
    return std::string(value_of(text, key).value_or(""));
  };
  return {value("started"), value("host"), value("process"),
          os::proc_number<std::uint64_t>(value_of(text, "kills").value_or(""))};
}

std::string write_run_mark(const RunMarkText& mark) {
  return cat({"started=", mark.started, "\nhost=", mark.host, "\nprocess=", mark.process,
              "\nkills=", mark.kills ? std::to_string(*mark.kills) : std::string(), "\n"});
}

RunMark::RunMark(std::optional<std::string> directory) : directory_(std::move(directory)) {}

std::optional<RunMark::Previous> RunMark::begin(WallTime now, std::optional<std::uint64_t> kills) {
  const Result<UniqueFd> directory =
      directory_ ? navi::open_directory(*directory_) : fail(ErrorCode::not_found, "none");
  if (!directory) {
    return std::nullopt;
  }
  const std::string text =
      os::read_file(cat({*directory_, "/", kName}), 0, kMostBytes).value_or("");
  const RunMarkText ours{navi::utc_timestamp(now), this_container().host_name, this_process(),
                         kills};
  const UniqueFd file(::openat(directory->get(), kName,
                               O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644));
  if (file) {
    static_cast<void>(os::write_all(file.get(), write_run_mark(ours)));
  }
  const RunMarkText found = read_run_mark(text);
  if (text.empty() || found.process == ours.process) {
    return std::nullopt;  // the first run, or another life of this one
  }
  const auto known = [](const std::string& value) { return value.empty() ? "?" : value; };
  return Previous{cat({"started ", known(found.started), " on ", known(found.host)}), found.kills};
}

void RunMark::remove() noexcept {
  if (directory_) {
    const std::string path = cat({*directory_, "/", kName});
    ::unlink(path.c_str());
  }
}

}  // namespace sv::shell
