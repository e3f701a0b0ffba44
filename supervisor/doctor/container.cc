#include <array>
#include <cstdio>
#include <utility>

#include "base/text.h"
#include "doctor/diagnosis.h"

namespace sv::doctor {
namespace {

using os::ContainerFacts;
using os::StreamKind;

std::string limit_text(const std::optional<std::uint64_t>& limit) {
  return limit ? std::to_string(*limit) : "unlimited";
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::uint64_t kMega = 1024ULL * 1024;
  return bytes >= kMega ? cat({std::to_string(bytes / kMega), " MiB"})
                        : cat({std::to_string(bytes), " bytes"});
}

Finding process_one(const ContainerFacts& facts) {
  if (facts.pid == 1) {
    return {Grade::good, "process 1", "yes: orphans are reaped here, our status is the container's",
            ""};
  }
  return {
      Grade::note, "process 1",
      cat({"no, it is '", facts.process_one.empty() ? "unknown" : facts.process_one,
           "'; modinit started here (pid ", std::to_string(facts.pid),
           facts.may_adopt ? ") adopts orphans of what it starts (--subreaper)"
                           : ") may not even adopt orphans of what it starts: --subreaper fails"}),
      "fine under docker exec; else use the exec form CMD [\"modinit\", ...], no --init, no "
      "--pid=container:, no shareProcessNamespace"};
}

Finding identity(const ContainerFacts& facts) {
  const std::string who =
      cat({"uid ", std::to_string(facts.uid), facts.account ? " (" : "", facts.account.value_or(""),
           facts.account ? ")" : "", ", gid ", std::to_string(facts.gid)});
  if (!facts.account) {
    return {Grade::note, "identity", cat({who, ", without an entry in /etc/passwd"}),
            "programs that look up their user fail: add one, or run as a user that exists"};
  }
  return {Grade::good, "identity", who, ""};
}

Finding privileges(const ContainerFacts& facts) {
  struct Named {
    os::Capability capability;
    std::string_view name;
  };
  constexpr std::array kNames{
      Named{os::Capability::chown, "CHOWN"},
      Named{os::Capability::dac_override, "DAC_OVERRIDE"},
      Named{os::Capability::kill, "KILL"},
      Named{os::Capability::setgid, "SETGID"},
      Named{os::Capability::setuid, "SETUID"},
      Named{os::Capability::net_bind_service, "NET_BIND_SERVICE"},
  };
  std::vector<std::string> held;
  for (const Named& entry : kNames) {
    if (os::has(facts, entry.capability)) {
      held.emplace_back(entry.name);
    }
  }
  return {Grade::good, "capabilities",
          cat({held.empty() ? "none of those that matter here" : join(held, ", "),
               facts.no_new_privileges ? "; no_new_privs is set" : ""}),
          ""};
}

Finding file_systems(const ContainerFacts& facts) {
  if (facts.root_read_only) {
    return {Grade::note, "root file system", "read-only",
            "what has to be written needs a volume or a tmpfs: docker run --tmpfs DIR, Kubernetes "
            "emptyDir"};
  }
  return {Grade::good, "root file system", "writable", ""};
}

Finding proc(const ContainerFacts& facts) {
  if (facts.proc_mounted) {
    return {Grade::good, "/proc", "mounted", ""};
  }
  return {Grade::note, "/proc", "not mounted: no CPU and memory figures, no out-of-memory verdicts",
          "mount it, or leave it to the container engine"};
}

std::string kind_text(StreamKind kind) {
  switch (kind) {
    case StreamKind::closed:
      return "closed";
    case StreamKind::null_device:
      return "/dev/null";
    case StreamKind::terminal:
      return "terminal";
    case StreamKind::pipe:
      return "pipe";
    case StreamKind::socket:
      return "socket";
    case StreamKind::file:
      return "file";
    case StreamKind::other:
      break;
  }
  return "something else";
}

Finding streams(const ContainerFacts& facts) {
  const std::string text = cat({"in: ", kind_text(facts.input), ", out: ", kind_text(facts.output),
                                ", error: ", kind_text(facts.error)});
  const auto is_lost = [](StreamKind kind) {
    return kind == StreamKind::closed || kind == StreamKind::null_device;
  };
  if (is_lost(facts.output) || is_lost(facts.error)) {
    return {Grade::note, "standard streams",
            cat({text, ": logs to /dev/stdout or /dev/stderr may be lost"}),
            "start the container with its output attached or logged"};
  }
  return {Grade::good, "standard streams", text, ""};
}

Finding resource_limits(const ContainerFacts& facts) {
  return {Grade::good, "limits",
          cat({"open files ", limit_text(facts.open_files.soft), " (up to ",
               limit_text(facts.open_files.hard), "), processes ", limit_text(facts.processes.soft),
               ", core dumps ",
               facts.core_bytes.soft == 0 ? "off" : limit_text(facts.core_bytes.soft)}),
          ""};
}

Finding control_groups(const ContainerFacts& facts) {
  constexpr std::array<std::string_view, 4> kVersions{"none", "version 1", "version 2",
                                                      "versions 1 and 2"};
  std::string text(kVersions.at(static_cast<std::size_t>(facts.cgroups.version)));
  if (facts.cgroups.version == os::CgroupVersion::none) {
    return {Grade::note, "control group",
            "not visible: limits and out-of-memory kills cannot be told",
            "docker mounts /sys/fs/cgroup by itself; look for what hides it"};
  }
  text += cat({", memory ",
               facts.limits.memory_bytes ? bytes_text(*facts.limits.memory_bytes)
                                         : std::string("unlimited"),
               ", processes ", limit_text(facts.limits.processes)});
  if (facts.limits.cpus) {
    std::array<char, 32> cpus{};
    std::snprintf(cpus.data(), cpus.size(), ", CPUs %.2f", *facts.limits.cpus);
    text += cpus.data();
  }
  text += facts.cgroup_writable ? ", writable" : ", read-only";
  return {Grade::good, "control group", std::move(text), ""};
}

}  // namespace

std::vector<Finding> examine(const ContainerFacts& facts) {
  return {process_one(facts),     identity(facts),       privileges(facts),
          file_systems(facts),    proc(facts),           streams(facts),
          resource_limits(facts), control_groups(facts), {Grade::good, "kernel", facts.kernel, ""}};
}

}  // namespace sv::doctor
