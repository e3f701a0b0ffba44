#include "init/service.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <csignal>

namespace sv::init {
namespace {

using namespace std::chrono_literals;
using namespace std::string_literals;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(InitService, FoldersAndTheirLoggersBecomeAGroupEachOfOneFamily) {
  const auto groups =
      service_groups({{"a", "/s/a", false, false, false}, {"b", "/s/b", true, true, false}}, 30s);
  ASSERT_EQ(groups.size(), 3U);
  EXPECT_EQ(groups[0].name, "service:b-log");
  EXPECT_EQ(groups[1].name, "service:a");
  EXPECT_EQ(groups[2].name, "service:b");
  EXPECT_EQ(groups[2].shown(), "service");
  EXPECT_LT(groups[0].priority, groups[1].priority) << "loggers start first and stop last";
  EXPECT_EQ(groups[1].priority, groups[2].priority);
  ASSERT_EQ(groups[1].processes.size(), 1U);
  const config::ProcessConfig& a = groups[1].processes[0];
  EXPECT_EQ(a.name, "a");
  EXPECT_EQ(a.directory, "/s/a");
  EXPECT_TRUE(a.autostart);
  EXPECT_EQ(a.autorestart, config::AutoRestart::always);
  EXPECT_EQ(a.start_secs, 0s);
  EXPECT_EQ(a.retry_pause, 1s);
  EXPECT_EQ(a.stop_wait, 30s);
  EXPECT_FALSE(a.service->has_logger);
  const config::ProcessConfig& b = groups[2].processes[0];
  EXPECT_FALSE(b.autostart);
  EXPECT_TRUE(b.service->has_logger);
  ASSERT_EQ(groups[0].processes.size(), 1U);
  EXPECT_EQ(groups[0].processes[0].name, "b-log");
  EXPECT_EQ(groups[0].processes[0].directory, "/s/b/log");
  EXPECT_TRUE(groups[0].processes[0].service->is_logger);
}

TEST(InitService, NoFoldersMakeNoGroups) {
  EXPECT_THAT(service_groups({}, 30s), IsEmpty());
}

TEST(InitService, FinishIsToldExitCodeAndSignal) {
  EXPECT_THAT(finish_arguments(WaitStatus::from_exit(3)), ElementsAre("3", "0"));
  EXPECT_THAT(finish_arguments(WaitStatus::from_exit(0)), ElementsAre("0", "0"));
  EXPECT_THAT(finish_arguments(WaitStatus::from_signal(SIGKILL)), ElementsAre("-1", "9"));
}

TEST(InitService, ControlBytesMeanWhatRunitMeans) {
  using Kind = ServiceCommand::Kind;
  EXPECT_EQ(command_of('u'), (ServiceCommand{Kind::up, 0}));
  EXPECT_EQ(command_of('o'), (ServiceCommand{Kind::once, 0}));
  EXPECT_EQ(command_of('d'), (ServiceCommand{Kind::down, 0}));
  EXPECT_EQ(command_of('x'), (ServiceCommand{Kind::down, 0}));
  const std::pair<char, int> signals[] = {
      {'t', SIGTERM}, {'k', SIGKILL}, {'p', SIGSTOP}, {'c', SIGCONT}, {'a', SIGALRM},
      {'h', SIGHUP},  {'i', SIGINT},  {'q', SIGQUIT}, {'1', SIGUSR1}, {'2', SIGUSR2}};
  for (const auto& [byte, signal] : signals) {
    EXPECT_EQ(command_of(byte), (ServiceCommand{Kind::signal, signal})) << byte;
  }
  EXPECT_FALSE(command_of('z'));
  EXPECT_FALSE(command_of('\0'));
}

TEST(InitService, StatusIsTwentyBytesInRunitsOrder) {
  ServiceView view;
  view.doing = ServiceView::Doing::running;
  view.pid = 0x01020304;
  view.since = WallTime{} + 0x10203s + 5ns;
  view.want_up = true;
  view.got_term = true;
  EXPECT_EQ(status_bytes(view), "\x40\0\0\0\0\x01\x02\x0d\0\0\0\5\4\3\2\1\0u\1\1"s);
  view = {};
  EXPECT_EQ(status_bytes(view), "\x40\0\0\0\0\0\0\x0a\0\0\0\0\0\0\0\0\0d\0\0"s);
}

TEST(InitService, StatAndPidAreForPeople) {
  ServiceView view;
  EXPECT_EQ(stat_text(view), "down\n");
  EXPECT_EQ(pid_text(view), "");
  view = {.doing = ServiceView::Doing::running, .pid = 42, .since = {}, .want_up = true};
  EXPECT_EQ(stat_text(view), "run\n");
  EXPECT_EQ(pid_text(view), "42\n");
  view.paused = true;
  view.got_term = true;
  view.want_up = false;
  EXPECT_EQ(stat_text(view), "run, paused, got TERM, want down\n");
  view = {.doing = ServiceView::Doing::finishing, .pid = 42, .since = {}, .want_up = true};
  EXPECT_EQ(stat_text(view), "finish\n");
}

}  // namespace
}  // namespace sv::init
