// runit's service folders under our engine, worked by Debian's own sv.

#include <gmock/gmock.h>
#include <sys/wait.h>

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <sstream>
#include <string>
#include <utility>

#include "base/text.h"
#include "integration/my_init_fixture.h"

namespace sv::test {
namespace {

using ::testing::HasSubstr;
using ::testing::MatchesRegex;
using ::testing::Not;
using ::testing::StartsWith;

class Services : public MyInit {
 protected:
  void service(const std::string& name, const std::string& run) {
    fs::create_directories(etc("service/" + name));
    script("service/" + name + "/run", run);
  }

  struct Answer {
    int status = -1;
    std::string text;
  };
  /// The packaged sv, from outside: its folders are all it needs.
  Answer sv(const std::string& arguments, const std::string& name) const {
    const std::string command = cat({"sv ", arguments, " ", etc("service/" + name), " 2>&1"});
    Answer answer;
    std::FILE* pipe = ::popen(command.c_str(), "r");
    std::array<char, 256> buffer{};
    while (std::fgets(buffer.data(), buffer.size(), pipe) != nullptr) {
      answer.text += buffer.data();
    }
    answer.status = WEXITSTATUS(::pclose(pipe));
    // Without the folder's long name.
    const std::string path = etc("service/" + name);
    for (std::size_t at = 0; (at = answer.text.find(path)) != std::string::npos;) {
      answer.text.replace(at, path.size(), name);
    }
    return answer;
  }
  void start_services() {
    supervise("");
    start();
  }
  void wait_for_run(const std::string& name) {
    wait_for_event({"PROCESS_STATE_RUNNING", "processname:" + name + " groupname:service"});
  }
};

constexpr const char* kWait = "exec sleep 1000";

/// What reloadConfig says: "added a; changed b; removed c;".
std::string changes_of(const wire::XmlRpcValue& answer) {
  std::string text;
  const auto& lists = answer.get_if<wire::XmlRpcArray>()->at(0);
  constexpr const char* kHeads[] = {"added", " changed", " removed"};
  for (std::size_t i = 0; i < 3; ++i) {
    text += kHeads[i];
    for (const wire::XmlRpcValue& name :
         *lists.get_if<wire::XmlRpcArray>()->at(i).get_if<wire::XmlRpcArray>()) {
      text += " " + *name.get_if<std::string>();
    }
    text += ";";
  }
  return text;
}

TEST_F(Services, AreProcessesAndWaitForNoConfiguration) {
  service("one", "pwd >>$OUT; " + std::string(kWait));
  service("two", kWait);
  dir_.write("etc/service/two/down", "");
  fs::create_directory(etc("service/.hidden"));
  start_services();
  wait_for_run("one");
  EXPECT_EQ(info("service:one", "statename"), "RUNNING");
  EXPECT_EQ(info("service:two", "statename"), "STOPPED");
  wait_for_text("out", "/etc/service/one");
  stop();
}

TEST_F(Services, RunWithoutAConfigurationFile) {
  service("one", "echo up >>$OUT; " + std::string(kWait));
  start_until("out", "up");
  wait_until("sv to see it", [this] { return sv("status", "one").text.starts_with("run: one: "); });
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), 0);
}

TEST_F(Services, SvTellsTheirStatus) {
  service("one", kWait);
  service("two", kWait);
  dir_.write("etc/service/two/down", "");
  start_services();
  wait_for_run("one");
  const Answer one = sv("status", "one");
  EXPECT_EQ(one.status, 0);
  EXPECT_THAT(one.text,
              MatchesRegex(cat({"run: one: .pid ", info("service:one", "pid"), ". [0-9]+s\n"})));
  EXPECT_THAT(sv("status", "two").text, MatchesRegex("down: two: [0-9]+s\n"));
  EXPECT_EQ(read_all(etc("service/one/supervise/stat")), "run\n");
  EXPECT_EQ(read_all(etc("service/one/supervise/pid")), info("service:one", "pid") + "\n");
  EXPECT_EQ(fs::file_size(etc("service/one/supervise/status")), 20U);
  stop();
}

TEST_F(Services, SvTakesThemDownAndUp) {
  service("one", kWait);
  start_services();
  wait_for_run("one");
  const Answer down = sv("stop", "one");
  EXPECT_EQ(down.status, 0);
  EXPECT_THAT(down.text, MatchesRegex("ok: down: one: [0-9]+s, normally up\n"));
  EXPECT_EQ(info("service:one", "statename"), "STOPPED");
  const Answer up = sv("start", "one");
  EXPECT_EQ(up.status, 0);
  EXPECT_THAT(up.text, StartsWith("ok: run: one: (pid "));
  EXPECT_EQ(info("service:one", "statename"), "RUNNING");
  EXPECT_EQ(sv("down", "one").status, 0);
  wait_for_event({"PROCESS_STATE_STOPPED", "processname:one"});
  EXPECT_EQ(sv("up", "one").status, 0);
  wait_for_run("one");
  stop();
}

TEST_F(Services, SvRestartsAndTerminatesThem) {
  service("one", kWait);
  start_services();
  wait_for_run("one");
  const std::string first = info("service:one", "pid");
  // sv compares whole seconds: of one that was started in this one it would be content with the
  // old.
  wait_until("it is a second old",
             [&] { return sv("status", "one").text.find(") 0s") == std::string::npos; });
  const Answer restarted = sv("restart", "one");
  EXPECT_EQ(restarted.status, 0);
  EXPECT_THAT(restarted.text, StartsWith("ok: run: one: (pid "));
  const std::string second = info("service:one", "pid");
  EXPECT_NE(second, first);
  wait_for_run("one");
  EXPECT_EQ(sv("term", "one").status, 0);
  wait_for_event({"PROCESS_STATE_EXITED", "processname:one"});
  wait_for_run("one");
  EXPECT_NE(info("service:one", "pid"), second);
  stop();
}

TEST_F(Services, SvRunsThemOnce) {
  service("one", "echo ran >>$OUT");
  dir_.write("etc/service/one/down", "");
  start_services();
  EXPECT_EQ(sv("once", "one").status, 0);
  wait_for_event({"PROCESS_STATE_EXITED", "processname:one"});
  EXPECT_THAT(sv("status", "one").text, MatchesRegex("down: one: [0-9]+s\n"));
  EXPECT_EQ(out(), "ran\n");
  stop();
}

TEST_F(Services, SvPausesAndContinuesThem) {
  service("one", kWait);
  start_services();
  wait_for_run("one");
  EXPECT_EQ(sv("pause", "one").status, 0);
  wait_until("paused", [this] { return sv("status", "one").text.ends_with(", paused\n"); });
  EXPECT_EQ(sv("cont", "one").status, 0);
  wait_until("going on", [this] { return sv("status", "one").text.ends_with("s\n"); });
  stop();
}

TEST_F(Services, FinishIsToldHowRunEnded) {
  service("one", "exit 3");
  script("service/one/finish", "echo finish $1 $2 >>$OUT; exec sleep 0.2");
  service("two", "kill -KILL $$");
  script("service/two/finish", "echo killed $1 $2 >>$OUT");
  service("three", "true");
  script("service/three/finish", "echo never $1 $2 >>$OUT");
  fs::permissions(etc("service/three/run"), fs::perms::owner_read);
  start_services();
  wait_for_text("out", "finish 3 0\n");
  wait_for_text("out", "killed -1 9\n");
  wait_for_text("out", "never 111 0\n");
  stop();
}

TEST_F(Services, AStopRunsFinishAndWaitsForIt) {
  service("one", kWait);
  script("service/one/finish", "echo finish $1 $2 >>$OUT");
  start_services();
  wait_for_run("one");
  EXPECT_EQ(sv("stop", "one").status, 0);
  EXPECT_EQ(out(), "finish -1 15\n");
  stop();
}

TEST_F(Services, RestartsAreASecondApart) {
  service("one", "date +%s%N >>$OUT");
  start_services();
  wait_until("three runs", [this] { return std::ranges::count(out(), '\n') >= 3; });
  EXPECT_EQ(sv("stop", "one").status, 0);
  stop();
  long long previous = 0;
  std::istringstream lines(out());
  for (long long stamp = 0; lines >> stamp; previous = stamp) {
    EXPECT_TRUE(previous == 0 || stamp - previous > 900'000'000) << out();
  }
}

TEST_F(Services, ALoggerReadsWhatTheServiceWrites) {
  service("one", "echo to the log; echo to the console >&2; " + std::string(kWait));
  fs::create_directory(etc("service/one/log"));
  script("service/one/log/run", "exec cat >>$OUT");
  start_services();
  wait_for_text("out", "to the log\n");
  wait_for_text("console", "to the console\n");
  EXPECT_EQ(info("service:one-log", "statename"), "RUNNING");
  EXPECT_THAT(sv("status", "one").text,
              MatchesRegex("run: one: .pid [0-9]+. [0-9]+s; run: log: .pid [0-9]+. [0-9]+s\n"));
  // The pipe outlives the logger.
  EXPECT_EQ(sv("term", "one/log").status, 0);
  wait_for_event({"PROCESS_STATE_EXITED", "processname:one-log groupname:service"});
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:one-log groupname:service"});
  EXPECT_EQ(info("service:one", "statename"), "RUNNING");
  stop();
}

TEST_F(Services, ClientsWorkThemLikePrograms) {
  service("one", kWait);
  start_services();
  wait_for_run("one");
  call("supervisor.stopProcess", {"service:one", true});
  EXPECT_THAT(sv("status", "one").text, StartsWith("down: one: "));
  call("supervisor.startProcess", {"service:one", true});
  EXPECT_THAT(sv("status", "one").text, StartsWith("run: one: "));
  stop();
}

TEST_F(Services, AnUpdateTouchesTheChangedOnesAlone) {
  service("gone", kWait);
  service("logged", "echo first; " + std::string(kWait));
  fs::create_directory(etc("service/logged/log"));
  script("service/logged/log/run", "exec cat >>$OUT");
  service("stays", kWait);
  start_services();
  wait_for_text("out", "first\n");
  wait_for_run("stays");
  const std::string stays = info("service:stays", "pid");
  const std::string logger = info("service:logged-log", "pid");

  fs::remove_all(etc("service/gone"));
  service("new", kWait);
  dir_.write("etc/service/logged/down", "");
  const std::string answer = changes_of(call("supervisor.reloadConfig"));
  EXPECT_EQ(answer, "added service:new; changed service:logged; removed service:gone;");
  for (const char* name : {"service:gone", "service:logged"}) {
    call("supervisor.stopProcessGroup", {name});
    call("supervisor.removeProcessGroup", {name});
  }
  for (const char* name : {"service:new", "service:logged"}) {
    call("supervisor.addProcessGroup", {name});
  }
  wait_for_run("new");
  EXPECT_EQ(info("service:stays", "pid"), stays);
  EXPECT_EQ(info("service:logged-log", "pid"), logger);
  EXPECT_EQ(info("service:logged", "statename"), "STOPPED");
  // The logger still reads what the service writes.
  script("service/logged/run", "echo second; " + std::string(kWait));
  call("supervisor.startProcess", {"service:logged"});
  wait_for_text("out", "second\n");
  stop();
}

TEST_F(Services, EndTogether) {
  for (const char* name : {"a", "b", "c", "d"}) {
    service(name, "trap 'sleep 1; exit' TERM; echo up >>$OUT; while :; do sleep 0.1; done");
  }
  start_services();
  wait_until("four services", [this] { return std::ranges::count(out(), '\n') == 4; });
  const auto begin = std::chrono::steady_clock::now();
  stop();
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::milliseconds(3500));
}

TEST_F(Services, OneThatIgnoresTermIsKilledWhenTheTimeIsUp) {
  enter("export KILL_PROCESS_TIMEOUT=2");
  service("one", "trap '' TERM; echo up >>$OUT; while :; do sleep 0.1; done");
  start_services();
  wait_for_text("out", "up");
  EXPECT_THAT(sv("-w 1 stop", "one").text,
              MatchesRegex("timeout: run: one: .pid [0-9]+. [0-9]+s, want down, got TERM\n"));
  wait_for_event({"PROCESS_STATE_STOPPED", "processname:one"});
  stop();
}

TEST_F(Services, AFolderThatCannotBeWrittenIsNoObstacle) {
  service("one", "echo up >>$OUT; " + std::string(kWait));
  enter("mount -o remount,bind,ro /etc");
  start_services();
  wait_for_text("out", "up");
  EXPECT_THAT(log(), HasSubstr("service one cannot be controlled with sv: "));
  stop();
}

TEST_F(Services, SkipRunitSkipsThem) {
  service("one", "echo up >>$OUT");
  call_with("--skip-runit -- true");
  EXPECT_EQ(run_to_end(), 0);
  EXPECT_EQ(out(), "<missing>");
}

}  // namespace
}  // namespace sv::test
