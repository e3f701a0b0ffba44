#include "os/container_facts.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/sysmacros.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cerrno>
#include <charconv>
#include <chrono>
#include <vector>

#include "base/text.h"
#include "os/memory_account.h"
#include "os/memory_pressure.h"
#include "os/proc_file.h"
#include "os/process_env.h"
#include "os/user_db.h"

namespace sv::os {
namespace {

constexpr std::size_t kStatusBytes = std::size_t{64} * 1024;

StreamKind kind_of(int fd) {
  struct stat about {};
  if (::fstat(fd, &about) != 0) {
    return StreamKind::closed;
  }
  if (S_ISCHR(about.st_mode)) {
    if (::isatty(fd) == 1) {
      return StreamKind::terminal;
    }
    return about.st_rdev == makedev(1, 3) ? StreamKind::null_device : StreamKind::other;
  }
  return S_ISFIFO(about.st_mode)   ? StreamKind::pipe
         : S_ISSOCK(about.st_mode) ? StreamKind::socket
         : S_ISREG(about.st_mode)  ? StreamKind::file
                                   : StreamKind::other;
}

ResourceLimit limit_of(int which) {
  rlimit limit{};
  if (::getrlimit(static_cast<__rlimit_resource_t>(which), &limit) != 0) {
    return {};
  }
  const auto value = [](rlim_t number) {
    return number == RLIM_INFINITY ? std::nullopt : std::optional<std::uint64_t>(number);
  };
  return {value(limit.rlim_cur), value(limit.rlim_max)};
}

/// The hexadecimal number of a line "CapEff:\t00000000a80425fb" of /proc/self/status.
std::uint64_t effective_capabilities() {
  const std::string status = read_proc_file("/proc/self/status", kStatusBytes).value_or("");
  for (const std::string_view line : split(status, '\n')) {
    constexpr std::string_view kName = "CapEff:";
    if (!line.starts_with(kName)) {
      continue;
    }
    const std::string_view digits = trim(line.substr(kName.size()));
    std::uint64_t set = 0;
    std::from_chars(digits.data(), digits.data() + digits.size(), set, 16);
    return set;
  }
  // Without /proc: root has what it usually has.
  return ::geteuid() == 0 ? ~std::uint64_t{0} : 0;
}

std::uint32_t first_free_port() {
  const std::string text =
      read_proc_file("/proc/sys/net/ipv4/ip_unprivileged_port_start", 32).value_or("");
  std::uint32_t port = 1024;
  std::from_chars(text.data(), text.data() + text.size(), port);
  return port;
}

/// Command lines hold zero bytes between their words.
std::string process_one() {
  std::string line = read_proc_file("/proc/1/cmdline", 200).value_or("");
  while (!line.empty() && line.back() == '\0') {
    line.pop_back();
  }
  for (char& c : line) {
    c = c == '\0' ? ' ' : c;
  }
  return to_valid_utf8(line);
}

bool is_read_only(const char* path) {
  struct statvfs about {};
  return ::statvfs(path, &about) == 0 && (about.f_flag & ST_RDONLY) != 0;
}

}  // namespace

ContainerFacts container_facts() {
  ContainerFacts facts;
  facts.pid = ::getpid();
  facts.proc_mounted = ::access("/proc/self/status", R_OK) == 0;
  facts.may_adopt = may_become_subreaper();
  facts.process_one = facts.pid == 1 ? std::string() : process_one();
  utsname name{};
  facts.kernel = ::uname(&name) == 0 ? name.release : "";
  facts.uid = ::geteuid();
  facts.gid = ::getegid();
  if (const auto user = find_user(facts.uid)) {
    facts.account = user->name;
  }
  facts.capabilities = effective_capabilities();
  facts.no_new_privileges = ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
  facts.root_read_only = is_read_only("/");
  facts.input = kind_of(STDIN_FILENO);
  facts.output = kind_of(STDOUT_FILENO);
  facts.error = kind_of(STDERR_FILENO);
  facts.open_files = limit_of(RLIMIT_NOFILE);
  facts.processes = limit_of(RLIMIT_NPROC);
  facts.core_bytes = limit_of(RLIMIT_CORE);
  facts.first_free_port = first_free_port();
  facts.cgroups = own_cgroups();
  facts.limits = cgroup_limits(facts.cgroups);
  const std::optional<CgroupPlace>& group = facts.cgroups.memory;
  facts.cgroup_writable =
      group && !group->mounted_read_only &&
      ::faccessat(AT_FDCWD, group->directory.c_str(), W_OK | X_OK, AT_EACCESS) == 0;
  const std::vector<std::string> pressure = MemoryAccount().pressure_files();
  // Gone again at once. Any threshold that needs no privileges shows whether it is allowed.
  const auto trigger =
      set_pressure_trigger(pressure, {false, std::chrono::seconds{1}, std::chrono::seconds{2}});
  if (!trigger) {
    facts.pressure_refused = trigger.error().message;
  }
  return facts;
}

bool has(const ContainerFacts& facts, Capability capability) {
  return (facts.capabilities >> static_cast<unsigned>(capability) & 1) != 0;
}

int why_not_writable(const std::string& path) {
  struct stat about {};
  if (::stat(path.c_str(), &about) == 0) {
    if (S_ISDIR(about.st_mode)) {
      return EISDIR;
    }
    return ::faccessat(AT_FDCWD, path.c_str(), W_OK, AT_EACCESS) == 0 ? 0 : errno;
  }
  if (errno != ENOENT) {
    return errno;
  }
  const std::size_t slash = path.rfind('/');
  const std::string folder = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return ::faccessat(AT_FDCWD, folder.c_str(), W_OK | X_OK, AT_EACCESS) == 0 ? 0 : errno;
}

}  // namespace sv::os
