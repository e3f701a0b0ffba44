// A program that ends unexpectedly leaves a notice for the platform.

#include <filesystem>

#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

class Notices : public DaemonTest {
 protected:
  std::vector<std::string> notices() {
    std::vector<std::string> found;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(path("notices"), missing)) {
      if (entry.path().extension() == ".json") {
        found.push_back(read_all(entry.path()));
      }
    }
    return found;
  }
};

TEST_F(Notices, TellOfACrashWithItsLastWords) {
  configure(
      "[navi]\noutput={dir}/notices\n"
      "[program:bad]\ncommand={subject} exit 3 goodbye\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile={dir}/bad.log\n");
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:bad"});
  wait_until("a notice", [this] { return notices().size() == 1; });
  const std::string notice = notices().front();
  for (const char* part :
       {"\"eventname\":\"PROCESS_STATE_EXITED\"", "\"expected\":\"0\"", "\"processname\":\"bad\"",
        "\"Kind\":\"crash\"", "\"ExitCode\":3", "goodbye"}) {
    EXPECT_NE(notice.find(part), std::string::npos) << part << " is not in " << notice;
  }
  stop();
}

TEST_F(Notices, OfTheSameSecondDoNotReplaceEachOther) {
  configure(
      "[navi]\noutput={dir}/notices\n"
      "[program:bad]\ncommand={subject} exit 3 x\nstartsecs=0\nautorestart=false\n"
      "numprocs=20\nprocess_name=bad_%(process_num)d\nstdout_logfile=NONE\n");
  start();
  wait_until("twenty notices", [this] { return notices().size() == 20; });
  stop();
}

TEST_F(Notices, AreNotLeftForAnOrderlyStop) {
  configure(
      "[navi]\noutput={dir}/notices\n"
      "[program:good]\ncommand={subject} wait\nstdout_logfile={dir}/good.log\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:good"});
  call("supervisor.stopProcess", {"good"});
  stop();
  EXPECT_TRUE(notices().empty());
}

}  // namespace
}  // namespace sv::test
