// Listeners as people have them: one written with Supervisor's childutils, and crash mailers.

#include <signal.h>
#include <sys/stat.h>

#include <algorithm>
#include <string>

#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

const std::string kPython = "/usr/bin/python3 -B " SV_HELPERS "/";

class Listeners : public DaemonTest {
 protected:
  void send(const std::string& type, const std::string& data) {
    call("supervisor.sendRemoteCommEvent", {type, data});
  }
  long count_in(const std::string& file, const std::string& text) const {
    const std::string content = read_all(path(file));
    long found = 0;
    for (std::size_t at = content.find(text); at != std::string::npos;
         at = content.find(text, at + text.size())) {
      ++found;
    }
    return found;
  }
};

TEST_F(Listeners, WithChildutilsCallBackWhileTheyHaveAnEvent) {
  configure("[eventlistener:reviver]\ncommand=" + kPython +
            "childutils_listener.py {dir}/heard\n"
            "events=PROCESS_STATE_EXITED\nstderr_logfile={dir}/err\n"
            "[program:victim]\ncommand={subject} wait\nstartsecs=0\nautorestart=false\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:victim"});
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:reviver"});
  call("supervisor.signalProcess", {"victim", "KILL"});
  wait_for_event({"PROCESS_STATE_EXITED", "processname:victim"});
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:victim"});
  EXPECT_EQ(count_in("heard",
                     "PROCESS_STATE_EXITED reviver 'processname:victim groupname:victim "
                     "from_state:RUNNING expected:0 pid:"),
            1);
  EXPECT_EQ(read_all(path("err")), "");
  stop();
}

TEST_F(Listeners, WithChildutilsReadCharactersAndMayRefuse) {
  configure("[eventlistener:reader]\ncommand=" + kPython +
            "childutils_listener.py {dir}/heard\n"
            "events=REMOTE_COMMUNICATION\nstderr_logfile={dir}/err\n"
            "environment=PYTHONIOENCODING=\"utf-8\",LC_ALL=\"C.UTF-8\"\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:reader"});
  send("t\u00e9xt", "h\u00e9llo\nw\u00f6rld \u20ac \U0001F600");
  send("refuse", "me");
  send("last", "");
  wait_for_text("heard", "type:last");
  EXPECT_EQ(
      read_all(path("heard")),
      "REMOTE_COMMUNICATION reader 'type:t\u00e9xt\\nh\u00e9llo\\nw\u00f6rld \u20ac \U0001F600'\n"
      "REMOTE_COMMUNICATION reader 'type:refuse\\nme'\n"
      "REMOTE_COMMUNICATION reader 'type:refuse\\nme'\n"
      "REMOTE_COMMUNICATION reader 'type:last\\n'\n");
  EXPECT_EQ(read_all(path("err")), "");
  stop();
}

TEST_F(Listeners, HearWhatProgramsSayWithChildutils) {
  configure("[eventlistener:reader]\ncommand=" + kPython +
            "childutils_listener.py {dir}/heard\n"
            "events=PROCESS_COMMUNICATION\nstderr_logfile={dir}/err\n"
            "[program:teller]\ncommand=" +
            kPython +
            "childutils_teller.py one two\n"
            "startsecs=0\nautorestart=false\nstdout_capture_maxbytes=1KB\n"
            "stderr_capture_maxbytes=1KB\nstdout_logfile={dir}/out\n");
  start();
  wait_for_text("heard", "PROCESS_COMMUNICATION_STDOUT");
  wait_for_text("heard", "PROCESS_COMMUNICATION_STDERR");
  EXPECT_EQ(count_in("heard", "\\none'"), 1);
  EXPECT_EQ(count_in("heard", "\\ntwo'"), 1);
  EXPECT_EQ(read_all(path("out")), "");
  stop();
}

class CrashMailer : public Listeners, public ::testing::WithParamInterface<const char*> {
 protected:
  /// `programs` as arguments of the mailer; mails are appended to the file "mails".
  void configure_mailer(const std::string& programs) {
    dir_.write("sendmail", "#!/bin/sh\ncat >> " + path("mails") + "\n");
    ::chmod(path("sendmail").c_str(), 0755);
    const std::string mailer =
        std::string(GetParam()) == "cpp" ? SV_CRASH_MAILER : kPython + "crash_mailer.py";
    configure("[eventlistener:mailer]\ncommand=" + mailer + " {dir}/sendmail ops@example.com " +
              programs +
              "\nevents=PROCESS_STATE\nbuffer_size=100\nstderr_logfile={dir}/told\n"
              "[program:web]\ncommand={subject} exit 3 x\nstartsecs=0\nautorestart=false\n"
              "autostart=false\n[program:job]\ncommand={subject} exit 0 x\nstartsecs=0\n"
              "autorestart=false\nautostart=false\n[group:g]\nprograms=db\n"
              "[program:db]\ncommand={subject} wait\nstartsecs=0\nautorestart=false\n");
  }
};

TEST_P(CrashMailer, MailsWhatEndedUnexpectedlyAndNothingElse) {
  configure_mailer("");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:db"});
  call("supervisor.startProcess", {"job"});
  call("supervisor.startProcess", {"web"});
  wait_for_text("told", "mailed web:web");
  call("supervisor.signalProcess", {"g:db", "KILL"});
  wait_for_text("told", "mailed g:db");
  EXPECT_EQ(count_in("mails", "To: ops@example.com\n"), 2);
  EXPECT_EQ(count_in("mails", "Subject: web:web crashed\n"), 1);
  EXPECT_EQ(count_in("mails", "Subject: g:db crashed\n"), 1);
  EXPECT_EQ(count_in("mails", "ended unexpectedly from state RUNNING"), 2);
  stop();
}

TEST_P(CrashMailer, MailsOnlyWhatItWasToldToWatch) {
  configure_mailer("db");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:db"});
  call("supervisor.startProcess", {"web"});
  wait_for_event({"PROCESS_STATE_EXITED", "processname:web"});
  call("supervisor.signalProcess", {"g:db", "KILL"});
  wait_for_text("told", "mailed g:db");  // events are told in their order: web's was before
  EXPECT_EQ(count_in("mails", "Subject:"), 1);
  stop();
}

TEST_P(CrashMailer, GetsWhatHappenedBeforeItWasReady) {
  configure_mailer("");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:mailer"});
  call("supervisor.stopProcess", {"mailer"});
  call("supervisor.startProcess", {"web"});
  wait_for_event({"PROCESS_STATE_EXITED", "processname:web"});
  call("supervisor.startProcess", {"mailer"});
  wait_for_text("told", "mailed web:web");
  stop();
}

INSTANTIATE_TEST_SUITE_P(Written, CrashMailer, ::testing::Values("python", "cpp"),
                         [](const auto& made) { return std::string(made.param); });

}  // namespace
}  // namespace sv::test
