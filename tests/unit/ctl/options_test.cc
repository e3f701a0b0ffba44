#include "ctl/options.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "base/text.h"

namespace sv::ctl {
namespace {

using Words = std::vector<std::string>;

TEST(CtlOptions, EndAtTheFirstWordThatIsNoOption) {
  const auto options = parse_options(Words{"-i", "status", "-s", "unix:///x"});
  ASSERT_TRUE(options);
  EXPECT_TRUE(options->interactive);
  EXPECT_EQ(options->server_url, std::nullopt);
  EXPECT_EQ(options->action, (Words{"status", "-s", "unix:///x"}));
}

TEST(CtlOptions, AreKnownByShortAndLongNames) {
  const Options expected{.config_file = "f",
                         .server_url = "http://h",
                         .username = "u",
                         .password = "p",
                         .history_file = "h",
                         .interactive = true,
                         .help = false,
                         .action = {"a"}};
  EXPECT_EQ(*parse_options(Words{"-cf", "-s", "http://h", "-u", "u", "-pp", "-rh", "-i", "a"}),
            expected);
  EXPECT_EQ(*parse_options(Words{"--configuration=f", "--serverurl", "http://h", "--user=u",
                                 "--pass", "p", "--history_file=h", "--int", "--", "a"}),
            expected);
}

TEST(CtlOptions, AnEmptyValueIsAValue) {
  const auto options = parse_options(Words{"-u", "", "--password=", "x"});
  ASSERT_TRUE(options);
  EXPECT_EQ(options->username, "");
  EXPECT_EQ(options->password, "");
}

struct BadUse {
  Words words;
  std::string message;
};

class CtlOptionsWrongUse : public testing::TestWithParam<BadUse> {};

TEST_P(CtlOptionsWrongUse, IsToldInTheReferencesWords) {
  const auto options = parse_options(GetParam().words);
  ASSERT_FALSE(options);
  EXPECT_EQ(options.error(), GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Table, CtlOptionsWrongUse,
    testing::Values(BadUse{{"-z"}, "option -z not recognized"},
                    BadUse{{"-iz"}, "option -z not recognized"},
                    BadUse{{"--nosuch"}, "option --nosuch not recognized"},
                    BadUse{{"--history-file=x"}, "option --history-file not recognized"},
                    BadUse{{"-c"}, "option -c requires argument"},
                    BadUse{{"--server"}, "option --serverurl requires argument"},
                    BadUse{{"--help=x"}, "option --help must not have an argument"},
                    BadUse{{"--=x"}, "option -- not a unique prefix"},
                    BadUse{{"--h"}, "option --h not a unique prefix"},
                    BadUse{{"-ua", "-ub"}, "conflicting command line option '-u'"},
                    BadUse{{"-ua", "--username=b"}, "conflicting command line option '--username'"},
                    BadUse{{"-ii"}, "conflicting command line option '-i'"},
                    BadUse{{"-s", "foo"}, "invalid value for -s 'foo': value 'foo' is not a URL"},
                    BadUse{{"--server=//x"},
                           "invalid value for --serverurl '//x': value '//x' is not a URL"},
                    BadUse{{"-h", "-z"}, "option -z not recognized"}));

TEST(CtlOptions, HelpWinsOverWhatFollowsIt) {
  for (const Words& words : {Words{"-h", "-s", "foo"}, Words{"-?"}, Words{"--he", "-ua", "-ub"}}) {
    const auto options = parse_options(words);
    ASSERT_TRUE(options) << words.front();
    EXPECT_TRUE(options->help);
  }
  EXPECT_FALSE(parse_options(Words{"-s", "foo", "-h"})) << "what stands before is looked at first";
}

TEST(CtlOptions, UsageNamesEveryOption) {
  const std::string text = usage_text("/usr/bin/supervisorctl");
  for (const char* name :
       {"-c, --configuration", "-h, --help", "-?", "-i, --interactive", "-s, --serverurl",
        "-u, --username", "-p, --password", "-r, --history_file", "/usr/bin/supervisorctl"}) {
    EXPECT_NE(text.find(name), std::string::npos) << name;
  }
  for (const std::string_view line : split(text, '\n')) {
    EXPECT_LE(line.size(), 100U) << line;
  }
}

TEST(CtlOptions, AUsageErrorHasTwoLines) {
  EXPECT_EQ(usage_error("option -z not recognized", "./ctl"),
            "Error: option -z not recognized\nFor help, use ./ctl -h\n");
}

TEST(CtlSettings, TheCommandLineWinsOverTheFile) {
  config::CtlConfig file;
  file.server_url = "unix:///file";
  file.username = "file-user";
  file.password = "file-password";
  file.prompt = "prompt";
  file.history_file = "/history";
  Options options;
  options.action = {"status"};
  const Settings from_file = resolve(options, file);
  EXPECT_EQ(from_file.server_url, "unix:///file");
  EXPECT_EQ(from_file.username, "file-user");
  EXPECT_EQ(from_file.password, "file-password");
  EXPECT_EQ(from_file.prompt, "prompt");
  EXPECT_EQ(from_file.history_file, "/history");
  EXPECT_FALSE(from_file.interactive);

  options = {.config_file = {},
             .server_url = "unix:///line",
             .username = "",
             .password = "line-password",
             .history_file = "/line",
             .interactive = false,
             .help = false,
             .action = {}};
  const Settings from_line = resolve(options, file);
  EXPECT_EQ(from_line.server_url, "unix:///line");
  EXPECT_EQ(from_line.username, "");
  EXPECT_EQ(from_line.password, "line-password");
  EXPECT_EQ(from_line.history_file, "/line");
  EXPECT_TRUE(from_line.interactive) << "no action: the shell";
}

TEST(CtlSettings, WithoutAFileThereAreNoCredentials) {
  const Settings settings = resolve({}, {});
  EXPECT_EQ(settings.server_url, "http://localhost:9001");
  EXPECT_EQ(settings.prompt, "supervisor");
  EXPECT_EQ(settings.username, std::nullopt);
  EXPECT_EQ(settings.password, std::nullopt);
}

}  // namespace
}  // namespace sv::ctl
