#include "shell/memory_watch.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "support/fake_clock.h"
#include "support/log_recorder.h"
#include "support/temp_dir.h"

/// The daemon in recorded control groups, whose counters the test lets rise. Only what is told of
/// kills that end no program; verdicts are navi/memory_verdict's.
namespace sv::shell {
namespace {

using namespace std::chrono_literals;

constexpr const char* kMounted = "30 23 0:26 / @/sys/fs/cgroup rw - cgroup2 cgroup2 rw\n";

class MemoryWatchTest : public ::testing::Test {
 protected:
  void SetUp() override {
    auto loop = uv::Loop::create();
    ASSERT_TRUE(loop);
    loop_ = std::move(*loop);
  }

  void file(const std::string& name, std::string text) {
    for (std::size_t at = 0; (at = text.find('@')) != std::string::npos;) {
      text.replace(at, 1, root_.path().string());
    }
    std::filesystem::create_directories((root_.path() / name).parent_path());
    root_.write(name, text);
  }
  void mounted() { file("proc/self/mountinfo", kMounted); }
  void member_of(const std::string& group) { file("proc/self/cgroup", "0::/" + group + "\n"); }
  void count(const std::string& group, int kills) {
    file("sys/fs/cgroup/" + group + "/memory.events", "oom_kill " + std::to_string(kills) + "\n");
  }

  void begin() {
    watch_ = std::make_unique<MemoryWatch>(
        MemoryWatch::Parts{*loop_, log_, clock_, [](pid_t) { return false; },
                           [this](const navi::MemoryFacts& facts) { told_.push_back(facts); },
                           [this] { ++changes_; }, root_ / "proc"});
  }

  /// What the kernel has to tell arrives; nothing else wakes the daemon.
  void told_by_the_kernel() { loop_->run_once(uv::Loop::Wait::no); }
  /// The daemon is awake for some other reason, a while later.
  void awake() {
    clock_.advance(MemoryWatch::kLookInterval);
    static_cast<void>(watch_->look());
  }
  /// Nobody's end has explained it.
  void grace_passes() {
    if (const auto due = watch_->deadline()) {
      clock_.advance_to(*due);
      watch_->deadline_reached();
    }
  }

  test::TempDir root_;
  test::FakeClock clock_;
  test::LogRecorder log_;
  std::unique_ptr<uv::Loop> loop_;
  std::vector<navi::MemoryFacts> told_;
  int changes_ = 0;
  std::unique_ptr<MemoryWatch> watch_;
};

TEST_F(MemoryWatchTest, AKillThatEndsNobodyIsToldWithoutBeingAskedFor) {
  mounted();
  member_of("app");
  count("app", 2);
  begin();
  told_by_the_kernel();
  EXPECT_EQ(watch_->deadline(), std::nullopt);
  count("app", 3);
  told_by_the_kernel();
  EXPECT_GT(changes_, 0);
  EXPECT_EQ(watch_->deadline(), clock_.now().mono + MemoryWatch::kGrace);
  grace_passes();
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].kills_before, 2U);
  EXPECT_EQ(told_[0].kills_after, 3U);
  EXPECT_FALSE(told_[0].attributed);
}

TEST_F(MemoryWatchTest, MovedToAnotherGroupItIsToldOfThatOne) {
  mounted();
  member_of("app");
  count("app", 2);
  count("other", 7);
  begin();
  member_of("other");
  awake();
  grace_passes();
  EXPECT_TRUE(told_.empty()) << "that there are more is no kill: it is another counter";
  count("other", 8);
  told_by_the_kernel();
  grace_passes();
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].kills_before, 7U);
  EXPECT_EQ(told_[0].kills_after, 8U);
  count("app", 3);
  told_by_the_kernel();
  EXPECT_EQ(watch_->deadline(), std::nullopt) << "nobody of ours is in there any more";
}

TEST_F(MemoryWatchTest, AGroupThatIsMountedLateIsWatchedFromThenOn) {
  member_of("app");
  begin();
  awake();
  mounted();
  count("app", 5);
  awake();
  EXPECT_EQ(watch_->deadline(), std::nullopt);
  count("app", 6);
  told_by_the_kernel();
  grace_passes();
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].kills_before, 5U);
}

TEST_F(MemoryWatchTest, AGroupThatIsGoneAndComesBackIsWatchedAgain) {
  mounted();
  member_of("app");
  count("app", 2);
  begin();
  std::filesystem::remove_all(root_.path() / "sys/fs/cgroup/app");
  member_of("gone");
  awake();
  member_of("app");
  count("app", 0);
  awake();
  count("app", 1);
  told_by_the_kernel();
  grace_passes();
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].kills_before, 0U);
  EXPECT_EQ(told_[0].kills_after, 1U);
  EXPECT_TRUE(log_.lines.empty()) << log_.lines[0];
}

TEST_F(MemoryWatchTest, LooksAtMostOnceASecond) {
  file("proc/self/mountinfo", "34 30 0:31 / @/sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
  file("proc/self/cgroup", "8:memory:/app\n");
  const auto count_kills = [this](int kills) {
    file("sys/fs/cgroup/memory/app/memory.oom_control", "oom_kill " + std::to_string(kills) + "\n");
  };
  count_kills(1);
  begin();
  EXPECT_FALSE(watch_->look());
  count_kills(2);
  EXPECT_FALSE(watch_->look());
  EXPECT_TRUE(watch_->look_soon()) << "a program speaks: perhaps of that";
  EXPECT_EQ(watch_->deadline(), clock_.now().mono + MemoryWatch::kLookInterval);
  grace_passes();  // the look
  grace_passes();
  ASSERT_EQ(told_.size(), 1U);
  EXPECT_EQ(told_[0].kills_after, 2U);
}

}  // namespace
}  // namespace sv::shell
