#include "base/wait_status.h"

#include <gtest/gtest.h>

#include <csignal>

namespace sv {
namespace {

TEST(WaitStatus, HasAnExitCodeForTheReferenceAndOneForAShell) {
  const WaitStatus exited = WaitStatus::from_exit(3);
  EXPECT_EQ(exited.exit_code(), 3);
  EXPECT_EQ(exited.shell_status(), 3);
  const WaitStatus killed = WaitStatus::from_signal(SIGKILL);
  EXPECT_EQ(killed.exit_code(), -1);
  EXPECT_EQ(killed.shell_status(), 137);
  EXPECT_EQ(WaitStatus().shell_status(), 0);
}

}  // namespace
}  // namespace sv
