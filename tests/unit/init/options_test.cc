#include "init/options.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

namespace sv::init {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using Words = std::vector<std::string>;

Options parsed(const Words& words) {
  const auto options = parse_options(words);
  EXPECT_TRUE(options) << (options ? "" : options.error().message);
  return options.value_or(Options{});
}

TEST(InitOptions, NoneMeanServicesAndScriptsAndNoMainCommand) {
  const Options options = parsed({});
  EXPECT_FALSE(options.help || options.quiet || options.skip_startup_files ||
               options.skip_services || options.enable_insecure_key);
  EXPECT_TRUE(options.kill_all_on_exit);
  EXPECT_THAT(options.main_command, IsEmpty());
}

TEST(InitOptions, StatusesCanBeExchanged) {
  EXPECT_EQ(parsed({"--exit-map", "143=0"}).exit_map.apply(143), 0);
  EXPECT_FALSE(parse_options(Words{"--exit-map=x"}));
}

TEST(InitOptions, EachSwitchIsRecognised) {
  const Options options = parsed({"--quiet", "--skip-startup-files", "--skip-runit",
                                  "--no-kill-all-on-exit", "--enable-insecure-key", "ls"});
  EXPECT_TRUE(options.quiet);
  EXPECT_TRUE(options.skip_startup_files);
  EXPECT_TRUE(options.skip_services);
  EXPECT_FALSE(options.kill_all_on_exit);
  EXPECT_TRUE(options.enable_insecure_key);
}

TEST(InitOptions, TheFirstWordThatIsNoOptionBeginsTheMainCommand) {
  EXPECT_THAT(parsed({"ls", "-d", "--quiet", "/etc"}).main_command,
              ElementsAre("ls", "-d", "--quiet", "/etc"));
  EXPECT_FALSE(parsed({"ls", "--quiet"}).quiet);
}

TEST(InitOptions, ADoubleDashEndsThemAndASecondOneIsPassedOn) {
  EXPECT_THAT(parsed({"--quiet", "--", "-x", "--"}).main_command, ElementsAre("-x", "--"));
  EXPECT_THAT(parsed({"--"}).main_command, IsEmpty());
}

TEST(InitOptions, UniquePrefixesWillDo) {
  EXPECT_TRUE(parsed({"--qui"}).quiet);
  EXPECT_TRUE(parsed({"--skip-run", "true"}).skip_services);
  EXPECT_FALSE(parse_options(Words{"--skip"}));  // two begin so
}

TEST(InitOptions, MistakesAreUsageErrors) {
  for (const Words& words : {Words{"--nope"}, Words{"-x"}, Words{"--quiet=1"}}) {
    const auto options = parse_options(words);
    ASSERT_FALSE(options) << words.front();
    EXPECT_EQ(options.error().status, 2) << words.front();
  }
}

TEST(InitOptions, WithoutServicesThereMustBeAMainCommand) {
  const auto options = parse_options(Words{"--skip-runit"});
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error().status, 1);
  EXPECT_THAT(options.error().message, HasSubstr("must also pass a main command."));
}

TEST(InitOptions, HelpNamesEveryOption) {
  for (const char* name : {"--help", "--enable-insecure-key", "--skip-startup-files",
                           "--skip-runit", "--no-kill-all-on-exit", "--quiet"}) {
    EXPECT_THAT(usage_text("/sbin/my_init"), HasSubstr(name));
  }
}

VariableLookup variables(std::map<std::string, std::string, std::less<>> values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    const auto at = values.find(name);
    return at != values.end() ? std::optional(at->second) : std::nullopt;
  };
}

TEST(InitTuning, HasMyInitsDefaults) {
  const auto tuning = read_tuning(variables({}));
  ASSERT_TRUE(tuning);
  EXPECT_EQ(tuning->kill_process.time, std::chrono::seconds(30));
  EXPECT_EQ(tuning->kill_all.time, std::chrono::seconds(30));
  EXPECT_FALSE(tuning->kill_process.asked_for || tuning->kill_all.asked_for);
  EXPECT_EQ(tuning->startup_directory, "/etc/my_init.d");
}

TEST(InitTuning, IsReadFromTheEnvironment) {
  const auto tuning = read_tuning(variables({{"KILL_PROCESS_TIMEOUT", "0"},
                                             {"KILL_ALL_PROCESSES_TIMEOUT", "7"},
                                             {"ENV_INIT_DIRECTORY", "/boot.d"},
                                             {"MY_INIT_FORGET_IDENTITY", "true"}}));
  ASSERT_TRUE(tuning);
  EXPECT_EQ(tuning->kill_process.time, std::chrono::seconds(0));
  EXPECT_EQ(tuning->kill_all.time, std::chrono::seconds(7));
  EXPECT_TRUE(tuning->kill_process.asked_for && tuning->kill_all.asked_for);
  EXPECT_EQ(tuning->startup_directory, "/boot.d");
  EXPECT_TRUE(tuning->forget_identity);
}

TEST(InitTuning, NumbersThatAreNoneAreUsageErrors) {
  for (const char* value : {"", "soon", "-1", "1.5", "99999999999999"}) {
    const auto tuning = read_tuning(variables({{"KILL_PROCESS_TIMEOUT", value}}));
    ASSERT_FALSE(tuning) << value;
    EXPECT_THAT(tuning.error().message, HasSubstr("KILL_PROCESS_TIMEOUT")) << value;
    EXPECT_EQ(tuning.error().status, 2);
  }
}

}  // namespace
}  // namespace sv::init
