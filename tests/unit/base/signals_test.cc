#include "base/signals.h"

#include <gtest/gtest.h>

#include "base/wait_status.h"

namespace sv {
namespace {

TEST(Signals, AcceptsNamesInAnyFormAndNumbers) {
  for (const char* text : {"TERM", "SIGTERM", " term ", "sigterm", "15"}) {
    EXPECT_EQ(parse_signal(text), 15) << text;
  }
  EXPECT_EQ(parse_signal("CLD"), 17);
  EXPECT_EQ(parse_signal("RTMIN"), 34);
  EXPECT_EQ(parse_signal("0"), 0);
  EXPECT_EQ(parse_signal("SIG_DFL"), 0);
}

TEST(Signals, RefusesWhatTheReferenceRefuses) {
  for (const char* text : {"", "USR9", "RTMIN+1", "35", "63", "32", "99", "-1", "15x"}) {
    EXPECT_FALSE(parse_signal(text)) << text;
  }
}

TEST(Signals, DescribesHowAProcessEnded) {
  EXPECT_EQ(WaitStatus::from_exit(3).describe(), "exit status 3");
  EXPECT_EQ(WaitStatus::from_signal(9).describe(), "terminated by SIGKILL");
  EXPECT_EQ(WaitStatus(11 | 0x80).describe(), "terminated by SIGSEGV (core dumped)");
  EXPECT_EQ(WaitStatus::from_signal(35).describe(), "terminated by signal 35");
  EXPECT_EQ(WaitStatus(0x137f).describe(), "unknown termination cause 0x137f");
  EXPECT_EQ(WaitStatus::from_signal(9).exit_code(), -1);
}

}  // namespace
}  // namespace sv
