// Somebody sets the wall clock while programs start, wait for their next attempt, and are stopped.
// Only printed times follow; what lasts is measured on the monotonic clock.

#include <fcntl.h>
#include <unistd.h>

#include <chrono>
#include <cstdint>
#include <string>

#include "base/unique_fd.h"
#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr std::int64_t kDay = 24 * 60 * 60;

class WallClock : public DaemonTest, public ::testing::WithParamInterface<std::int64_t> {
 protected:
  WallClock() {
    clock_.reset(::open(path("clock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
    set_clock(0);
    // The runtime of sanitizers insists on being the first library unless it is told otherwise.
    before_start("export SV_CLOCK_FILE=" + path("clock") +
                 " ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0\n"
                 "export LD_PRELOAD=" SV_CLOCK_SHIM "\n");
  }

  void set_clock(std::int64_t seconds) {
    ASSERT_EQ(::pwrite(clock_.get(), &seconds, sizeof seconds, 0), ssize_t{sizeof seconds});
  }

  std::int64_t daemons_time() { return std::stoll(info("slow", "now")); }

 private:
  UniqueFd clock_;
};

/// `lower` is what the configuration says; `slack` for a machine that is busy.
void expect_lasted(Clock::duration lasted, std::chrono::milliseconds lower, const char* what) {
  constexpr auto kSlack = 2500ms;
  EXPECT_GE(lasted, lower - 20ms) << what;
  EXPECT_LE(lasted, lower + kSlack) << what;
}

TEST_P(WallClock, DoesNotMatterToStartsBackoffAndStops) {
  configure(
      "[program:slow]\ncommand={subject} wait\nstartsecs=3\nautostart=false\n"
      "[program:failing]\ncommand={subject} exit 1 "
      "x\nstartsecs=1\nstartretries=2\nautostart=false\n"
      "[program:stubborn]\ncommand={subject} stubborn\nstartsecs=0\nstopwaitsecs=3\n"
      "stdout_logfile={dir}/stubborn\n");
  start();
  wait_for_text("stubborn", "up");
  const std::int64_t real = daemons_time();

  const auto begin = Clock::now();
  call("supervisor.startProcess", {"slow", false});
  call("supervisor.startProcess", {"failing", false});
  call("supervisor.stopProcess", {"stubborn", false});
  wait_for_event({"PROCESS_STATE_BACKOFF", "processname:failing", "tries:1"});
  set_clock(GetParam());  // in the middle of startsecs, of the first pause and of stopwaitsecs
  EXPECT_NEAR(static_cast<double>(daemons_time() - real), static_cast<double>(GetParam()), 5);

  wait_for_event({"PROCESS_STATE_STARTING", "processname:failing", "tries:1"});
  expect_lasted(Clock::now() - begin, 1s, "the first pause");
  wait_for_event({"PROCESS_STATE_BACKOFF", "processname:failing", "tries:2"});
  set_clock(-GetParam());  // and in the second
  wait_for_event({"PROCESS_STATE_STARTING", "processname:failing", "tries:2"});
  expect_lasted(Clock::now() - begin, 3s, "both pauses");
  wait_until("slow runs", [this] { return info("slow", "statename") == "RUNNING"; });
  expect_lasted(Clock::now() - begin, 3s, "startsecs");
  wait_until("stubborn has been killed",
             [this] { return info("stubborn", "statename") == "STOPPED"; });
  expect_lasted(Clock::now() - begin, 3s, "stopwaitsecs");
  wait_until("failing is given up", [this] { return info("failing", "statename") == "FATAL"; });

  // A program that had been up for a second is restarted at once, whatever the clock says now.
  const std::string pid = info("slow", "pid");
  const auto killed = Clock::now();
  call("supervisor.signalProcess", {"slow", "KILL"});
  wait_until("another process of slow", [&] {
    const std::string now = info("slow", "pid");
    return now != pid && now != "0";
  });
  expect_lasted(Clock::now() - killed, 0s, "the restart");
  stop();
}

INSTANTIATE_TEST_SUITE_P(BothWays, WallClock, ::testing::Values(kDay, -kDay),
                         [](const auto& way) { return way.param > 0 ? "Ahead" : "Back"; });

}  // namespace
}  // namespace sv::test
