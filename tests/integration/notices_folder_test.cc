// The notices' folder is missing, or full: nothing is lost that can be kept, and what was is told.

#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>

#include "base/text.h"
#include "integration/notices_fixture.h"

namespace sv::test {
namespace {

using Json = nlohmann::json;

class NoticesFolder : public Notices {
 protected:
  /// So many programs that end with 3 when they are started, at once or each by its name.
  static std::string crashing(int count, bool at_once) {
    return cat({"[program:bad]\ncommand={subject} exit 3 x\nstartsecs=0\nautorestart=false\n",
                "stdout_logfile=NONE\nprocess_name=bad_%(process_num)d\nnumprocs=",
                std::to_string(count), "\nautostart=", at_once ? "true\n" : "false\n"});
  }

  void crash(int number) {
    call("supervisor.startProcess", {cat({"bad:bad_", std::to_string(number)}), false});
    wait_for_event(
        {"PROCESS_STATE_EXITED", cat({"processname:bad_", std::to_string(number), " "})});
  }

  /// By the number in their name: the order in which they are to be read.
  std::map<long, Json> in_order(const std::string& folder) {
    std::map<long, Json> found;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(folder, missing)) {
      if (entry.path().extension() == ".json") {
        found[std::stol(entry.path().stem())] = Json::parse(read_all(entry.path()));
      }
    }
    return found;
  }
};

TEST_F(NoticesFolder, ThatComesBackHasWhatHappenedMeanwhile) {
  expect_errors();
  std::filesystem::create_directory(path("mnt"));
  configure("[navi]\noutput={dir}/mnt/notices\n" + crashing(4, false));
  start();
  crash(0);
  EXPECT_EQ(in_order(path("mnt/notices")).size(), 1U);
  std::filesystem::rename(path("mnt"), path("away"));
  crash(1);
  crash(2);
  wait_for_text("log", "cannot write a notice, will try again (2 waiting)");
  std::filesystem::rename(path("away"), path("mnt"));
  wait_until("what was kept", [this] { return in_order(path("mnt/notices")).size() == 3; });
  crash(3);
  std::string order;
  for (const auto& [number, notice] : in_order(path("mnt/notices"))) {
    order += cat({notice["Metadata"]["processname"].get<std::string>(), " ",
                  std::to_string(notice["Sequence"].get<int>()), "\n"});
  }
  EXPECT_EQ(order, "bad_0 1\nbad_1 2\nbad_2 3\nbad_3 4\n");
  stop();
  std::filesystem::rename(path("mnt/notices"), path("notices"));  // for the schema
}

TEST_F(NoticesFolder, ThatIsMissingForTooManyTellsHowManyAreLost) {
  constexpr int kPrograms = 300;
  constexpr int kKept = 256;
  expect_errors();
  configure("[navi]\noutput={dir}/mnt/notices\n" + crashing(kPrograms, true));
  start();
  wait_until("all have crashed", [this] {
    const std::string text = log();
    std::size_t crashes = 0;
    for (std::size_t at = 0; (at = text.find("; not expected", at)) != std::string::npos; ++at) {
      ++crashes;
    }
    return crashes == kPrograms;
  });
  std::filesystem::create_directory(path("mnt"));
  wait_until("what was kept", [this] { return in_order(path("mnt/notices")).size() > kKept; });
  const std::map<long, Json> found = in_order(path("mnt/notices"));
  ASSERT_EQ(found.size(), std::size_t{kKept + 1});

  const Json& loss = found.begin()->second;
  EXPECT_EQ(loss["Kind"], "lost");
  EXPECT_EQ(loss["Metadata"]["type"], "lost");
  EXPECT_EQ(loss["Suppressed"], kPrograms - kKept);
  int next = kPrograms - kKept + 1;
  for (auto one = std::next(found.begin()); one != found.end(); ++one, ++next) {
    EXPECT_EQ(one->second["Kind"], "crash");
    EXPECT_EQ(one->second["Sequence"], next);
  }
  stop();
  std::filesystem::rename(path("mnt/notices"), path("notices"));  // for the schema
}

TEST_F(NoticesFolder, ThatIsFullGetsTheRestAsItsReaderMakesRoom) {
  constexpr int kPrograms = 20;
  expect_errors();
  std::filesystem::create_directory(path("notices"));
  // Room for a few only, in the daemon's view of its files.
  before_start(cat({"mount -t tmpfs -o size=32k none ", path("notices")}));
  configure("[navi]\noutput={dir}/notices\n" + crashing(kPrograms, true));
  start();
  wait_for_text("log", "No space left on device");
  const std::string folder = cat({"/proc/", std::to_string(init_pid()), "/root", path("notices")});
  std::set<int> read;
  wait_until("all are read", [&] {
    for (const auto& [number, notice] : in_order(folder)) {
      EXPECT_EQ(notice["Kind"], "crash");
      read.insert(notice["Sequence"].get<int>());
      EXPECT_TRUE(std::filesystem::remove(cat({folder, "/", std::to_string(number), ".json"})));
    }
    return read.size() == kPrograms;
  });
  EXPECT_EQ(*read.begin(), 1);
  EXPECT_EQ(*read.rbegin(), kPrograms);
  stop();
}

}  // namespace
}  // namespace sv::test
