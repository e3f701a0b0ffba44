#include "navi/options.h"

#include <gtest/gtest.h>

#include <string_view>
#include <vector>

namespace sv::navi {
namespace {

Result<Options> parse(const std::vector<std::string_view>& arguments) {
  return parse_options(arguments);
}

TEST(NaviOptions, HaveTheOriginalsDefaults) {
  const Options options = parse({}).value();
  EXPECT_EQ(options.action, Options::Action::listen);
  EXPECT_EQ(options.output, "/mnt/notifications");
  EXPECT_EQ(options.log, LogLevel::info);
}

TEST(NaviOptions, AcceptEveryFormOfTheOriginal) {
  for (const std::vector<std::string_view>& form : std::vector<std::vector<std::string_view>>{
           {"--output", "dir"},
           {"--output=dir"},
           {"-output", "dir"},
           {"-o", "dir"},
           {"-o=dir"},
           {"--o", "dir"},
           {"--output", "other", "-o", "dir"},
           {"-o", "dir", "positional", "--nonsense"},
       }) {
    const auto options = parse(form);
    ASSERT_TRUE(options.has_value()) << form[0];
    EXPECT_EQ(options->output, "dir");
  }
  EXPECT_EQ(parse({"-l", "none"})->log, LogLevel::none);
  EXPECT_EQ(parse({"--log=debug"})->log, LogLevel::debug);
  EXPECT_EQ(parse({"--max-files=5", "--max-bytes", "0"})->max_files, 5U);
  EXPECT_EQ(parse({"--max-files=5", "--max-bytes", "0"})->max_bytes, 0U);
}

TEST(NaviOptions, KnowHelpAndVersion) {
  for (const std::string_view help : {"--help", "-h", "help", "h"}) {
    EXPECT_EQ(parse({help})->action, Options::Action::show_help) << help;
  }
  for (const std::string_view version : {"--version", "-v"}) {
    EXPECT_EQ(parse({version})->action, Options::Action::show_version) << version;
  }
}

TEST(NaviOptions, SayWhatIsWrong) {
  struct Row {
    std::vector<std::string_view> arguments;
    std::string_view message;
  };
  const std::vector<Row> rows{
      {{"--nonsense"}, "unknown option '--nonsense'"},
      {{"-x"}, "unknown option '-x'"},
      {{"--=x"}, "unknown option '--=x'"},
      {{"--output"}, "option '--output' needs a value"},
      {{"-o", ""}, "Invalid output value \"\", allowed values are: a path"},
      {{"--log", "bogus"},
       "Invalid level value \"bogus\", allowed values are: debug, info, notice, warning, error, "
       "critical, alert, emergency, none"},
      {{"-l", "INFO"},
       "Invalid level value \"INFO\", allowed values are: debug, info, notice, warning, error, "
       "critical, alert, emergency, none"},
      {{"--max-files", "-1"},
       "Invalid max-files value \"-1\", allowed values are: 0 (no limit) or a number"},
  };
  for (const Row& row : rows) {
    const auto options = parse(row.arguments);
    ASSERT_FALSE(options.has_value()) << row.message;
    EXPECT_EQ(options.error().message, row.message);
  }
}

}  // namespace
}  // namespace sv::navi
