// Streams as curl sees them: what happens arrives while the connection is open.

#include <signal.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <string>
#include <vector>

#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

/// curl on an address of the daemon's, until it or the daemon ends.
class Curl {
 public:
  Curl(const std::string& socket, const std::string& target, const std::string& output) {
    std::vector<std::string> words{"curl", "-sSN",          "--max-time",
                                   "60",   "--unix-socket", socket,
                                   "-o",   output,          "http://localhost" + target};
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    EXPECT_EQ(::posix_spawnp(&pid_, "curl", nullptr, nullptr, argv.data(), environ), 0);
  }
  Curl(const Curl&) = delete;
  Curl& operator=(const Curl&) = delete;
  ~Curl() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      (void)wait();
    }
  }

  /// Its exit status.
  int wait() {
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = -1;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

 private:
  pid_t pid_ = -1;
};

class Streams : public DaemonTest {};

TEST_F(Streams, OfEventsTellStatesAndEndWithTheDaemon) {
  configure("[program:web]\ncommand={subject} wait\nstartsecs=0\nautostart=false\n");
  start();
  Curl events(path("sock"), "/api/v1/events", path("states"));
  wait_for_text("states", "event: snapshot\n");
  call("supervisor.startProcess", {"web"});
  wait_for_text("states", R"("to":"RUNNING")");
  call("supervisor.stopProcess", {"web"});
  wait_for_text("states", R"("to":"STOPPED")");
  stop();
  // Cut off, as the reference cuts off its streams: a client shall connect again, not be content.
  constexpr int kPartialTransfer = 18;
  EXPECT_EQ(events.wait(), kPartialTransfer);
}

TEST_F(Streams, OfLogsGrowWithThem) {
  configure(
      "[program:web]\ncommand=/bin/sh -c 'echo first; while read line; do echo $line; done'\n"
      "startsecs=0\nstdout_logfile={dir}/web.log\nstdout_logfile_maxbytes=30\n");
  start();
  wait_for_text("web.log", "first");
  Curl classic(path("sock"), "/logtail/web/stdout", path("classic"));
  Curl modern(path("sock"), "/api/v1/programs/web/logs/stdout?follow=true", path("modern"));
  Curl main(path("sock"), "/mainlogtail", path("main"));
  wait_for_text("classic", "first\n");
  wait_for_text("modern", "first\n");
  for (const std::string line : {"second line", "third line, and rotated", "fourth"}) {
    call("supervisor.sendProcessStdin", {"web", line + "\n"});
    wait_for_text("modern", line + "\n");
    wait_for_text("classic", line + "\n");
  }
  EXPECT_NE(read_all(path("web.log.1")), "<missing>");
  call("supervisor.stopProcess", {"web"});
  wait_for_text("main", "stopped: web");
  stop();
}

}  // namespace
}  // namespace sv::test
