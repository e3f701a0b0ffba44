#include "core/process_state.h"

#include <gtest/gtest.h>

namespace sv::core {
namespace {

struct Row {
  ProcessState state;
  int code;
  const char* name;
  bool running;
  bool stopped;
  bool signallable;
};

TEST(ProcessState, HasTheCodesNamesAndSetsOfTheProtocol) {
  const Row rows[] = {
      {ProcessState::stopped, 0, "STOPPED", false, true, false},
      {ProcessState::starting, 10, "STARTING", true, false, true},
      {ProcessState::running, 20, "RUNNING", true, false, true},
      {ProcessState::backoff, 30, "BACKOFF", true, false, false},
      {ProcessState::stopping, 40, "STOPPING", false, false, true},
      {ProcessState::exited, 100, "EXITED", false, true, false},
      {ProcessState::fatal, 200, "FATAL", false, true, false},
      {ProcessState::unknown, 1000, "UNKNOWN", false, true, false},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    EXPECT_EQ(static_cast<int>(row.state), row.code);
    EXPECT_EQ(state_name(row.state), row.name);
    EXPECT_EQ(counts_as_running(row.state), row.running);
    EXPECT_EQ(counts_as_stopped(row.state), row.stopped);
    EXPECT_EQ(is_signallable(row.state), row.signallable);
  }
}

TEST(ProcessState, NamesTheMoodsOfTheDaemon) {
  EXPECT_EQ(static_cast<int>(Mood::shutdown), -1);
  EXPECT_EQ(static_cast<int>(Mood::restarting), 0);
  EXPECT_EQ(static_cast<int>(Mood::running), 1);
  EXPECT_EQ(mood_name(Mood::shutdown), "SHUTDOWN");
  EXPECT_EQ(mood_name(Mood::restarting), "RESTARTING");
  EXPECT_EQ(mood_name(Mood::running), "RUNNING");
}

}  // namespace
}  // namespace sv::core
