#include <algorithm>
#include <set>
#include <utility>
#include <variant>

#include "base/log.h"
#include "base/result.h"
#include "base/text.h"
#include "doctor/diagnosis.h"

namespace sv::doctor {
namespace {

using config::Config;
using os::ContainerFacts;

/// As long as the end of process 1 may take when nobody asks for more (docs/exit-status.md).
constexpr std::chrono::seconds kDefaultEnd{9};

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string::npos ? "." : slash == 0 ? "/" : path.substr(0, slash);
}

bool is_device(const std::string& path) {
  return path.starts_with("/dev/");
}

class Examination {
 public:
  Examination(const ContainerFacts& facts, const Config& config, const Probes& probes)
      : facts_(facts), config_(config), probes_(probes) {}

  std::vector<Finding> run() {
    const config::DaemonConfig& daemon = config_.daemon;
    become(daemon.user ? std::optional(daemon.user->name) : std::nullopt, daemon.user);
    limit("minfds", daemon.min_fds, facts_.open_files.hard, "nofile");
    limit("minprocs", daemon.min_procs, facts_.processes.hard, "nproc");
    if (!daemon.log.syslog) {
      writable("[supervisord] logfile", daemon.log.path);
    }
    writable("[supervisord] pidfile", daemon.pidfile);
    shutdown_time();
    servers();
    if (config_.navi.output) {
      folder_writable("[navi] output", *config_.navi.output);
    }
    pressure();
    for (const config::GroupConfig& group : config_.groups) {
      for (const config::ProcessConfig& process : group.processes) {
        program(group, process);
      }
    }
    return std::move(findings_);
  }

 private:
  void add(Grade grade, std::string subject, std::string text, std::string remedy = {}) {
    findings_.push_back({grade, std::move(subject), std::move(text), std::move(remedy)});
  }

  [[nodiscard]] bool may_become_others() const {
    return os::has(facts_, os::Capability::setuid) && os::has(facts_, os::Capability::setgid);
  }

  template <class User>
  void become(const std::optional<std::string>& name, const User& user) {
    if (!name) {
      if (facts_.uid == 0) {
        add(Grade::note, "[supervisord] user", "not set: everything is parsed and served as root",
            "set user= to an account of the image; only what needs root is done as root then");
      }
      return;
    }
    const std::string subject = cat({"[supervisord] user=", *name});
    if (user->uid == facts_.uid) {
      add(Grade::good, subject, "we are that user already");
    } else if (facts_.uid != 0) {
      add(Grade::problem, subject, cat({"cannot be reached from uid ", std::to_string(facts_.uid)}),
          "start as root: docker run --user 0, Kubernetes runAsUser: 0; or remove user=");
    } else if (!may_become_others()) {
      add(Grade::problem, subject, "root may not change its user here",
          "docker run --cap-add SETUID --cap-add SETGID, Kubernetes capabilities.add");
    } else {
      add(Grade::good, subject, "can be reached");
    }
  }

  void limit(std::string_view key, std::uint64_t wanted, const std::optional<std::uint64_t>& most,
             std::string_view option) {
    const std::string subject = cat({"[supervisord] ", key, "=", std::to_string(wanted)});
    if (!most || wanted <= *most) {
      add(Grade::good, subject, "within the limits");
    } else if (facts_.uid == 0) {
      add(Grade::note, subject,
          cat({"above the hard limit ", std::to_string(*most),
               "; raising it needs the capability SYS_RESOURCE"}),
          cat({"docker run --ulimit ", option, "=", std::to_string(wanted)}));
    } else {
      add(Grade::problem, subject, cat({"above the hard limit ", std::to_string(*most)}),
          cat({"docker run --ulimit ", option, "=", std::to_string(wanted), ", or lower ", key,
               "="}));
    }
  }

  void writable(const std::string& key, const std::string& path) {
    if (!is_device(path)) {
      examine_place(cat({key, "=", path}), path, folder_of(path));
    }
  }

  void folder_writable(const std::string& key, const std::string& folder) {
    examine_place(cat({key, "=", folder}), folder + "/modinit", folder);
  }

  /// Asked once, whoever wants to write there.
  void examine_place(const std::string& subject, const std::string& path,
                     const std::string& folder) {
    if (!asked_.insert(path).second) {
      return;
    }
    const int err = probes_.why_not_writable(path);
    if (err == 0) {
      add(Grade::good, subject, "can be written");
      return;
    }
    add(Grade::problem, subject, cat({"cannot be written: ", errno_text(err)}),
        err == EROFS || err == ENOENT
            ? cat({"docker run -v VOLUME:", folder, " or --tmpfs ", folder,
                   ", Kubernetes: a volumeMount at ", folder})
            : cat({"give ", folder,
                   " to the user that writes there (chown), Kubernetes: fsGroup"}));
  }

  void shutdown_time() {
    constexpr std::chrono::seconds kDockerStop{10};
    const auto& deadline = config_.daemon.shutdown_deadline;
    if (facts_.pid == 1 && deadline && (*deadline >= kDockerStop || deadline->count() == 0)) {
      const std::string seconds = std::to_string(deadline->count());
      add(Grade::note, cat({"[supervisord] shutdown_deadline=", seconds}),
          "docker stop kills after 10 s, Kubernetes after 30 s",
          deadline->count() == 0
              ? std::string("docker run --stop-timeout N, Kubernetes terminationGracePeriodSeconds")
              : cat({"docker run --stop-timeout ", std::to_string(deadline->count() + 1),
                     ", Kubernetes terminationGracePeriodSeconds"}));
    }
  }

  void pressure() {
    const auto& threshold = config_.navi.pressure;
    if (!threshold) {
      return;
    }
    const std::string subject =
        cat({"[navi] pressure=", threshold->full ? "full " : "some ",
             std::to_string(threshold->stall * 100 / threshold->window), "%"});
    if (!facts_.pressure_refused) {
      add(Grade::good, subject, "can be watched");
    } else {
      add(Grade::problem, subject, cat({"cannot be watched: ", *facts_.pressure_refused}),
          "it needs a kernel with pressure stall information (boot option psi=1) and a "
          "memory.pressure or /proc/pressure/memory that is writable here");
    }
  }

  void servers() {
    for (const config::HttpServerConfig& server : config_.servers) {
      if (const auto* local = std::get_if<config::UnixAddress>(&server.address)) {
        writable(cat({"[", server.section.empty() ? "unix_http_server" : server.section, "] file"}),
                 local->path);
        continue;
      }
      const auto& inet = std::get<config::InetAddress>(server.address);
      const std::string subject = cat({"[", server.section, "] port=", std::to_string(inet.port)});
      if (inet.port < facts_.first_free_port &&
          !os::has(facts_, os::Capability::net_bind_service)) {
        add(Grade::problem, subject,
            cat({"ports below ", std::to_string(facts_.first_free_port),
                 " need a capability that is not here"}),
            "docker run --cap-add NET_BIND_SERVICE, or --sysctl "
            "net.ipv4.ip_unprivileged_port_start=0, "
            "or a higher port");
      } else {
        add(Grade::good, subject, "can be opened");
      }
    }
  }

  void program(const config::GroupConfig& group, const config::ProcessConfig& process) {
    const std::string_view kind = group.event_pool    ? "eventlistener"
                                  : group.fcgi_socket ? "fcgi-program"
                                                      : "program";
    const std::string section = cat({"[", kind, ":", process.program, "]"});
    if (process.user && process.user->uid != effective_uid()) {
      const std::string subject = cat({section, " user=", process.user->name});
      if (effective_uid() != 0) {
        add(Grade::problem, subject,
            cat({"cannot be reached from uid ", std::to_string(effective_uid())}),
            "leave [supervisord] user= away for programs of several users, or use one user");
      } else if (!may_become_others()) {
        add(Grade::problem, subject, "root may not change its user here",
            "docker run --cap-add SETUID --cap-add SETGID, Kubernetes capabilities.add");
      }
    }
    for (const auto& [key, log] : {std::pair("stdout_logfile", &process.stdout_log),
                                   std::pair("stderr_logfile", &process.stderr_log)}) {
      if (log->kind == config::LogKind::file) {
        writable(cat({section, " ", key}), log->path);
      } else if (log->kind == config::LogKind::automatic) {
        folder_writable("[supervisord] childlogdir", config_.daemon.child_log_dir);
      }
    }
  }

  [[nodiscard]] uid_t effective_uid() const {
    return config_.daemon.user && facts_.uid == 0 ? config_.daemon.user->uid : facts_.uid;
  }

  const ContainerFacts& facts_;
  const Config& config_;
  const Probes& probes_;
  std::set<std::string> asked_;
  std::vector<Finding> findings_;
};

}  // namespace

std::vector<Finding> examine(std::span<const KillTimeout> timeouts,
                             const std::optional<std::chrono::seconds>& shutdown_deadline) {
  std::vector<Finding> findings;
  for (const KillTimeout& timeout : timeouts) {
    const std::int64_t seconds = timeout.time.count();
    std::string subject = cat({timeout.variable, "=", std::to_string(seconds)});
    const bool is_for_ever = seconds == 0;
    if (!is_for_ever && timeout.time <= kDefaultEnd) {
      findings.push_back({Grade::good, std::move(subject), "fits into the end's 9 s", ""});
    } else if (shutdown_deadline && shutdown_deadline->count() > 0) {
      const std::string most = std::to_string(shutdown_deadline->count());
      const bool fits = !is_for_ever && timeout.time <= *shutdown_deadline;
      findings.push_back(
          {fits ? Grade::good : Grade::note, std::move(subject),
           cat({fits ? "fits into" : "is cut short by", " shutdown_deadline=", most}),
           fits ? "" : "a longer shutdown_deadline=, or 0 for none"});
    } else {
      findings.push_back(
          {Grade::note, std::move(subject),
           "the end may take longer than 9 s then; docker stop kills after 10 s, Kubernetes after "
           "30 s",
           is_for_ever
               ? std::string(
                     "docker run --stop-timeout N, Kubernetes terminationGracePeriodSeconds")
               : cat({"docker run --stop-timeout ", std::to_string(seconds + 1),
                      " or more, Kubernetes terminationGracePeriodSeconds"})});
    }
  }
  return findings;
}

std::vector<Finding> examine(const ContainerFacts& facts, const Config& config,
                             const Probes& probes) {
  return Examination(facts, config, probes).run();
}

}  // namespace sv::doctor
