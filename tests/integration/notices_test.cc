// A program that ends unexpectedly leaves a notice for the platform.

#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <utility>

#include "base/text.h"
#include "integration/notices_fixture.h"

namespace sv::test {
namespace {

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

/// The original's N3: with its usual subscription such a crash went unseen.
TEST_F(Notices, TellOfACrashDuringStartUp) {
  configure(
      "[navi]\noutput={dir}/notices\n"
      "[program:never]\ncommand={subject} exit 3 x\nstartsecs=60\nstartretries=0\n"
      "stdout_logfile=NONE\n");
  start();
  wait_until("two notices", [this] { return notices().size() == 2; });
  for (const auto& [kind, event] :
       {std::pair(R"("Kind":"crash","Phase":"starting")", "PROCESS_STATE_BACKOFF"),
        std::pair(R"("Kind":"fatal")", "PROCESS_STATE_FATAL")}) {
    EXPECT_TRUE(std::ranges::any_of(notices(), [&](const std::string& notice) {
      return notice.find(kind) != std::string::npos && notice.find(event) != std::string::npos;
    })) << kind;
  }
  stop();
}

/// The original's N17: where the daemon is another user than the program, so are its notices.
TEST_F(Notices, OfAnotherUserAreOutOfTheProgramsReach) {
  with_mop();
  std::filesystem::permissions(dir_.path(), std::filesystem::perms(0755));
  dir_.write("vandal", cat({"cd ", path("notices"),
                            "\nfor file in *.json; do\n"
                            "test -r $file && echo sees $file\n"
                            "rm -f $file && echo removed\n"
                            "mv $file $file.old && echo renamed\n"
                            "echo x >>$file && echo changed\n"
                            "done\necho x >9999999999.json && echo forged\necho done\n"}));
  configure(
      "[navi]\noutput={dir}/notices\n"
      "[program:bad]\ncommand={subject} exit 3 x\nuser=mop\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile=NONE\n"
      "[program:vandal]\ncommand=/bin/sh {dir}/vandal\nuser=mop\nstartsecs=0\n"
      "autostart=false\nautorestart=false\n"
      "stdout_logfile={dir}/vandal.out\nstderr_logfile=NONE\n");
  start();
  wait_until("a notice", [this] { return notices().size() == 1; });
  const std::string before = notices().front();
  call("supervisor.startProcess", {"vandal"});
  wait_for_text("vandal.out", "done");
  const std::string outcome = read_all(path("vandal.out"));
  EXPECT_TRUE(outcome.starts_with("sees ") && outcome.ends_with(".json\ndone\n")) << outcome;
  EXPECT_EQ(notices(), std::vector{before});
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

TEST_F(Notices, HaveTheLastWordsWhereverTheOutputGoes) {
  expect_errors();  // no syslog here
  dir_.script(
      "bad",
      "#!/bin/sh\necho the output\nprintf '\\033[31mthe error\\377\\033[0m\\n' >&2\nexit 3\n");
  const auto program = [this](const std::string& name, const std::string& keys) {
    return cat({"[program:", name, "]\ncommand=", path("bad"), "\nstartsecs=0\nautorestart=false\n",
                keys});
  };
  configure("[navi]\noutput={dir}/notices\n" +
            program("nowhere", "stdout_logfile=NONE\nstderr_logfile=NONE\n") +
            program("stdout",
                    "stdout_logfile=/dev/stdout\nstdout_logfile_maxbytes=0\n"
                    "stderr_logfile=/dev/stderr\nstderr_logfile_maxbytes=0\n") +
            program("syslog", "stdout_logfile=syslog\nstderr_logfile=syslog\n") +
            program("both", "stdout_logfile={dir}/both.log\nredirect_stderr=true\n"));
  start();
  wait_until("four notices", [this] { return notices().size() == 4; });
  int separate = 0;
  for (const std::string& notice : notices()) {
    EXPECT_NE(notice.find("the output\\n"), std::string::npos) << notice;
    EXPECT_NE(notice.find("the error\xEF\xBF\xBD\\n"), std::string::npos) << notice;
    separate += notice.find("\"Stderr\":{") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(separate, 3);
  stop();
}

TEST_F(Notices, OfAnOperatorsKillAreNotAboutMemory) {
  configure(
      "[navi]\noutput={dir}/notices\n"
      "[program:app]\ncommand={subject} wait\nstdout_logfile={dir}/app.log\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:app"});
  call("supervisor.signalProcess", {"app", "KILL"});
  wait_until("a notice", [this] { return notices().size() == 1; });
  const std::string notice = notices().front();
  EXPECT_NE(notice.find("\"Kind\":\"crash\""), std::string::npos) << notice;
  EXPECT_NE(notice.find("\"SignalName\":\"SIGKILL\""), std::string::npos) << notice;
  EXPECT_TRUE(notice.find("\"Verdict\":\"none\"") != std::string::npos ||
              notice.find("\"Verdict\":\"unknown\"") != std::string::npos)
      << notice;
  EXPECT_NE(notice.find("\"MaxRssBytes\":"), std::string::npos) << notice;
  EXPECT_NE(notice.find("\"WillRestart\":true"), std::string::npos) << notice;
  // It was started again at once, but it is the run that ended that is told of: a second to become
  // RUNNING.
  const std::string key = "\"UptimeSeconds\":";
  ASSERT_NE(notice.find(key), std::string::npos) << notice;
  EXPECT_GE(std::stod(notice.substr(notice.find(key) + key.size())), 1.0) << notice;
  stop();
}

TEST_F(Notices, AreLimitedForEachProgramAndKind) {
  configure(
      "[navi]\noutput={dir}/notices\nrate_limit=3\nrate_window=3600\n"
      "[program:loop]\ncommand={subject} exit 3 x\nstartsecs=0\nautorestart=true\n"
      "stdout_logfile=NONE\n"
      "[program:never]\ncommand={subject} exit 1 x\nstartretries=1\nstdout_logfile=NONE\n");
  start();
  wait_for_event({"PROCESS_STATE_FATAL", "processname:never"});
  for (int i = 0; i < 10; ++i) {
    wait_for_event({"PROCESS_STATE_EXITED", "processname:loop"});
  }
  int loop = 0;
  int fatal = 0;
  for (const std::string& notice : notices()) {
    loop += notice.find("\"processname\":\"loop\"") != std::string::npos ? 1 : 0;
    fatal += notice.find("\"Kind\":\"fatal\"") != std::string::npos ? 1 : 0;
  }
  EXPECT_EQ(loop, 3);
  EXPECT_EQ(fatal, 1) << "not suppressed by crashes";
  stop();
}

TEST_F(Notices, WithoutLimitsAreAllWritten) {
  expect_errors();  // the tap cannot keep up
  configure(
      "[navi]\noutput={dir}/notices\nrate_limit=0\nmax_files=0\nmax_bytes=0\n"
      "[program:bad]\ncommand={subject} exit 3 x\nstartsecs=0\nautorestart=false\n"
      "numprocs=1000\nprocess_name=bad_%(process_num)d\nstdout_logfile=NONE\n");
  start();
  wait_until("a thousand notices", [this] { return notices().size() == 1000; });
  stop();
}

TEST_F(Notices, OfEventsThatWereAskedForAreWrittenAndOthersAreNot) {
  configure(
      "[navi]\noutput={dir}/notices\nevents=PROCESS_STATE_RUNNING,PROCESS_STATE_STOPPED\n"
      "[program:good]\ncommand={subject} wait\nstdout_logfile={dir}/good.log\n"
      "[program:bad]\ncommand={subject} exit 3 x\nstartsecs=0\nautorestart=false\n"
      "stdout_logfile=NONE\n");
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:bad"});
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:good"});
  call("supervisor.stopProcess", {"good"});
  wait_for_event({"PROCESS_STATE_STOPPED", "processname:good"});
  std::string all;
  for (const std::string& notice : notices()) {
    all += notice + "\n";
  }
  EXPECT_NE(all.find("\"eventname\":\"PROCESS_STATE_STOPPED\""), std::string::npos) << all;
  EXPECT_NE(all.find("\"eventname\":\"PROCESS_STATE_RUNNING\""), std::string::npos) << all;
  EXPECT_EQ(all.find("PROCESS_STATE_EXITED"), std::string::npos) << all;
  stop();
}

constexpr const char* kBad =
    "[program:bad]\ncommand={subject} exit 3 goodbye\nstartsecs=0\nautorestart=false\n"
    "stdout_logfile=NONE\n";

TEST_F(Notices, AreGivenToACommand) {
  dir_.script("take", cat({"#!/bin/sh\ncat >>", path("taken"), "\necho >>", path("taken"),
                           "\n[ -t 1 ] && echo terminal >>", path("taken"), "\nexit 7\n"}));
  configure(cat({"[navi]\nexec=", path("take"), " --an 'argument or two'\n", kBad}));
  start();
  wait_for_text("taken", "\"Kind\":\"crash\"");
  EXPECT_NE(read_all(path("taken")).find("goodbye"), std::string::npos);
  wait_until("its failure to be told", [this] {
    return log().find("[navi] exec=" + path("take") +
                      " --an 'argument or two': ended with exit status 7") != std::string::npos;
  });
  stop();
}

TEST_F(Notices, ACommandThatHangsIsKilledAndTheOthersHaveTheirTurn) {
  dir_.script("hang", cat({"#!/bin/sh\ncat >>", path("taken"), "\nsleep 1000\n"}));
  configure(cat({"[navi]\nexec=", path("hang"), "\nexec_timeout=1\n",
                 "[program:bad]\ncommand={subject} exit 3 x\nstartsecs=0\nautorestart=false\n"
                 "numprocs=6\nprocess_name=bad_%(process_num)d\nstdout_logfile=NONE\n"}));
  start();
  wait_for_text("taken", "bad_5");
  wait_until("the kill to be told", [this] {
    return log().find("ended with terminated by SIGKILL") != std::string::npos;
  });
  stop();
}

TEST_F(Notices, ReachTheTerminationLogAndStandardError) {
  dir_.write("reason", "");
  configure(cat({"[navi]\ntermination_log={dir}/reason\nstderr=true\n", kBad}));
  start();
  wait_for_text("reason", "goodbye");
  EXPECT_TRUE(read_all(path("reason")).starts_with("bad crashed: exit status 3 after 0."))
      << read_all(path("reason"));
  wait_for_text("console", "navi: bad crashed: exit status 3 after 0.");
  stop();
}

TEST_F(Notices, ArePostedUntilTheyAreTaken) {
  expect_errors();  // one is refused
  before_start(cat({"python3 ", SV_NOTICE_SERVER, " ", path("navi.sock"), " ", path("posted"),
                    " 503 0 404 &\nwhile [ ! -e ", path("posted"), " ]; do sleep 0.01; done\n"}));
  configure(cat({"[navi]\nhttp=unix://{dir}/navi.sock\nhttp_header=X-Token: secret\n",
                 "[program:bad]\ncommand={subject} exit 3 x\nstartsecs=0\nautorestart=false\n"
                 "numprocs=2\nprocess_name=bad_%(process_num)d\nstdout_logfile=NONE\n"}));
  start();
  wait_for_text("posted", "200 / application/json secret {");
  const std::string posted = read_all(path("posted"));
  std::vector<std::string> lines;
  for (const std::string_view line : split(posted, '\n')) {
    lines.emplace_back(line);
  }
  ASSERT_GE(lines.size(), 4U) << posted;
  EXPECT_TRUE(lines[0].starts_with("503 ")) << posted;
  EXPECT_TRUE(lines[1].starts_with("0 ")) << "tried again: " << posted;
  EXPECT_TRUE(lines[2].starts_with("404 ")) << posted;
  EXPECT_EQ(lines[0].substr(4), lines[2].substr(4)) << "still the first";
  EXPECT_TRUE(lines[3].starts_with("200 ")) << posted;
  EXPECT_NE(lines[2].substr(4), lines[3].substr(4)) << "what is refused for good is given up";
  EXPECT_NE(log().find("a notice was refused: 'HTTP/1.0 404 Not Found'"), std::string::npos);
  EXPECT_NE(log().find("cannot post a notice, will try again: answer 'HTTP/1.0 503"),
            std::string::npos)
      << log();
  stop();
}

TEST_F(Notices, TellOfARunThatDidNotEndAsItShould) {
  std::filesystem::create_directory(path("notices"));
  dir_.write(
      "notices/.modinit-run",
      "started=2026-11-23T02:25:54.005840827Z\nhost=384a38615256\nprocess=1/77/384a38615256\n"
      "kills=\n");
  configure("[navi]\noutput={dir}/notices\n");
  start();
  wait_until("a notice", [this] { return notices().size() == 1; });
  const std::string notice = notices().front();
  EXPECT_NE(notice.find("\"Kind\":\"container\""), std::string::npos) << notice;
  EXPECT_NE(notice.find("\"Payload\":\"started 2026-11-23T02:25:54.005840827Z on 384a38615256\""),
            std::string::npos)
      << notice;
  stop();
  EXPECT_FALSE(std::filesystem::exists(path("notices/.modinit-run"))) << "this one ended well";
}

TEST_F(Notices, AReloadIsNotAnEndThatIsTold) {
  configure(cat({"[navi]\noutput={dir}/notices\n",
                 "[program:app]\ncommand={subject} wait\nstdout_logfile={dir}/app.log\n"}));
  start();
  wait_for_text("app.log", "up");
  EXPECT_TRUE(std::filesystem::exists(path("notices/.modinit-run")) || notices().empty());
  send_signal(SIGHUP);
  wait_until("another app",
             [this] { return read_all(path("app.log")).find("up", 3) != std::string::npos; });
  stop();
  EXPECT_TRUE(notices().empty());
}

TEST_F(Notices, AreNotWrittenTwiceWhereBothNotifiersAreConfigured) {
  configure(cat({"[navi]\noutput={dir}/notices\n",
                 "[eventlistener:navi]\ncommand=/opt/navi/navi --output /elsewhere --log debug\n"
                 "events=PROCESS_STATE_EXITED,PROCESS_GROUP_ADDED\n",
                 "[program:good]\ncommand={subject} exit 0 x\nstartsecs=0\nautorestart=false\n"
                 "stdout_logfile=NONE\n"}));
  start();
  wait_for_event({"PROCESS_STATE_EXITED", "processname:good"});
  std::string all;
  wait_until("an expected exit, which the listener asked for", [&] {
    all.clear();
    for (const std::string& notice : notices()) {
      all += notice + "\n";
    }
    return all.find("\"Kind\":\"exit\"") != std::string::npos;
  });
  EXPECT_NE(all.find("PROCESS_GROUP_ADDED"), std::string::npos) << all;
  EXPECT_EQ(all.find("PROCESS_STATE_RUNNING"), std::string::npos) << all;
  EXPECT_EQ(fault_of("supervisor.getProcessInfo", {"navi"}), "10 BAD_NAME: navi");
  EXPECT_NE(log().find("event listener 'navi' is not started: [navi] writes its notices"),
            std::string::npos);
  EXPECT_NE(log().find("is written, not '--output /elsewhere' of the event listener"),
            std::string::npos);
  stop();
}

TEST_F(Notices, CrashesAreEventsForListenersThatNameThem) {
  dir_.script("listen", cat({"#!/bin/sh\nprintf 'READY\\n'\nwhile read header; do\n"
                             "len=${header##*len:}\ndd bs=1 count=$len 2>/dev/null >>",
                             path("heard"), "\necho >>", path("heard"),
                             "\nprintf 'RESULT 2\\nOKREADY\\n'\ndone\n"}));
  configure(cat({"[eventlistener:ears]\ncommand=", path("listen"),
                 "\nevents=PROCESS_CRASH,PROCESS_OOM\n", kBad}));
  start();
  wait_for_text("heard", "processname:bad groupname:bad from_state:RUNNING pid:");
  wait_for_text("heard", "exitcode:3\n");
  EXPECT_FALSE(std::filesystem::exists(path("notices")));
  stop();
}

}  // namespace
}  // namespace sv::test
