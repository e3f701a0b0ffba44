#include "navi/memory_verdict.h"

#include <gtest/gtest.h>

#include <csignal>
#include <optional>
#include <string>
#include <vector>

namespace sv::navi {
namespace {

constexpr EndedProcess kKilled{10, WaitStatus::from_signal(SIGKILL), false};
constexpr EndedProcess kKilledByUs{11, WaitStatus::from_signal(SIGKILL), true};
constexpr EndedProcess kShell{12, WaitStatus::from_exit(137), false};
constexpr EndedProcess kShellByUs{13, WaitStatus::from_exit(137), true};
constexpr EndedProcess kCrashed{14, WaitStatus::from_signal(SIGSEGV), false};
constexpr EndedProcess kFailed{15, WaitStatus::from_exit(1), false};
constexpr EndedProcess kTerminated{16, WaitStatus::from_signal(SIGTERM), true};

using enum MemoryVerdict;

struct Row {
  const char* what;
  std::vector<EndedProcess> batch;
  std::uint64_t kills;
  std::vector<MemoryVerdict> verdicts;
  std::uint64_t unattributed;
};

TEST(MemoryVerdict, FollowsTheTable) {
  const std::vector<Row> rows = {
      {"an operator's SIGKILL", {kKilled}, 0, {none}, 0},
      {"an operator's SIGKILL of a shell's child", {kShell}, 0, {none}, 0},
      {"killed for memory", {kKilled}, 1, {certain}, 0},
      {"two at once", {kKilled, kKilled}, 2, {certain, certain}, 0},
      {"two ended, one kill", {kKilled, kKilled}, 1, {possible, possible}, 0},
      {"a shell's child", {kShell}, 1, {likely}, 0},
      {"two shells, one kill", {kShell, kShell}, 1, {possible, possible}, 0},
      {"one each", {kKilled, kShell}, 2, {certain, likely}, 0},
      {"one each, one kill", {kKilled, kShell}, 1, {likely, possible}, 0},
      {"fewer kills than direct victims",
       {kShell, kKilled, kKilled},
       1,
       {possible, possible, possible},
       0},
      {"our SIGKILL", {kKilledByUs}, 0, {none}, 0},
      {"our SIGKILL while the kernel killed", {kKilledByUs}, 1, {possible}, 0},
      {"our SIGKILL of a shell's tree while the kernel killed", {kShellByUs}, 1, {possible}, 0},
      {"another explains the kill, ours is ours", {kKilledByUs, kKilled}, 1, {none, certain}, 0},
      {"a shell explains the kill, ours is ours", {kShell, kKilledByUs}, 1, {likely, none}, 0},
      {"more kills than others explain", {kKilledByUs, kKilled}, 2, {possible, certain}, 0},
      {"a worker of a living program", {}, 1, {}, 1},
      {"a worker, while others end otherwise",
       {kCrashed, kFailed, kTerminated},
       2,
       {none, none, none},
       2},
      {"a program and its worker", {kFailed, kKilled}, 2, {none, certain}, 1},
      {"nothing at all", {}, 0, {}, 0},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(row.what);
    for (const std::uint64_t before : {std::uint64_t{0}, std::uint64_t{41}}) {
      const MemoryJudgement judgement = judge(row.batch, before, before + row.kills);
      EXPECT_EQ(judgement.verdicts, row.verdicts);
      EXPECT_EQ(judgement.unattributed, row.unattributed);
    }
  }
}

TEST(MemoryVerdict, IsUnknownOnlyForWhatLooksLikeAKill) {
  const std::vector<EndedProcess> batch = {kKilled, kShell, kKilledByUs, kFailed, kTerminated};
  const std::vector<MemoryVerdict> expected = {unknown, unknown, unknown, none, none};
  struct Readings {
    std::optional<std::uint64_t> before;
    std::optional<std::uint64_t> after;
  };
  const std::vector<Readings> rows = {{{}, {}}, {{}, 3}, {3, {}}, {3, 2}};
  for (const Readings& row : rows) {
    const MemoryJudgement judgement = judge(batch, row.before, row.after);
    EXPECT_EQ(judgement.verdicts, expected);
    EXPECT_EQ(judgement.unattributed, 0U) << "a counter that decreased counts from anew";
  }
}

TEST(MemoryVerdict, NeverAccusesWithoutAKillAndNeverLosesOne) {
  const std::vector<EndedProcess> all = {kKilled,  kKilledByUs, kShell,     kShellByUs,
                                         kCrashed, kFailed,     kTerminated};
  for (unsigned chosen = 0; chosen < 128; ++chosen) {
    std::vector<EndedProcess> batch;
    for (std::size_t i = 0; i < all.size(); ++i) {
      if ((chosen >> i & 1U) != 0) {
        batch.push_back(all[i]);
      }
    }
    for (std::uint64_t kills = 0; kills < 6; ++kills) {
      const MemoryJudgement judgement = judge(batch, 5, 5 + kills);
      ASSERT_EQ(judgement.verdicts.size(), batch.size());
      std::uint64_t accused = 0;
      std::uint64_t sure = 0;
      for (const MemoryVerdict verdict : judgement.verdicts) {
        accused += verdict != none ? 1U : 0U;
        sure += verdict == certain || verdict == likely ? 1U : 0U;
      }
      EXPECT_GE(accused + judgement.unattributed, kills);
      EXPECT_LE(sure + judgement.unattributed, kills);
      EXPECT_TRUE(kills > 0 || accused == 0);
    }
  }
}

TEST(MemoryVerdict, HasNames) {
  EXPECT_EQ(verdict_name(certain), "certain");
  EXPECT_EQ(verdict_name(likely), "likely");
  EXPECT_EQ(verdict_name(possible), "possible");
  EXPECT_EQ(verdict_name(none), "none");
  EXPECT_EQ(verdict_name(unknown), "unknown");
}

}  // namespace
}  // namespace sv::navi
