// Drives the built program the way the daemon does, over pipes. Every defect of Navi 1.0.0 that can
// be seen from there has a test (N1, N4 to N10, N14 to N16).

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <filesystem>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "base/wait_status.h"
#include "support/temp_dir.h"
#include "wire/event_frame.h"

namespace sv::navi {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr std::chrono::seconds kPatience{20};

struct Pipe {
  UniqueFd read;
  UniqueFd write;

  Pipe() {
    std::array<int, 2> fds{};
    if (::pipe2(fds.data(), O_CLOEXEC) == 0) {
      read.reset(fds[0]);
      write.reset(fds[1]);
    }
  }
};

/// A running navi. Whatever is waited for must come within kPatience.
class Program {
 public:
  explicit Program(const std::vector<std::string>& arguments) {
    Pipe in;
    Pipe out;
    Pipe err;
    std::vector<std::string> words{SV_NAVI_PROGRAM};
    words.insert(words.end(), arguments.begin(), arguments.end());
    std::vector<char*> argv;
    for (std::string& word : words) {
      argv.push_back(word.data());
    }
    argv.push_back(nullptr);
    pid_ = ::fork();
    if (pid_ == 0) {
      ::dup2(in.read.get(), 0);
      ::dup2(out.write.get(), 1);
      ::dup2(err.write.get(), 2);
      ::execv(argv[0], argv.data());
      ::_exit(127);
    }
    in_ = std::move(in.write);
    out_ = std::move(out.read);
    err_ = std::move(err.read);
  }
  ~Program() {
    if (pid_ > 0) {
      ::kill(pid_, SIGKILL);
      ::waitpid(pid_, nullptr, 0);
    }
  }
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  void send(std::string_view bytes) {
    while (!bytes.empty()) {
      const ssize_t n = ::write(in_.get(), bytes.data(), bytes.size());
      ASSERT_GT(n, 0);
      bytes.remove_prefix(static_cast<std::size_t>(n));
    }
  }
  void end_input() { in_.reset(); }

  /// Reads from standard output until it has given `text`; what came otherwise.
  std::string answer(const std::string& text) {
    return read_until(
        out_, answers_, [&] { return answers_.size() >= text.size(); }, text.size());
  }
  /// Reads the log until it contains `text`.
  bool logs(const std::string& text) {
    read_until(
        err_, log_, [&] { return log_.find(text) != std::string::npos; }, 0);
    return log_.find(text) != std::string::npos;
  }

  struct End {
    WaitStatus status;
    std::string out;
    std::string err;
  };
  End wait() {
    read_until(
        out_, answers_, [] { return false; }, 0);
    read_until(
        err_, log_, [] { return false; }, 0);
    int status = 0;
    ::waitpid(pid_, &status, 0);
    pid_ = 0;
    return {WaitStatus(status), answers_, log_};
  }

 private:
  /// Reads until `done` or the end; takes `count` bytes off the front and returns them.
  template <class Done>
  std::string read_until(const UniqueFd& fd, std::string& buffer, Done done, std::size_t count) {
    const auto deadline = std::chrono::steady_clock::now() + kPatience;
    std::array<char, 4096> chunk{};
    while (!done()) {
      const auto left =
          std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
      pollfd ready{.fd = fd.get(), .events = POLLIN, .revents = 0};
      if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) {
        ADD_FAILURE() << "waited too long; so far: " << buffer;
        break;
      }
      const ssize_t n = ::read(fd.get(), chunk.data(), chunk.size());
      if (n <= 0) {
        break;
      }
      buffer.append(chunk.data(), static_cast<std::size_t>(n));
    }
    std::string taken = buffer.substr(0, count);
    buffer.erase(0, count);
    return taken;
  }

  pid_t pid_ = -1;
  UniqueFd in_;
  UniqueFd out_;
  UniqueFd err_;
  std::string answers_;
  std::string log_;
};

std::string event(std::string_view name, std::string_view payload) {
  return wire::write_event_frame({"supervisor", 21, "navi", 7, name}, payload);
}

/// The notices in a directory by name.
std::map<std::string, json> notices(const fs::path& directory) {
  std::map<std::string, json> found;
  for (const auto& entry : fs::directory_iterator(directory)) {
    found[entry.path().filename().string()] = json::parse(test::read_all(entry.path()));
  }
  return found;
}

class NaviProgram : public testing::Test {
 protected:
  static constexpr const char* kOk = "RESULT 2\nOKREADY\n";

  void expect_notice(std::string_view payload, const json& metadata, const std::string& text) {
    navi_.send(event("E", payload));
    ASSERT_EQ(navi_.answer(kOk), kOk);
    const auto found = notices(out_);
    ASSERT_FALSE(found.empty());
    EXPECT_EQ(found.rbegin()->second["Metadata"], metadata);
    EXPECT_EQ(found.rbegin()->second["Payload"], text);
  }

  void SetUp() override { ASSERT_EQ(navi_.answer("READY\n"), "READY\n"); }

  test::TempDir dir_;
  fs::path out_ = dir_.path() / "out";
  Program navi_{{"--output", out_.string()}};
};

TEST_F(NaviProgram, WritesAnEventBeforeItAnswers) {
  navi_.send(event("PROCESS_STATE_EXITED",
                   "processname:app groupname:app from_state:RUNNING expected:0 pid:42"));
  ASSERT_EQ(navi_.answer(kOk), kOk);
  const auto found = notices(out_);
  ASSERT_EQ(found.size(), 1U);
  const json& notice = found.begin()->second;
  EXPECT_EQ(notice["Header"]["eventname"], "PROCESS_STATE_EXITED");
  EXPECT_EQ(notice["Header"]["serial"], "21");
  EXPECT_EQ(notice["Metadata"]["expected"], "0");
  EXPECT_EQ(notice["Kind"], "crash");
  EXPECT_EQ(notice["Sequence"], 1);
}

TEST_F(NaviProgram, EndsWellWithItsInput) {
  navi_.end_input();
  const auto end = navi_.wait();
  EXPECT_EQ(end.status, WaitStatus::from_exit(0));
  EXPECT_EQ(end.out, "");
}

TEST_F(NaviProgram, KeepsEventsOfOneSecondApart) {  // N1
  for (const char* name :
       {"PROCESS_STATE_EXITED", "PROCESS_STATE_BACKOFF", "PROCESS_STATE_FATAL"}) {
    navi_.send(event(name, "processname:a groupname:a"));
    ASSERT_EQ(navi_.answer(kOk), kOk);
  }
  std::vector<std::string> names;
  for (const auto& [file, notice] : notices(out_)) {
    names.push_back(notice["Header"]["eventname"]);
  }
  EXPECT_EQ(names, (std::vector<std::string>{"PROCESS_STATE_EXITED", "PROCESS_STATE_BACKOFF",
                                             "PROCESS_STATE_FATAL"}))
      << "and in their order";
}

TEST_F(NaviProgram, TakesAnEventWithoutPayload) {  // N4
  expect_notice("", json::object(), "");
}

TEST_F(NaviProgram, TakesTokensWithoutOrWithManyColons) {  // N5, N6
  expect_notice("odd  processname:a:b groupname:http://x\ntext",
                {{"processname", "a:b"}, {"groupname", "http://x"}}, "text");
  navi_.send("\n\nnonsense  len:1 \nx");
  EXPECT_EQ(navi_.answer(kOk), kOk);
}

TEST_F(NaviProgram, TakesLargeEventsWhole) {  // N7
  const std::string text(300000, 'x');
  expect_notice("channel:stdout\n" + text, {{"channel", "stdout"}}, text);
  expect_notice("when:5", {{"when", "5"}}, "");
}

TEST_F(NaviProgram, TakesAPayloadThatComesInPieces) {  // N8
  const std::string frame = event("E", "a:1\nh\xC3\xA9llo");
  for (const char byte : frame) {
    navi_.send(std::string_view(&byte, 1));
  }
  ASSERT_EQ(navi_.answer(kOk), kOk);
  EXPECT_EQ(notices(out_).begin()->second["Payload"], "h\xC3\xA9llo");
}

TEST_F(NaviProgram, WritesNothingForHalfAnEvent) {  // N9
  navi_.send("len:100\nonly this");
  navi_.end_input();
  const auto end = navi_.wait();
  EXPECT_EQ(end.status, WaitStatus::from_exit(0));
  EXPECT_NE(end.err.find("Input ended in the middle of an event"), std::string::npos);
  EXPECT_FALSE(fs::exists(out_));
}

TEST_F(NaviProgram, FailsVisiblyWhenItCannotUnderstandTheInput) {  // N9
  navi_.send("ver:3.0 len:-5\n");
  const auto end = navi_.wait();
  EXPECT_EQ(end.status, WaitStatus::from_exit(1));
  EXPECT_EQ(end.out, "");
  EXPECT_NE(end.err.find("event header has a bad len: '-5'"), std::string::npos);
}

TEST_F(NaviProgram, SaysThatAKeyOccursTwice) {  // N16
  expect_notice("a:1 a:2", {{"a", "2"}}, "");
  EXPECT_TRUE(navi_.logs("Key occurs twice, the last one counts: 'a'"));
}

TEST(NaviProgramWithoutDirectory, KeepsNoticesUntilItCanWriteThem) {  // N10
  const test::TempDir dir;
  Program navi({"-o", dir / "missing/out"});
  navi.send(event("E", "n:1"));
  navi.send(event("E", "n:2"));
  const std::string both = "READY\nRESULT 2\nOKREADY\nRESULT 2\nOKREADY\n";
  ASSERT_EQ(navi.answer(both), both);
  fs::create_directory(dir / "missing");
  EXPECT_TRUE(navi.logs("Wrote file")) << "by itself, without another event";
  navi.end_input();
  EXPECT_EQ(navi.wait().status, WaitStatus::from_exit(0));
  std::vector<std::string> numbers;
  for (const auto& [file, notice] : notices(dir / "missing/out")) {
    numbers.push_back(notice["Metadata"]["n"]);
  }
  EXPECT_EQ(numbers, (std::vector<std::string>{"1", "2"}));
}

TEST(NaviProgramWithoutDirectory, RefusesWhatItCannotKeep) {
  const test::TempDir dir;
  Program navi({"-o", dir / "missing/out", "-l", "none"});
  std::string expected = "READY\n";
  for (int i = 0; i < 256; ++i) {
    navi.send(event("E", "n:1"));
    expected += "RESULT 2\nOKREADY\n";
  }
  ASSERT_EQ(navi.answer(expected), expected);
  navi.send(event("E", "n:257"));
  ASSERT_EQ(navi.answer("RESULT 4\nFAILREADY\n"), "RESULT 4\nFAILREADY\n");
  fs::create_directory(dir / "missing");
  navi.send(event("E", "n:257"));
  ASSERT_EQ(navi.answer("RESULT 2\nOKREADY\n"), "RESULT 2\nOKREADY\n");
  EXPECT_EQ(notices(dir / "missing/out").size(), 257U);
}

TEST(NaviProgramOptions, AUsageErrorDoesNotTouchTheProtocolChannel) {  // N15
  for (const std::vector<std::string>& arguments :
       std::vector<std::vector<std::string>>{{"--nonsense"}, {"--log", "bogus"}, {"--output"}}) {
    const auto end = Program(arguments).wait();
    EXPECT_EQ(end.status, WaitStatus::from_exit(2));
    EXPECT_EQ(end.out, "");
    EXPECT_NE(end.err.find("navi: "), std::string::npos);
  }
}

TEST(NaviProgramOptions, HelpAndVersionArePrinted) {
  const auto help = Program({"--help"}).wait();
  EXPECT_EQ(help.status, WaitStatus::from_exit(0));
  EXPECT_NE(help.out.find("--output DIR"), std::string::npos);
  const auto version = Program({"-v"}).wait();
  EXPECT_EQ(version.status, WaitStatus::from_exit(0));
  EXPECT_EQ(version.out, "Navi version 1.0.0\n");
}

}  // namespace
}  // namespace sv::navi
