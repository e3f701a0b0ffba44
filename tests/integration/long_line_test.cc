// A hundred megabytes without a line feed: nothing is lost, and the daemon does not grow.

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "integration/daemon_fixture.h"
#include "integration/helpers/line_byte.h"

namespace sv::test {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kLine = std::size_t{100} * 1024 * 1024;

class LongLine : public DaemonTest {
 protected:
  LongLine() { daemon_options("loglevel=info"); }  // otherwise it is copied to the activity log

  /// The most memory process 1 has had so far, in KiB.
  long peak() const { return std::stol(status_line("VmHWM").substr(6)); }

  /// Starts a program and asks the daemon all the time how it is, until the program has ended.
  void run_and_ask(const std::string& program, long allowance = kAllowance) {
    const long before = peak();
    call("supervisor.startProcess", {program, false});
    auto longest = Clock::duration::zero();
    int calls = 0;
    wait_until(program + " ends", [&] {
      const auto begin = Clock::now();
      const std::string state = info(program, "statename");
      longest = std::max(longest, Clock::now() - begin);
      ++calls;
      return state == "EXITED";
    });
    EXPECT_LT(longest, std::chrono::seconds(1)) << calls << " calls";
#if defined(__SANITIZE_ADDRESS__)
    // Freed memory is kept aside there, up to 256 MiB; all else is checked as well.
    allowance += 512L * 1024;
#endif
    EXPECT_LT(peak() - before, allowance) << "KiB more than before";
  }

  /// Checks that the files together are the line, and returns how many bytes that were.
  void expect_line(const std::vector<std::string>& files) {
    std::size_t at = 0;
    std::vector<char> piece(std::size_t{1} << 20);
    for (const std::string& file : files) {
      std::ifstream stream(path(file), std::ios::binary);
      ASSERT_TRUE(stream) << file;
      while (stream.read(piece.data(), static_cast<std::streamsize>(piece.size())),
             stream.gcount() > 0) {
        for (std::streamsize i = 0; i < stream.gcount(); ++i, ++at) {
          ASSERT_EQ(piece[static_cast<std::size_t>(i)], line_byte(at)) << file << ", byte " << at;
        }
      }
    }
    EXPECT_EQ(at, kLine);
  }

  /// Names of a rotation set, oldest first.
  std::vector<std::string> rotation_set(const std::string& name) const {
    std::vector<std::string> files{name};
    for (int i = 1; std::filesystem::exists(path(name + "." + std::to_string(i))); ++i) {
      files.insert(files.begin(), name + "." + std::to_string(i));
    }
    return files;
  }

  static constexpr long kAllowance = 4096;  // KiB
  const std::string once_ = "startsecs=0\nautorestart=false\nautostart=false\n";
  const std::string size_ = std::to_string(kLine);
};

TEST_F(LongLine, FillsARotationSetWithoutAGap) {
  configure("[program:p]\ncommand={subject} line " + size_ + "\n" + once_ +
            "stdout_logfile={dir}/p.log\nstdout_logfile_maxbytes=7MB\n"
            "stdout_logfile_backups=20\n");
  start();
  run_and_ask("p");
  const std::vector<std::string> files = rotation_set("p.log");
  EXPECT_GE(files.size(), 13U);
  EXPECT_LE(files.size(), 15U);
  expect_line(files);
  stop();
}

TEST_F(LongLine, PassesTheFiltersAndBecomesEvents) {
  // Everything a channel can have: colours are looked for, tokens too, each read is an event for a
  // listener that never says it is ready.
  daemon_options("loglevel=info\nstrip_ansi=true");
  expect_errors();  // its buffer overflows, which is told
  configure(
      "[program:p]\ncommand={subject} line " + size_ + "\n" + once_ +
      "stdout_logfile={dir}/p.log\nstdout_logfile_maxbytes=0\nstdout_capture_maxbytes=1MB\n"
      "stdout_events_enabled=true\n"
      "[eventlistener:deaf]\ncommand={subject} wait\nevents=PROCESS_LOG,PROCESS_COMMUNICATION\n"
      "startsecs=0\nbuffer_size=5\n");
  start();
  run_and_ask("p");
  expect_line({"p.log"});
  stop();
}

TEST_F(LongLine, AsAMessageIsCutToItsBuffer) {
  configure("[program:p]\ncommand={subject} message " + size_ + "\n" + once_ +
            "stdout_logfile={dir}/p.log\nstdout_capture_maxbytes=1MB\n"
            "[eventlistener:hears]\ncommand=/bin/sh -c 'echo READY; read header; echo $header > "
            "{dir}/heard; exec sleep 1000'\nevents=PROCESS_COMMUNICATION\nstartsecs=0\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:hears"});
  run_and_ask("p", kAllowance + 4 * 1024);  // the message, the event, and what is sent of it
  EXPECT_EQ(read_all(path("p.log")), "before after\n");
  wait_for_text("heard", "eventname:PROCESS_COMMUNICATION_STDOUT len:");
  const std::string header = read_all(path("heard"));
  const long length = std::stol(header.substr(header.find("len:") + 4));
  EXPECT_LE(length, 1024 * 1024 + 100);
  EXPECT_GE(length, 512 * 1024);
  stop();
}

}  // namespace
}  // namespace sv::test
