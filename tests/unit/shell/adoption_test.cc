#include "shell/adoption.h"

#include <gtest/gtest.h>

namespace sv::shell {
namespace {

os::Reaped orphan(pid_t group, pid_t session) {
  os::Reaped reaped;
  reaped.pid = 900;
  reaped.group = group;
  reaped.session = session;
  return reaped;
}

class AdoptionTest : public ::testing::Test {
 protected:
  Adoption adoption_{
      [](pid_t pid) { return pid == 100 ? std::optional<std::string>("web") : std::nullopt; }};
};

TEST_F(AdoptionTest, AnOrphanIsOfTheProgramInWhoseGroupOrSessionItDied) {
  EXPECT_EQ(adoption_.reaped(orphan(100, 100)), "web");
  EXPECT_EQ(adoption_.reaped(orphan(500, 100)), "web") << "a shell's job";
  EXPECT_EQ(adoption_.reaped(orphan(600, 600)), std::nullopt) << "it left both";
  EXPECT_EQ(adoption_.reaped(orphan(1, 1)), std::nullopt);
  EXPECT_EQ(adoption_.reaped(orphan(-1, -1)), std::nullopt) << "the kernel did not tell";
  EXPECT_EQ(adoption_.count().reaped, 5U);
  EXPECT_EQ(adoption_.count().of_programs.at("web"), 2U);
}

TEST_F(AdoptionTest, AProgramThatHasEndedIsStillTheirs) {
  EXPECT_EQ(adoption_.reaped(orphan(70, 70)), std::nullopt);
  adoption_.ended(70, "g:batch");
  EXPECT_EQ(adoption_.reaped(orphan(70, 70)), "g:batch");
  adoption_.ended(70, "other");
  EXPECT_EQ(adoption_.reaped(orphan(70, 70)), "other") << "pids are used again";
}

TEST_F(AdoptionTest, RemembersALimitedNumberOfRunsAndCountsALimitedNumberOfPrograms) {
  for (pid_t pid = 1000; pid <= 1000 + static_cast<pid_t>(Adoption::kMostRuns); ++pid) {
    adoption_.ended(pid, std::to_string(pid));
  }
  EXPECT_EQ(adoption_.reaped(orphan(1000, 1000)), std::nullopt);
  EXPECT_EQ(adoption_.reaped(orphan(1001, 1001)), "1001");
  for (pid_t pid = 10'000; pid < 10'000 + 2 * static_cast<pid_t>(Adoption::kMostPrograms); ++pid) {
    adoption_.ended(pid, std::to_string(pid));
    static_cast<void>(adoption_.reaped(orphan(pid, pid)));
  }
  EXPECT_EQ(adoption_.count().of_programs.size(), Adoption::kMostPrograms);
  EXPECT_EQ(adoption_.count().reaped, 2U + 2 * Adoption::kMostPrograms);
}

}  // namespace
}  // namespace sv::shell
