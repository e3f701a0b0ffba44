#include "doctor/diagnosis.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cerrno>
#include <map>

namespace sv::doctor {
namespace {

using config::Config;
using os::ContainerFacts;

/// A container as docker makes it for root, without options.
ContainerFacts usual() {
  ContainerFacts facts;
  facts.pid = 1;
  facts.proc_mounted = true;
  facts.kernel = "6.1.0";
  facts.account = "root";
  facts.capabilities = 0xa80425fb;
  facts.input = os::StreamKind::null_device;
  facts.output = facts.error = os::StreamKind::pipe;
  facts.open_files = {1024, 4096};
  facts.cgroups.version = os::CgroupVersion::v2;
  return facts;
}

const Finding* find(const std::vector<Finding>& findings, const std::string& subject) {
  const auto found = std::ranges::find(findings, subject, &Finding::subject);
  return found != findings.end() ? &*found : nullptr;
}

Grade grade_of(const std::vector<Finding>& findings, const std::string& subject) {
  const Finding* found = find(findings, subject);
  EXPECT_NE(found, nullptr) << subject;
  return found != nullptr ? found->grade : Grade::problem;
}

TEST(Doctor, FindsNothingWrongWithAUsualContainer) {
  for (const Finding& finding : examine(usual())) {
    EXPECT_EQ(finding.grade, Grade::good) << finding.subject;
    EXPECT_EQ(finding.remedy, "") << finding.subject;
  }
}

struct Case {
  const char* subject;
  void (*change)(ContainerFacts&);
  const char* text;
};

TEST(Doctor, NamesWhatIsUnusual) {
  for (const Case& row : {
           Case{"process 1",
                [](auto& f) {
                  f.pid = 7;
                  f.may_adopt = true;
                  f.process_one = "tini -- x";
                },
                "no, it is 'tini -- x'; modinit started here (pid 7) adopts orphans of what it "
                "starts (--subreaper)"},
           {"process 1",
            [](auto& f) {
              f.pid = 7;
              f.process_one = "sh";
            },
            "no, it is 'sh'; modinit started here (pid 7) may not even adopt orphans of what it "
            "starts: --subreaper fails"},
           {"identity",
            [](auto& f) {
              f.uid = 12345;
              f.account.reset();
            },
            "uid 12345, gid 0, without an entry in /etc/passwd"},
           {"root file system", [](auto& f) { f.root_read_only = true; }, "read-only"},
           {"/proc", [](auto& f) { f.proc_mounted = false; },
            "not mounted: no CPU and memory figures, no out-of-memory verdicts"},
           {"standard streams", [](auto& f) { f.output = os::StreamKind::closed; },
            "in: /dev/null, out: closed, error: pipe: logs to /dev/stdout or /dev/stderr may be "
            "lost"},
           {"control group", [](auto& f) { f.cgroups.version = os::CgroupVersion::none; },
            "not visible: limits and out-of-memory kills cannot be told"},
       }) {
    ContainerFacts facts = usual();
    row.change(facts);
    const auto findings = examine(facts);
    const Finding* found = find(findings, row.subject);
    ASSERT_NE(found, nullptr) << row.subject;
    EXPECT_EQ(found->grade, Grade::note) << row.subject;
    EXPECT_EQ(found->text, row.text);
    EXPECT_NE(found->remedy, "") << row.subject;
  }
}

TEST(Doctor, TellsLimitsAndPrivileges) {
  ContainerFacts facts = usual();
  facts.limits.memory_bytes = 256ULL * 1024 * 1024;
  facts.limits.cpus = 1.5;
  facts.core_bytes.soft = 0;
  facts.no_new_privileges = true;
  const auto findings = examine(facts);
  EXPECT_EQ(find(findings, "control group")->text,
            "version 2, memory 256 MiB, processes unlimited, CPUs 1.50, read-only");
  EXPECT_EQ(find(findings, "limits")->text,
            "open files 1024 (up to 4096), processes unlimited, core dumps off");
  EXPECT_EQ(find(findings, "capabilities")->text,
            "CHOWN, DAC_OVERRIDE, KILL, SETGID, SETUID, NET_BIND_SERVICE; no_new_privs is set");
}

class DoctorSettings : public testing::Test {
 protected:
  DoctorSettings() {
    config.daemon.log.path = "/mnt/log/supervisord.log";
    config.daemon.pidfile = "/dev/null";
    config.daemon.user = config::UserRef{"mop", 441};
  }

  std::vector<Finding> examine_all() {
    const Probes probes{[this](const std::string& path) {
      const auto found = failures.find(path);
      return found != failures.end() ? found->second : 0;
    }};
    return examine(facts, config, probes);
  }

  config::ProcessConfig& program(const std::string& name) {
    config::GroupConfig group;
    group.name = name;
    group.processes.emplace_back();
    group.processes[0].name = group.processes[0].program = name;
    group.processes[0].stdout_log.kind = group.processes[0].stderr_log.kind = config::LogKind::none;
    config.groups.push_back(group);
    return config.groups.back().processes[0];
  }

  ContainerFacts facts = usual();
  Config config;
  std::map<std::string, int> failures;
};

TEST_F(DoctorSettings, AllWellIsToldToo) {
  const auto findings = examine_all();
  EXPECT_EQ(grade_of(findings, "[supervisord] user=mop"), Grade::good);
  EXPECT_EQ(grade_of(findings, "[supervisord] logfile=/mnt/log/supervisord.log"), Grade::good);
  EXPECT_EQ(find(findings, "[supervisord] pidfile=/dev/null"), nullptr)
      << "devices are not asked for";
  EXPECT_TRUE(std::ranges::none_of(findings, [](const Finding& f) { return !f.remedy.empty(); }));
}

TEST_F(DoctorSettings, AFileThatCannotBeWrittenSaysWhyAndWhatHelps) {
  failures["/mnt/log/supervisord.log"] = EROFS;
  config.navi.output = "/mnt/notifications";
  failures["/mnt/notifications/modinit"] = EACCES;
  const auto findings = examine_all();
  EXPECT_EQ(
      *find(findings, "[supervisord] logfile=/mnt/log/supervisord.log"),
      (Finding{Grade::problem, "[supervisord] logfile=/mnt/log/supervisord.log",
               "cannot be written: Read-only file system",
               "docker run -v VOLUME:/mnt/log or --tmpfs /mnt/log, Kubernetes: a volumeMount at "
               "/mnt/log"}));
  EXPECT_EQ(find(findings, "[navi] output=/mnt/notifications")->remedy,
            "give /mnt/notifications to the user that writes there (chown), Kubernetes: fsGroup");
}

TEST_F(DoctorSettings, AUserThatCannotBeReached) {
  facts.uid = 12345;
  EXPECT_EQ(grade_of(examine_all(), "[supervisord] user=mop"), Grade::problem);
  facts.uid = 441;
  EXPECT_EQ(grade_of(examine_all(), "[supervisord] user=mop"), Grade::good);
  facts.uid = 0;
  facts.capabilities = 0;
  const auto findings = examine_all();
  EXPECT_EQ(find(findings, "[supervisord] user=mop")->remedy,
            "docker run --cap-add SETUID --cap-add SETGID, Kubernetes capabilities.add");
}

TEST_F(DoctorSettings, RootWithoutUserIsWorthANote) {
  config.daemon.user.reset();
  EXPECT_EQ(grade_of(examine_all(), "[supervisord] user"), Grade::note);
}

TEST_F(DoctorSettings, AProgramsOwnUserNeedsRoot) {
  program("web").user = config::UserRef{"www", 33};
  const auto findings = examine_all();
  EXPECT_EQ(find(findings, "[program:web] user=www")->text, "cannot be reached from uid 441");
  config.daemon.user.reset();
  EXPECT_EQ(find(examine_all(), "[program:web] user=www"), nullptr);
}

TEST_F(DoctorSettings, LogsOfProgramsAreAskedForOnce) {
  program("a").stdout_log = {.path = "/var/log/x.log", .kind = config::LogKind::file};
  program("b").stdout_log = config.groups[0].processes[0].stdout_log;
  failures["/var/log/x.log"] = ENOENT;
  const auto findings = examine_all();
  EXPECT_EQ(grade_of(findings, "[program:a] stdout_logfile=/var/log/x.log"), Grade::problem);
  EXPECT_EQ(find(findings, "[program:b] stdout_logfile=/var/log/x.log"), nullptr);
}

TEST_F(DoctorSettings, PressureThatCannotBeWatchedIsAProblem) {
  const std::string subject = "[navi] pressure=some 15%";
  EXPECT_EQ(find(examine_all(), subject), nullptr) << "not asked for";
  config.navi.pressure = {false, std::chrono::milliseconds{300}, std::chrono::seconds{2}};
  EXPECT_EQ(grade_of(examine_all(), subject), Grade::good);
  facts.pressure_refused = "the kernel has no pressure information";
  const auto findings = examine_all();
  EXPECT_EQ(grade_of(findings, subject), Grade::problem);
  EXPECT_EQ(find(findings, subject)->text,
            "cannot be watched: the kernel has no pressure information");
  config.navi.pressure->full = true;
  EXPECT_EQ(grade_of(examine_all(), "[navi] pressure=full 15%"), Grade::problem);
}

struct TimeoutCase {
  int seconds;
  std::optional<std::chrono::seconds> deadline;
  Grade grade;
  const char* text;
  const char* remedy;
};

TEST(Doctor, TimeoutsOfTheEnvironmentNeedTheTimeTheyAskFor) {
  using std::chrono::seconds;
  constexpr const char* kLonger =
      "the end may take longer than 9 s then; docker stop kills after 10 s, Kubernetes after 30 s";
  constexpr const char* kDeadline = "a longer shutdown_deadline=, or 0 for none";
  for (const TimeoutCase& row : {
           TimeoutCase{9, std::nullopt, Grade::good, "fits into the end's 9 s", ""},
           {10, std::nullopt, Grade::note, kLonger,
            "docker run --stop-timeout 11 or more, Kubernetes terminationGracePeriodSeconds"},
           {10, seconds{0}, Grade::note, kLonger,
            "docker run --stop-timeout 11 or more, Kubernetes terminationGracePeriodSeconds"},
           {0, std::nullopt, Grade::note, kLonger,
            "docker run --stop-timeout N, Kubernetes terminationGracePeriodSeconds"},
           {25, seconds{30}, Grade::good, "fits into shutdown_deadline=30", ""},
           {31, seconds{30}, Grade::note, "is cut short by shutdown_deadline=30", kDeadline},
           {0, seconds{30}, Grade::note, "is cut short by shutdown_deadline=30", kDeadline},
       }) {
    const std::vector<KillTimeout> timeouts{{"KILL_PROCESS_TIMEOUT", seconds{row.seconds}}};
    const std::string subject = "KILL_PROCESS_TIMEOUT=" + std::to_string(row.seconds);
    EXPECT_EQ(examine(timeouts, row.deadline),
              (std::vector<Finding>{{row.grade, subject, row.text, row.remedy}}))
        << subject;
  }
}

TEST_F(DoctorSettings, SectionsAreCalledAsTheyAreWritten) {
  program("tap").user = config::UserRef{"www", 33};
  config.groups.back().event_pool = config::EventPoolConfig{};
  program("php").user = config::UserRef{"www", 33};
  config.groups.back().fcgi_socket = config::FcgiSocketConfig{};
  const auto findings = examine_all();
  EXPECT_EQ(grade_of(findings, "[eventlistener:tap] user=www"), Grade::problem);
  EXPECT_EQ(grade_of(findings, "[fcgi-program:php] user=www"), Grade::problem);
}

TEST_F(DoctorSettings, LowPortsNeedACapability) {
  config::HttpServerConfig server;
  server.section = "inet_http_server";
  server.address = config::InetAddress{"", 80};
  config.servers.push_back(server);
  EXPECT_EQ(grade_of(examine_all(), "[inet_http_server] port=80"), Grade::good);
  facts.capabilities = 0;
  EXPECT_EQ(grade_of(examine_all(), "[inet_http_server] port=80"), Grade::problem);
  facts.first_free_port = 0;
  EXPECT_EQ(grade_of(examine_all(), "[inet_http_server] port=80"), Grade::good);
}

TEST_F(DoctorSettings, LimitsThatCannotBeRaised) {
  config.daemon.min_fds = 100000;
  EXPECT_EQ(grade_of(examine_all(), "[supervisord] minfds=100000"), Grade::note) << "root may try";
  facts.uid = 441;
  const auto findings = examine_all();
  EXPECT_EQ(grade_of(findings, "[supervisord] minfds=100000"), Grade::problem);
  EXPECT_EQ(find(findings, "[supervisord] minfds=100000")->remedy,
            "docker run --ulimit nofile=100000, or lower minfds=");
}

TEST_F(DoctorSettings, AShutdownThatDockerWouldCutShort) {
  config.daemon.shutdown_deadline = std::chrono::seconds(60);
  EXPECT_EQ(find(examine_all(), "[supervisord] shutdown_deadline=60")->remedy,
            "docker run --stop-timeout 61, Kubernetes terminationGracePeriodSeconds");
  config.daemon.shutdown_deadline = std::chrono::seconds(8);
  EXPECT_EQ(find(examine_all(), "[supervisord] shutdown_deadline=8"), nullptr);
}

}  // namespace
}  // namespace sv::doctor
