#include "ctl/commands.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/ctl_client.h"
#include "support/fake_daemon.h"

namespace sv::ctl {
namespace {

using test::CtlClient;
using test::CtlResult;
using test::FakeDaemon;
using wire::XmlRpcArray;
using wire::XmlRpcStruct;

XmlRpcStruct info(const std::string& group, const std::string& name, int state,
                  const std::string& statename, int pid = 0) {
  return {{"name", name},           {"group", group}, {"state", state},
          {"statename", statename}, {"pid", pid},     {"description", "text"}};
}

XmlRpcStruct result(const std::string& group, const std::string& name, int status) {
  return {{"name", name}, {"group", group}, {"status", status}, {"description", "the fault"}};
}

/// A daemon with a running cat, a group of two stopped processes, and whatever a test adds.
class CtlCommands : public testing::Test {
 protected:
  CtlCommands() {
    daemon_.answer("supervisor.getAllProcessInfo",
                   XmlRpcArray{info("cat", "cat", 20, "RUNNING", 42),
                               info("grp", "a", 0, "STOPPED"), info("grp", "b", 30, "BACKOFF")});
  }

  // Output without stderr, which only modctl has, and the exit status.
  void expect(const std::string& line, const std::string& out, int status) {
    const CtlResult result = client_.run(line);
    EXPECT_EQ(result.out, out) << line;
    EXPECT_EQ(result.status, status) << line;
    EXPECT_EQ(result.err, "") << line;
  }

  // Only the first line is compared; help follows it.
  void expect_refusal(const std::string& line, const std::string& first, int status) {
    const CtlResult result = client_.run(line);
    EXPECT_TRUE(result.out.starts_with(first + "\n")) << line << ": " << result.out;
    EXPECT_GT(result.out.size(), first.size() + 1) << line;
    EXPECT_EQ(result.status, status) << line;
  }

  FakeDaemon daemon_;
  CtlClient client_{daemon_.url()};
};

const std::string kCat = "cat                              RUNNING   text\n";
const std::string kA = "grp:a                            STOPPED   text\n";
const std::string kB = "grp:b                            BACKOFF   text\n";

TEST_F(CtlCommands, StatusShowsWhatWasAskedForInThatOrder) {
  expect("status", kCat + kA + kB, 3);
  expect("status cat", kCat, 0);
  expect("status grp:b cat", kB + kCat, 0);
  expect("status grp:*", kA + kB, 3);
  expect("status zz", "zz: ERROR (no such process)\n", 4);
  expect("status zz:*", "zz: ERROR (no such group)\n", 4);
  expect("status grp", "grp: ERROR (no such process)\n", 4);
  expect("status zz cat", "zz: ERROR (no such process)\n" + kCat, 4);
  expect("status zz grp:a", "zz: ERROR (no such process)\n" + kA, 3);
  expect("status zz all", kCat + kA + kB, 3);
}

TEST_F(CtlCommands, StatusOfNothingIsFine) {
  daemon_.answer("supervisor.getAllProcessInfo", XmlRpcArray{});
  expect("status", "", 0);
}

TEST_F(CtlCommands, PidPrintsOneNumberALine) {
  daemon_.answer("supervisor.getPID", 7);
  daemon_.on("supervisor.getProcessInfo", [](const XmlRpcArray& params) -> wire::XmlRpcReply {
    const auto& name = *params.at(0).get_if<std::string>();
    if (name == "zz") {
      return tl::unexpected(wire::XmlRpcFault{10, "BAD_NAME: zz"});
    }
    return wire::XmlRpcValue(info(name, name, 20, "RUNNING", name == "cat" ? 42 : 0));
  });
  expect("pid", "7\n", 0);
  expect("pid all", "42\n0\n0\n", 0);
  expect("pid cat", "42\n", 0);
  expect("pid off", "0\n", 7);
  expect("pid zz cat", "No such process zz\n42\n", 1);
  expect("pid zz off", "No such process zz\n0\n", 7);
}

TEST_F(CtlCommands, StartReportsEveryProcessOnItsOwn) {
  daemon_.answer("supervisor.startProcess", true);
  daemon_.answer("supervisor.startProcessGroup",
                 XmlRpcArray{result("grp", "b", 80), result("grp", "a", 50)});
  daemon_.answer("supervisor.startAllProcesses",
                 XmlRpcArray{result("x", "x", 20), result("cat", "cat", 60)});
  expect("start cat grp:*", "cat: started\ngrp:b: started\ngrp:a: ERROR (spawn error)\n", 7);
  expect("start cat all", "x: ERROR (no such file)\ncat: ERROR (already started)\n", 1);
  EXPECT_EQ(daemon_.calls(), (std::vector<std::string>{
                                 "supervisor.getVersion()", "supervisor.startProcess(cat)",
                                 "supervisor.startProcessGroup(grp)", "supervisor.getVersion()",
                                 "supervisor.startAllProcesses()"}));
}

struct FaultCase {
  std::string line;
  std::string method;
  int code;
  std::string out;
  int status;
};

class CtlFaults : public CtlCommands, public testing::WithParamInterface<FaultCase> {};

TEST_P(CtlFaults, BecomeALineAndAnExitStatus) {
  const FaultCase& row = GetParam();
  daemon_.refuse("supervisor." + row.method, row.code, "the fault");
  expect(row.line, row.out, row.status);
}

INSTANTIATE_TEST_SUITE_P(
    Lifecycle, CtlFaults,
    testing::Values(
        FaultCase{"start zz:a", "startProcess", 10, "zz:a: ERROR (no such process)\n", 1},
        FaultCase{"start zz:*", "startProcessGroup", 10, "zz: ERROR (no such group)\n", 2},
        FaultCase{"start x", "startProcess", 60, "x: ERROR (already started)\n", 0},
        FaultCase{"start x", "startProcess", 40, "x: ERROR (abnormal termination)\n", 7},
        FaultCase{"start x", "startProcess", 6,
                  "error: <class 'ValueError'>, Unknown result code 6 for x\n", 1},
        FaultCase{"start x:*", "startProcessGroup", 6,
                  "error: <class 'xmlrpc.client.Fault'>, <Fault 6: 'the fault'>\n", 1},
        FaultCase{"stop zz", "stopProcess", 10, "zz: ERROR (no such process)\n", 1},
        FaultCase{"stop zz:*", "stopProcessGroup", 10, "zz: ERROR (no such group)\n", 1},
        FaultCase{"stop x", "stopProcess", 70, "x: ERROR (not running)\n", 0},
        FaultCase{"stop x", "stopProcess", 30, "the fault\n", 1},
        FaultCase{"signal HUP x", "signalProcess", 70, "x: ERROR (not running)\n", 7},
        FaultCase{"signal BAD x", "signalProcess", 11, "x: ERROR (bad signal name)\n", 1},
        FaultCase{"signal HUP x:", "signalProcessGroup", 10, "x: ERROR (no such group)\n", 1},
        FaultCase{"clear x", "clearProcessLogs", 30, "x: ERROR (failed)\n", 1},
        FaultCase{"clear x:*", "clearProcessLogs", 10, "x:*: ERROR (no such process)\n", 1}));

INSTANTIATE_TEST_SUITE_P(
    Others, CtlFaults,
    testing::Values(
        FaultCase{"avail", "getAllConfigInfo", 6, "ERROR: supervisor shutting down\n", 1},
        FaultCase{"reread", "reloadConfig", 6, "ERROR: supervisor shutting down\n", 1},
        FaultCase{"reread", "reloadConfig", 92, "ERROR: the fault\n", 1},
        FaultCase{"update", "reloadConfig", 6, "ERROR: already shutting down\n", 1},
        FaultCase{"update", "reloadConfig", 92,
                  "error: <class 'xmlrpc.client.Fault'>, <Fault 92: 'the fault'>\n", 1},
        FaultCase{"add x", "addProcessGroup", 6, "ERROR: shutting down\n", 1},
        FaultCase{"add x", "addProcessGroup", 90, "ERROR: process group already active\n", 0},
        FaultCase{"add x", "addProcessGroup", 10, "ERROR: no such process/group: x\n", 1},
        FaultCase{"remove x", "removeProcessGroup", 91, "ERROR: process/group still running: x\n",
                  1},
        FaultCase{"remove x", "removeProcessGroup", 10, "ERROR: no such process/group: x\n", 1},
        FaultCase{"shutdown", "shutdown", 6, "ERROR: already shutting down\n", 0},
        FaultCase{"reload", "restart", 6, "ERROR: already shutting down\n", 1},
        FaultCase{"tail x", "readProcessStdoutLog", 20, "x: ERROR (no log file)\n", 1},
        FaultCase{"tail x", "readProcessStdoutLog", 10, "x: ERROR (no such process name)\n", 1},
        FaultCase{"tail x stderr", "readProcessStderrLog", 30,
                  "x: ERROR (unknown error reading log)\n", 1},
        FaultCase{"tail x", "readProcessStdoutLog", 3,
                  "error: <class 'xmlrpc.client.Fault'>, <Fault 3: 'the fault'>\n", 1},
        FaultCase{"maintail", "readLog", 20, "supervisord: ERROR (no log file)\n", 1},
        FaultCase{"maintail", "readLog", 10,
                  "error: <class 'xmlrpc.client.Fault'>, <Fault 10: 'the fault'>\n", 1},
        FaultCase{"fg x", "getProcessInfo", 10, "ERROR: bad process name supplied\n", 1}));

TEST_F(CtlCommands, RestartIsStopAndStart) {
  daemon_.refuse("supervisor.stopProcess", 70, "NOT_RUNNING: x");
  daemon_.answer("supervisor.startProcess", true);
  expect("restart x", "x: ERROR (not running)\nx: started\n", 0);
  daemon_.refuse("supervisor.stopProcessGroup", 10, "BAD_NAME");
  daemon_.refuse("supervisor.startProcessGroup", 10, "BAD_NAME");
  expect("restart x:*", "x: ERROR (no such group)\nx: ERROR (no such group)\n", 2);
}

TEST_F(CtlCommands, TailTurnsItsArgumentIntoAnOffset) {
  daemon_.answer("supervisor.readProcessStdoutLog", "text");
  daemon_.answer("supervisor.readProcessStderrLog", "errors");
  daemon_.answer("supervisor.readLog", "log");
  expect("tail x", "text\n", 0);
  expect("tail -5 x", "text\n", 0);
  expect("tail --5 x STDERR", "errors\n", 0);
  expect("tail -0 x", "text\n", 0);
  expect("tail -99999999999 x", "text\n", 0);
  expect("maintail -3", "log\n", 0);
  std::vector<std::string> calls = daemon_.calls();
  std::erase(calls, "supervisor.getVersion()");
  EXPECT_EQ(calls, (std::vector<std::string>{"supervisor.readProcessStdoutLog(x, -1600, 0)",
                                             "supervisor.readProcessStdoutLog(x, -5, 0)",
                                             "supervisor.readProcessStderrLog(x, 5, 0)",
                                             "supervisor.readProcessStdoutLog(x, 0, 0)",
                                             "supervisor.readProcessStdoutLog(x, -2147483647, 0)",
                                             "supervisor.readLog(-3, 0)"}));
}

TEST_F(CtlCommands, WrongUseOfTailIsRefused) {
  expect_refusal("tail", "Error: too few arguments", 1);
  expect_refusal("tail a b c d", "Error: too many arguments", 1);
  expect_refusal("maintail a b", "Error: too many arguments", 1);
  expect("tail -f", "Error: tail requires process name\n", 1);
  expect("tail -x a", "Error: bad argument -x\n", 1);
  expect("tail - a", "Error: bad argument -\n", 1);
  expect("tail a Foo", "Error: bad channel 'foo'\n", 1);
  expect("maintail 5", "Error: bad argument 5\n", 1);
}

TEST_F(CtlCommands, WrongUseIsRefusedWithHelp) {
  expect_refusal("start", "Error: start requires a process name", 2);
  expect_refusal("stop", "Error: stop requires a process name", 1);
  expect_refusal("restart", "Error: restart requires a process name", 1);
  expect_refusal("clear", "Error: clear requires a process name", 1);
  expect_refusal("signal HUP", "Error: signal requires a signal name and a process name", 1);
  expect_refusal("fg", "ERROR: no process name supplied", 1);
  for (const std::string verb : {"avail", "reread", "version", "shutdown", "reload"}) {
    expect_refusal(verb + " x", "Error: " + verb + " accepts no arguments", 1);
  }
  expect("fg a b", "ERROR: too many process names supplied\n", 1);
}

TEST_F(CtlCommands, RereadSortsByName) {
  daemon_.answer(
      "supervisor.reloadConfig",
      XmlRpcArray{XmlRpcArray{XmlRpcArray{"z", "a"}, XmlRpcArray{"m"}, XmlRpcArray{"b"}}});
  expect("reread", "a: available\nb: disappeared\nm: changed\nz: available\n", 0);
  daemon_.answer("supervisor.reloadConfig",
                 XmlRpcArray{XmlRpcArray{XmlRpcArray{}, XmlRpcArray{}, XmlRpcArray{}}});
  expect("reread", "No config updates to processes\n", 0);
}

class CtlUpdate : public CtlCommands {
 protected:
  CtlUpdate() {
    daemon_.answer(
        "supervisor.reloadConfig",
        XmlRpcArray{XmlRpcArray{XmlRpcArray{"new"}, XmlRpcArray{"cat"}, XmlRpcArray{"grp"}}});
    daemon_.answer("supervisor.stopProcessGroup", XmlRpcArray{result("x", "x", 80)});
    daemon_.answer("supervisor.removeProcessGroup", true);
    daemon_.answer("supervisor.addProcessGroup", true);
  }
};

TEST_F(CtlUpdate, RemovesThenReplacesThenAdds) {
  expect("update",
         "grp: stopped\ngrp: removed process group\ncat: stopped\ncat: updated process group\n"
         "new: added process group\n",
         0);
}

TEST_F(CtlUpdate, IsRestrictedToTheGroupsNamed) {
  expect("update new zz", "ERROR: no such group: zz\nnew: added process group\n", 1);
  expect("update grp", "grp: stopped\ngrp: removed process group\n", 0);
  const CtlResult all = client_.run("update all grp");
  EXPECT_NE(all.out.find("new: added"), std::string::npos) << "all is everything";
}

TEST_F(CtlUpdate, KeepsAGroupThatCannotBeStopped) {
  daemon_.answer("supervisor.stopProcessGroup", XmlRpcArray{result("grp", "a", 30)});
  expect("update grp", "grp: stopped\ngrp: has problems; not removing\n", 1);
}

TEST_F(CtlUpdate, StopsAtTheFirstSurprise) {
  daemon_.refuse("supervisor.removeProcessGroup", 91, "STILL_RUNNING: grp");
  expect("update",
         "grp: stopped\nerror: <class 'xmlrpc.client.Fault'>, <Fault 91: 'STILL_RUNNING: grp'>\n",
         1);
}

TEST_F(CtlCommands, AvailListsTheConfiguration) {
  daemon_.answer("supervisor.getAllConfigInfo", XmlRpcArray{XmlRpcStruct{{"name", "a"},
                                                                         {"group", "grp"},
                                                                         {"inuse", true},
                                                                         {"autostart", false},
                                                                         {"group_prio", 10},
                                                                         {"process_prio", 5}}});
  expect("avail", "grp:a                            in use    manual    10:5\n", 0);
}

TEST_F(CtlCommands, VersionIsTheServersAnswer) {
  daemon_.answer("supervisor.getSupervisorVersion", "4.2.5");
  expect("version", "4.2.5\n", 0);
}

TEST_F(CtlCommands, AnotherApiVersionIsNotTalkedTo) {
  daemon_.answer("supervisor.getVersion", "4.0");
  const CtlResult result = client_.run("pid");
  EXPECT_EQ(result.status, 5);
  EXPECT_NE(result.out.find("3.0"), std::string::npos);
  EXPECT_NE(result.out.find("4.0"), std::string::npos);
  EXPECT_EQ(client_.run("status").status, 4);
}

TEST_F(CtlCommands, AServerWithoutOurMethodsIsNamed) {
  daemon_.refuse("supervisor.getVersion", 1, "UNKNOWN_METHOD");
  const CtlResult result = client_.run("start x");
  EXPECT_TRUE(result.out.starts_with("Sorry, supervisord responded but did not recognize"));
  EXPECT_EQ(result.status, 3);
  EXPECT_EQ(client_.run("status").status, 4);
}

TEST_F(CtlCommands, UnknownWordsAreRefused) {
  expect("foo", "*** Unknown syntax: foo\n", 1);
  expect("STATUS", "*** Unknown syntax: STATUS\n", 1);
  expect("  foo bar ", "*** Unknown syntax: foo bar\n", 1);
  expect("!ls", "*** Unknown syntax: !ls\n", 1);
  expect("-x", "*** Unknown syntax: -x\n", 1);
  expect("", "", 0);
  expect("   ", "", 0);
  expect("? foo", "*** No help on foo\n", 0);
  expect("help start stop", "*** No help on start stop\n", 0);
  expect("quit", "\n", 0);
}

TEST(CtlHelp, ListsTheCommandsInColumns) {
  CtlClient client("unix:///none");
  EXPECT_EQ(client.run("help").out,
            "\ndefault commands (type help <topic>):\n"
            "=====================================\n"
            "add    exit      open  reload  restart   start   tail   \n"
            "avail  fg        pid   remove  shutdown  status  update \n"
            "clear  maintail  quit  reread  signal    stop    version\n\n");
}

TEST(CtlHelp, ExplainsEveryCommand) {
  CtlClient client("unix:///none");
  client.settings.dialect = Dialect::modctl;
  for (const Command* command : commands(Dialect::modctl)) {
    if (command->verb == "EOF") {
      continue;
    }
    const CtlResult result = client.run("help " + std::string(command->verb));
    EXPECT_TRUE(result.out.starts_with(command->verb)) << command->verb;
    EXPECT_TRUE(result.out.ends_with('\n'));
    EXPECT_EQ(result.status, 0);
  }
}

struct Unreachable {
  std::string line;
  std::string out;
  int status;
};

TEST(CtlWithoutDaemon, SaysSoWithTheReferencesExitCodes) {
  const test::TempDir dir;
  const std::string url = "unix://" + (dir / "s");
  CtlClient client(url);
  const std::string missing = url + " no such file\n";
  const std::string error =
      "error: <class 'FileNotFoundError'>, [Errno 2] No such file or directory\n";
  for (const Unreachable& row :
       {Unreachable{"status", missing, 4},
        {"start", missing, 7},
        {"stop x", missing, 7},
        {"restart x", missing, 7},
        {"signal HUP x", missing, 7},
        {"clear x", missing, 7},
        {"tail x", missing, 7},
        {"tail -f x", missing, 7},
        {"maintail", missing, 7},
        {"fg x", missing, 7},
        {"pid", missing, 7},
        {"version", missing, 7},
        {"avail", error, 1},
        {"reread", error, 1},
        {"update", error, 1},
        {"add x", error, 1},
        {"remove x", error, 1},
        {"reload", error, 1},
        {"shutdown", "ERROR: " + url + " no such file (already shut down?)\n", 1},
        {"open " + url, missing, 0}}) {
    const CtlResult result = client.run(row.line);
    EXPECT_EQ(result.out, row.out) << row.line;
    EXPECT_EQ(result.status, row.status) << row.line;
    EXPECT_EQ(result.err, "") << "hints are modctl's";
  }
  dir.write("s", "");
  EXPECT_EQ(client.run("status").out, url + " refused connection\n");
  EXPECT_EQ(client.run("version").status, 4);
  EXPECT_EQ(client.run("status").status, 4);
}

TEST(CtlWithoutDaemon, ModctlExplains) {
  const test::TempDir dir;
  CtlClient client("unix://" + (dir / "s"));
  client.settings.dialect = Dialect::modctl;
  for (const char* line : {"status", "start x", "avail", "shutdown"}) {
    EXPECT_TRUE(client.run(line).err.starts_with("hint: there is no ")) << line;
  }
  EXPECT_EQ(client.run("foo").err, "");
}

TEST_F(CtlCommands, OpenRefusesOtherSchemes) {
  expect("open ftp://x", "ERROR: url must be http:// or unix://\n", 1);
  expect("open foo", "ERROR: url must be http:// or unix://\n", 1);
  expect("open " + daemon_.url(), kCat + kA + kB, 0);
}

TEST_F(CtlCommands, MissingCredentialsAreAnErrorForAScript) {
  daemon_.answer_raw("HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n");
  expect("version",
         "Server requires authentication\nerror: <class 'xmlrpc.client.ProtocolError'>, "
         "<ProtocolError for 127.0.0.1/RPC2: 401 Unauthorized>\n",
         1);
}

TEST_F(CtlCommands, ConfirmationsAreOnlyForPeople) {
  daemon_.answer("supervisor.shutdown", true);
  daemon_.answer("supervisor.restart", true);
  expect("shutdown", "Shut down\n", 0);
  expect("reload", "Restarted supervisord\n", 0);
  client_.settings.interactive = true;
  const std::string question = "Really shut the remote supervisord process down y/N? ";
  EXPECT_EQ(client_.run("shutdown", "n\n"), (CtlResult{question, "", 0}));
  EXPECT_EQ(client_.run("shutdown", "\n"), (CtlResult{question, "", 0}));
  EXPECT_EQ(client_.run("shutdown", "Yes\n"), (CtlResult{question + "Shut down\n", "", 0}));
  EXPECT_EQ(client_.run("shutdown", ""),
            (CtlResult{question + "error: <class 'EOFError'>, EOF when reading a line\n", "", 1}));
  EXPECT_EQ(client_.run("reload", "y\n").out,
            "Really restart the remote supervisord process y/N? Restarted supervisord\n");
}

TEST_F(CtlCommands, TheShellShowsTheStatusFirstAndEndsWithAnEmptyLine) {
  EXPECT_EQ(client_.run(std::nullopt, "").out, kCat + kA + kB + "supervisor> \n");
  EXPECT_EQ(client_.run(std::nullopt, "status cat\n\nfoo\nquit\nstatus\n").out,
            kCat + kA + kB + "supervisor> " + kCat + "supervisor> supervisor> " +
                "*** Unknown syntax: foo\nsupervisor> \n");
}

TEST_F(CtlCommands, EveryCommandHasAConnectionOfItsOwn) {
  (void)client_.run(std::nullopt, "status\nstatus\n");
  EXPECT_EQ(daemon_.connections(), 3U);
}

}  // namespace
}  // namespace sv::ctl
