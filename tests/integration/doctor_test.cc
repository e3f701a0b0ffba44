// modinit doctor, as the command of a container and beside a running daemon.

#include <gmock/gmock.h>

#include <filesystem>

#include "base/text.h"
#include "integration/daemon_fixture.h"

namespace sv::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class Doctor : public DaemonTest {
 protected:
  /// Exit status; the text is in {dir}/console.
  int examine(const std::string& options) {
    run_instead(cat({SV_MODINIT, " doctor ", options}));
    return run_to_end();
  }
  std::string text() const { return read_all(path("console")); }
};

TEST_F(Doctor, SaysOfAContainerThatPermitsEverythingThatAllIsWell) {
  daemon_options("user=root");
  configure("[program:app]\ncommand={subject} wait\nstdout_logfile={dir}/app.log\n");
  EXPECT_EQ(examine(cat({"-c ", path("conf")})), 0) << text();
  EXPECT_THAT(text(), HasSubstr("ok       process 1         yes"));
  EXPECT_THAT(text(), HasSubstr("[program:app] stdout_logfile="));
  EXPECT_THAT(text(), Not(HasSubstr("PROBLEM")));
}

TEST_F(Doctor, NamesTheSettingThatCannotWorkAndWhatWouldHelp) {
  configure("[program:app]\ncommand={subject} wait\nstdout_logfile={dir}/ro/app.log\n");
  std::filesystem::create_directory(path("ro"));
  before_start(cat(
      {"mount --bind ", path("ro"), " ", path("ro"), "\nmount -o remount,ro,bind ", path("ro")}));
  EXPECT_EQ(examine(cat({"-c ", path("conf")})), 1) << text();
  EXPECT_THAT(text(), HasSubstr("cannot be written: Read-only file system"));
  EXPECT_THAT(text(), HasSubstr(cat({"docker run -v VOLUME:", path("ro")})));
}

TEST_F(Doctor, WritesAndStartsNothing) {
  configure("[program:app]\ncommand=touch {dir}/started\nstdout_logfile={dir}/app.log\n");
  EXPECT_EQ(examine(cat({"-c ", path("conf")})), 0) << text();
  EXPECT_EQ(read_all(path("started")), "<missing>");
  EXPECT_EQ(read_all(path("app.log")), "<missing>");
  EXPECT_EQ(log(), "<missing>");
}

TEST_F(Doctor, RefusesABadConfigurationWithItsLines) {
  dir_.write("bad", "[program:x]\ncommand=true\nautostart=perhaps\n");
  EXPECT_EQ(examine(cat({"-c ", path("bad")})), 2);
  EXPECT_THAT(text(), HasSubstr("bad:3: [program:x] autostart"));
}

}  // namespace
}  // namespace sv::test
