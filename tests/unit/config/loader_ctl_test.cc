#include <gtest/gtest.h>

#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

class LoaderCtl : public ::testing::Test {
 protected:
  tl::expected<CtlConfig, ConfigErrors> try_load(const std::string& text) {
    return load_ctl(world_.dir.write("s.conf", text), world_.context);
  }
  CtlConfig load(const std::string& lines) {
    return try_load("[supervisorctl]\n" + lines + "\n").value();
  }
  std::string error(const std::string& text) {
    const auto loaded = try_load(text);
    return loaded ? "" : world_.relative(loaded.error().at(0).message);
  }

  test::ConfigWorld world_;
};

TEST_F(LoaderCtl, TakesTheDocumentedDefaults) {
  EXPECT_EQ(load(""), CtlConfig{});
}

TEST_F(LoaderCtl, ReadsEveryKey) {
  CtlConfig expected;
  expected.server_url = "http://h:1";
  expected.username = "u";
  expected.password = "p%";
  expected.prompt = "from-os";
  expected.history_file = "/home/someone/.hist";
  EXPECT_EQ(load("serverurl=http://h:1\nusername=u\npassword=p%%\nprompt=%(ENV_X)s\n"
                 "history_file=~/.hist"),
            expected);
}

TEST_F(LoaderCtl, CompletesPaths) {
  const std::vector<std::pair<std::string, std::string>> rows{
      {"unix://x.sock", "unix://<D>/x.sock"},
      {"unix:///tmp/../x.sock", "unix:///x.sock"},
      {"unix://~/x.sock", "unix:///home/someone/x.sock"},
      {"unix://%(here)s/x.sock", "unix://<D>/x.sock"},
      {"UNIX://x.sock", "UNIX://x.sock"},
      {"nonsense", "nonsense"},
      {"", ""},
  };
  for (const auto& [url, expected] : rows) {
    EXPECT_EQ(world_.relative(load("serverurl=" + url).server_url), expected) << url;
  }
  EXPECT_EQ(world_.relative(load("history_file=h").history_file.value()), "<D>/h");
  EXPECT_EQ(load("history_file=").history_file, std::nullopt);
}

TEST_F(LoaderCtl, NeedsItsSectionOnly) {
  EXPECT_EQ(error("[supervisord]\n"), ".ini file does not include supervisorctl section");
  EXPECT_EQ(error("[supervisorctl]\n[program:a b]\nstartsecs=x\n[include]\n"), "");
  world_.dir.write("more.conf", "[supervisorctl]\nprompt=no\n");
  EXPECT_EQ(load("[include]\nfiles=more.conf").prompt, "supervisor");
  EXPECT_EQ(load_ctl("no/such", world_.context).error().at(0).message,
            "could not find config file no/such");
}

TEST_F(LoaderCtl, LimitsTheNamesOfExpansions) {
  EXPECT_EQ(error("[supervisorctl]\nprompt=%(here)s\n"),
            "Format string '%(here)s' for 'supervisorctl.prompt' contains names ('here') which "
            "cannot be expanded. Available names: ENV_HOME, ENV_X");
  EXPECT_EQ(error("[supervisord]\nenvironment=A=\"1\"\n[supervisorctl]\nserverurl=%(ENV_A)s\n"),
            "Format string '%(ENV_A)s' for 'supervisorctl.serverurl' contains names ('ENV_A') "
            "which cannot be expanded. Available names: ENV_HOME, ENV_X, here");
}

TEST_F(LoaderCtl, TakesDefaultsFromTheDefaultSection) {
  EXPECT_EQ(try_load("[DEFAULT]\nusername=d\n[supervisorctl]\n").value().username, "d");
}

TEST(SearchPath, IsThatOfTheReference) {
  using Paths = std::vector<std::string>;
  const std::vector<std::pair<std::string, std::string>> rows{
      {"/opt/nowhere/bin/modinit", "/opt/nowhere/"},
      {"../nowhere-either/bin/modinit", "../nowhere-either/"},
      {"./modinit", ""},
      {"modinit", ""},
  };
  for (const auto& [program, prefix] : rows) {
    Paths searched;
    [[maybe_unused]] const auto found = find_config_file(program, &searched);
    EXPECT_EQ(searched, (Paths{prefix + "etc/supervisord.conf", prefix + "supervisord.conf",
                               "supervisord.conf", "etc/supervisord.conf", "/etc/supervisord.conf",
                               "/etc/supervisor/supervisord.conf"}))
        << program;
  }
}

TEST(SearchPath, FindsTheFirstFileThatExists) {
  const test::TempDir dir;
  std::filesystem::create_directories(dir.path() / "etc");
  std::filesystem::create_directories(dir.path() / "bin");
  dir.write("supervisord.conf", "");
  EXPECT_EQ(find_config_file(dir / "bin/modinit", nullptr), dir / "supervisord.conf");
  dir.write("etc/supervisord.conf", "");
  EXPECT_EQ(find_config_file(dir / "bin/modinit", nullptr), dir / "etc/supervisord.conf");
}

}  // namespace
}  // namespace sv::config
