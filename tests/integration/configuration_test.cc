// A bad configuration never starts half, and a failing reload leaves everything running.

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <fstream>

#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

class Configuration : public DaemonTest {};

TEST_F(Configuration, WithMistakesEndsWithStatus2AndNamesThemAll) {
  configure(
      "[program:one]\ncommand=/bin/cat\nstartsecs=soon\n"
      "[program:two]\nautostart=true\n");
  EXPECT_EQ(run_to_end(), 2);
  const std::string console = read_all(path("console"));
  EXPECT_NE(console.find("Error: invalid literal for int() with base 10: 'soon'"),
            std::string::npos)
      << console;
  EXPECT_NE(console.find("[program:one] startsecs"), std::string::npos) << console;
  EXPECT_NE(console.find("does not specify a command"), std::string::npos) << console;
  EXPECT_EQ(read_all(path("log")), "<missing>");
}

TEST_F(Configuration, IsCheckedWithoutStarting) {
  configure("[program:one]\ncommand=/bin/cat\nautosart=true\n");
  EXPECT_EQ(run_to_end({"--check"}), 0);
  const std::string console = read_all(path("console"));
  EXPECT_NE(console.find("valid"), std::string::npos) << console;
  EXPECT_NE(console.find("autostart"), std::string::npos) << "no hint for the typo: " << console;
  EXPECT_EQ(read_all(path("log")), "<missing>");
}

TEST_F(Configuration, ThatBreaksOnReloadChangesNothing) {
  expect_errors();
  configure("[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  const std::string pid = info("web", "pid");
  configure("[program:web]\ncommand={subject} wait\nstartsecs=x\n");
  send_signal(SIGHUP);
  wait_for_text("log", "cannot reload");
  EXPECT_EQ(info("web", "pid"), pid);
  EXPECT_EQ(fault_of("supervisor.restart").substr(0, 16), "92 CANT_REREAD: ");
  EXPECT_EQ(info("web", "pid"), pid);
  stop();
}

TEST_F(Configuration, IsReadAnewOnHup) {
  configure("[program:old]\ncommand={subject} wait\nstdout_logfile={dir}/old.log\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:old"});
  configure("[program:fresh]\ncommand={subject} wait\nstdout_logfile={dir}/fresh.log\n");
  send_signal(SIGHUP);
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:fresh"});
  EXPECT_EQ(info("fresh", "statename"), "RUNNING");
  EXPECT_EQ(fault_of("supervisor.getProcessInfo", {"old"}), "10 BAD_NAME: old");
  EXPECT_EQ(call("supervisor.getPID"), wire::XmlRpcValue(1));
  stop();
}

TEST_F(Configuration, OfAnotherFileIsReadWhereOneIsMissing) {
  configure(
      "[DEFAULT]\nredirect_stderr=auto\nstartsecs=0\n"
      "[include]\nfiles=own.conf\notherwise=usual.conf\n");
  const auto write = [this](const std::string& name, const std::string& command) {
    std::ofstream(path(name + ".conf")) << "[program:" << name << "]\ncommand=" << command
                                        << "\nstdout_logfile=" << path(name + ".log") << '\n';
  };
  write("usual", "/bin/sleep 1000");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:usual"});
  write("own", "/bin/sh -c 'echo loud >&2; exec sleep 1000'");
  using wire::XmlRpcArray;
  EXPECT_EQ(call("supervisor.reloadConfig"),
            wire::XmlRpcValue(
                XmlRpcArray{XmlRpcArray{XmlRpcArray{"own"}, XmlRpcArray{}, XmlRpcArray{"usual"}}}));
  EXPECT_EQ(call("supervisor.addProcessGroup", {"own"}), wire::XmlRpcValue(true));
  wait_for_text("own.log", "loud");
  stop();
}

TEST_F(Configuration, OfAnUnknownUserIsRefused) {
  daemon_options("user=nobody-of-that-name");
  configure("");
  EXPECT_EQ(run_to_end(), 2);
  EXPECT_NE(read_all(path("console")).find("Invalid user name nobody-of-that-name"),
            std::string::npos)
      << read_all(path("console"));
}

TEST_F(Configuration, WithASocketSomebodyHasIsRefused) {
  configure("");
  // A plain file in the socket's place is not ours to remove.
  std::ofstream(path("sock")) << "precious";
  EXPECT_EQ(run_to_end(), 2);
  EXPECT_EQ(read_all(path("sock")), "precious");
  EXPECT_NE(read_all(path("console")).find(path("sock")), std::string::npos)
      << read_all(path("console"));
}

TEST_F(Configuration, WithAnUnwritableLogFolderSaysSo) {
  configure("");
  ASSERT_EQ(::mkdir(path("log").c_str(), 0755), 0);  // a directory where the log should be
  EXPECT_EQ(run_to_end(), 2);
  EXPECT_NE(read_all(path("console")).find(path("log")), std::string::npos)
      << read_all(path("console"));
}

TEST_F(Configuration, ProblemsOfOneProgramLeaveTheOthersAlone) {
  configure(
      "[program:missing]\ncommand=/no/such/program\nstartretries=0\n"
      "[program:nowhere]\ncommand={subject} wait\ndirectory=/no/such/place\nstartretries=0\n"
      "[program:nolog]\ncommand={subject} wait\nstdout_logfile={dir}/sub/x.log\n"
      "startretries=0\n"
      "[program:web]\ncommand={subject} wait\nstdout_logfile={dir}/web.log\n");
  ASSERT_EQ(::mkdir(path("sub").c_str(), 0777), 0);
  ASSERT_EQ(::mkdir(path("sub/x.log").c_str(), 0777), 0);
  start();
  wait_for_event({"PROCESS_STATE_FATAL", "processname:missing"});
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  EXPECT_EQ(info("missing", "spawnerr"), "can't find command '/no/such/program'");
  EXPECT_EQ(info("nowhere", "spawnerr"), "couldn't chdir to /no/such/place: ENOENT");
  EXPECT_EQ(info("nolog", "spawnerr"), "unknown error making dispatchers for 'nolog': EISDIR");
  EXPECT_EQ(fault_of("supervisor.startProcess", {"missing"}),
            "20 NO_FILE: can't find command '/no/such/program'");
  stop();
}

}  // namespace
}  // namespace sv::test
