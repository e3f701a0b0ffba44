#include "core/process_state.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

#include "base/text.h"
#include "support/source_tree.h"

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

constexpr ProcessState kAllStates[] = {
    ProcessState::stopped,  ProcessState::starting, ProcessState::running, ProcessState::backoff,
    ProcessState::stopping, ProcessState::exited,   ProcessState::fatal,   ProcessState::unknown};

/// The cells of the table rows in docs/states.md: name, code, started, down, signals.
std::vector<std::string> documented_states() {
  std::vector<std::string> rows;
  std::istringstream page(test::read_source("docs/states.md"));
  std::string line;
  while (std::getline(page, line)) {
    const auto cells = split(line, '|');
    if (cells.size() != 8 || trim(cells[2]).find_first_not_of("0123456789") != std::string::npos) {
      continue;
    }
    std::string row;
    for (std::size_t i = 1; i <= 5; ++i) {
      row += cat({trim(cells[i]), " "});
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(ProcessState, IsDocumentedForUsers) {
  const auto yes_no = [](bool value) { return value ? "yes " : "no "; };
  std::vector<std::string> expected;
  for (const ProcessState state : kAllStates) {
    expected.push_back(cat({state_name(state), " ", std::to_string(static_cast<int>(state)), " ",
                            yes_no(counts_as_running(state)), yes_no(counts_as_stopped(state)),
                            yes_no(is_signallable(state))}));
  }
  EXPECT_EQ(documented_states(), expected);
}

TEST(ProcessState, HasAParagraphOfAdviceForEachState) {
  const std::string page = test::read_source("docs/states.md");
  for (const ProcessState state : kAllStates) {
    EXPECT_THAT(page, ::testing::HasSubstr(cat({"\n**", state_name(state), ".** "})));
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
