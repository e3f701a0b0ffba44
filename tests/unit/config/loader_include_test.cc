#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>

#include "base/result.h"
#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

namespace fs = std::filesystem;

class LoaderInclude : public ::testing::Test {
 protected:
  void SetUp() override { fs::create_directory(world_.dir.path() / "inc"); }

  Config load(const std::string& files, const std::string& rest = "") {
    return world_.load("[supervisord]\n[include]\nfiles=" + files + "\n" + rest);
  }
  std::vector<std::string> relative(std::vector<std::string> lines) const {
    for (std::string& line : lines) {
      line = world_.relative(line);
    }
    return lines;
  }

  test::ConfigWorld world_;
};

std::string commands(const Config& config) {
  std::string out;
  for (const GroupConfig& group : config.groups) {
    out += group.name + "=" + group.processes.at(0).command + " ";
  }
  return out;
}

TEST_F(LoaderInclude, MergesFilesOverTheMainFile) {
  world_.dir.write("inc/a.conf", "[program:main]\ncommand=2\n[program:a]\ncommand=a\n");
  world_.dir.write("inc/b.conf", "[program:a]\nstartsecs=7\n[supervisord]\nminfds=9\n");
  const Config config = load("inc/*.conf", "[program:main]\ncommand=1\nstartsecs=3\n");
  EXPECT_EQ(commands(config), "a=a main=2 ");
  EXPECT_EQ(config.groups[0].processes[0].start_secs, std::chrono::seconds(7));
  EXPECT_EQ(config.groups[1].processes[0].start_secs, std::chrono::seconds(3));
  EXPECT_EQ(config.daemon.min_fds, 9U);
}

TEST_F(LoaderInclude, ReadsPatternsInOrderAndMatchesSortedByBytes) {
  for (const char* name : {"inc/a.conf", "inc/B.conf", "inc/c.conf", "inc/.hidden.conf"}) {
    world_.dir.write(name, std::string("[program:x]\ncommand=") + name + "\n");
  }
  const Config config = load("inc/c.conf\n  nothing*  inc/*.conf\t%(host_node_name)s");
  EXPECT_EQ(relative(config.infos), (std::vector<std::string>{
                                        "Included extra file \"<D>/inc/c.conf\" during parsing",
                                        "Included extra file \"<D>/inc/B.conf\" during parsing",
                                        "Included extra file \"<D>/inc/a.conf\" during parsing",
                                        "Included extra file \"<D>/inc/c.conf\" during parsing",
                                    }));
  EXPECT_EQ(relative(config.warnings),
            (std::vector<std::string>{"No file matches via include \"<D>/nothing*\"",
                                      "No file matches via include \"<D>/node\""}));
  EXPECT_EQ(commands(config), "x=inc/c.conf ");
}

TEST_F(LoaderInclude, SkipsWhatCannotBeReadButNamesIt) {
  fs::create_directory(world_.dir.path() / "inc/dir.conf");
  fs::create_symlink("nowhere", world_.dir.path() / "inc/link.conf");
  const Config config = load("inc/*.conf");
  EXPECT_EQ(config.infos.size(), 2U);
  EXPECT_TRUE(config.warnings.empty());
}

TEST_F(LoaderInclude, TheDaemonSectionMayBeInAnIncludedFile) {
  world_.dir.write("inc/d.conf", "[supervisord]\nidentifier=inc\n");
  EXPECT_EQ(world_.load("[include]\nfiles=inc/d.conf\n").daemon.identifier, "inc");
}

TEST_F(LoaderInclude, HereIsTheDirectoryOfTheFileItStandsIn) {
  world_.dir.write("inc/a.conf", "[program:a]\ncommand=%(here)s\n");
  const Config config = load("inc/a.conf", "[program:b]\ncommand=%(here)s %(program_name)s\n");
  EXPECT_EQ(world_.relative(commands(config)), "a=<D>/inc b=<D> b ");
}

TEST_F(LoaderInclude, HereInDefaultsIsThatOfTheFileAfterWhichASectionExists) {
  world_.dir.write("inc/a.conf", "[program:a]\ncommand=1\n");
  const Config config =
      load("inc/a.conf", "[DEFAULT]\ndirectory=%(here)s\n[program:b]\ncommand=2\n");
  EXPECT_EQ(world_.relative(*config.groups[0].processes[0].directory), "<D>/inc");
  EXPECT_EQ(world_.relative(*config.groups[1].processes[0].directory), "<D>");
}

TEST_F(LoaderInclude, AnEscapedHereBreaksOnlyWithIncludes) {
  const std::string program = "[program:a]\ncommand=%%(here)s\n";
  EXPECT_EQ(commands(world_.load("[supervisord]\n" + program)), "a=%(here)s ");
  EXPECT_EQ(world_.errors("[supervisord]\n[include]\nfiles=\n" + program),
            "Format string '%<D>' for 'program:a.command' is badly formatted: unsupported format "
            "character '/' (0x2f) at index 1 in section 'program:a' (file: '<D>/s.conf')");
}

TEST_F(LoaderInclude, NestedIncludesAreNotActedOn) {
  world_.dir.write("inc/a.conf", "[include]\nfiles=b.conf\n[program:a]\ncommand=1\n");
  world_.dir.write("inc/b.conf", "[program:b]\ncommand=2\n");
  EXPECT_EQ(commands(load("inc/a.conf")), "a=1 ");
}

TEST_F(LoaderInclude, NeedsItsKey) {
  EXPECT_EQ(world_.errors("[supervisord]\n[include]\n"),
            ".ini file has [include] section, but no files setting");
  EXPECT_TRUE(load("").warnings.empty());
  EXPECT_EQ(world_.errors("[supervisord]\nenvironment=A=\"1\"\n[include]\nfiles=%(ENV_A)s\n"),
            "Format string '%(ENV_A)s' for 'include.files' contains names ('ENV_A') which cannot "
            "be expanded. Available names: ENV_HOME, ENV_X, here, host_node_name");
}

TEST_F(LoaderInclude, ReadsTheOthersOnlyWhenNoFileMatches) {
  for (const char* name : {"a", "b", "c"}) {
    const std::string text = std::string("[program:") + name + "]\ncommand=%(here)s\n";
    world_.dir.write(std::string("inc/") + name + ".conf", text);
  }
  struct Row {
    std::string files;
    std::string otherwise;
    std::string programs;
    std::size_t warnings;  ///< about patterns without a match
  };
  const std::vector<Row> rows{
      {"inc/a.conf", "inc/b.conf", "a=<D>/inc ", 0},
      {"inc/no.conf", "inc/b.conf", "b=<D>/inc ", 0},
      {"inc/no* nor.conf", "inc/b.conf inc/[c]*", "b=<D>/inc c=<D>/inc ", 0},
      {"inc/no.conf inc/a.*", "inc/b.conf", "a=<D>/inc ", 1},
      {"no/such/folder/*.conf", "%(here)s/inc/c.conf", "c=<D>/inc ", 0},
      {"inc/a.conf/x", "inc/c.conf", "c=<D>/inc ", 0},
      {"", "inc/c.conf", "c=<D>/inc ", 0},
      {"inc/no.conf", "inc/neither.conf", "", 1},
      {"inc/no.conf", "", "", 0},
  };
  for (const Row& row : rows) {
    const Config config = load(row.files, "otherwise=" + row.otherwise + "\n");
    EXPECT_EQ(world_.relative(commands(config)), row.programs) << row.files;
    EXPECT_EQ(config.warnings.size(), row.warnings) << row.files;
  }
}

TEST_F(LoaderInclude, DecidesAnewWhetherToReadTheOthers) {
  world_.dir.write("inc/b.conf", "[program:b]\ncommand=2\n");
  const std::string otherwise = "otherwise=inc/b.conf\n";
  EXPECT_EQ(commands(load("inc/a.conf", otherwise)), "b=2 ");
  world_.dir.write("inc/a.conf", "[program:a]\ncommand=1\n");
  EXPECT_EQ(commands(load("inc/a.conf", otherwise)), "a=1 ");
  fs::remove(world_.dir.path() / "inc/a.conf");
  EXPECT_EQ(commands(load("inc/a.conf", otherwise)), "b=2 ");
}

TEST_F(LoaderInclude, WhatIsThereButNoReadableFileIsNotMissing) {
  fs::create_directory(world_.dir.path() / "inc/dir.conf");
  fs::create_symlink("nowhere", world_.dir.path() / "inc/link.conf");
  fs::create_symlink("loop", world_.dir.path() / "inc/loop");
  world_.dir.write("inc/b.conf", "[program:b]\ncommand=2\n");
  const auto errors = [this](const std::string& files) {
    return world_.errors("[supervisord]\n[include]\nfiles=" + files + "\notherwise=inc/b.conf\n");
  };
  const std::string unreadable = " is there but cannot be read as a file";
  EXPECT_EQ(errors("inc/dir.conf inc/link.conf"),
            "\"<D>/inc/dir.conf\"" + unreadable + "\n\"<D>/inc/link.conf\"" + unreadable);
  EXPECT_EQ(errors("inc/loop/a.conf"),
            "cannot tell whether \"<D>/inc/loop/a.conf\" exists: " + errno_text(ELOOP));
  EXPECT_EQ(errors("inc/loop/*.conf"),
            "cannot tell whether \"<D>/inc/loop/*.conf\" exists: " + errno_text(ELOOP));
}

TEST_F(LoaderInclude, ErrorsNameTheFileThatIntroducedTheSection) {
  world_.dir.write("inc/a.conf", "[program:a]\ncommand=1\n");
  world_.dir.write("inc/b.conf", "[program:a]\nstartsecs=x\n");
  const auto loaded = world_.try_load("[supervisord]\n[include]\nfiles=inc/../inc/*.conf\n");
  ASSERT_FALSE(loaded);
  ASSERT_EQ(loaded.error().size(), 1U);
  const ConfigError& error = loaded.error()[0];
  EXPECT_EQ(world_.relative(error.message),
            "invalid literal for int() with base 10: 'x' in section 'program:a' (file: "
            "'<D>/inc/../inc/a.conf')");
  EXPECT_EQ(world_.relative(error.file), "<D>/inc/../inc/b.conf") << "the line itself is there";
  EXPECT_EQ(error.line, 2);
}

TEST_F(LoaderInclude, ReportsTheSyntaxErrorsOfAllFilesAndNothingElse) {
  world_.dir.write("inc/a.conf", "stray\n");
  world_.dir.write("inc/b.conf", "[program:b]\nnonsense\n");
  EXPECT_EQ(world_.errors("[supervisord]\nminfds=x\n[include]\nfiles=inc/*.conf\n"),
            "File contains no section headers.\nfile: '<D>/inc/a.conf', line: 1\n'stray\\n'\n"
            "Source contains parsing errors: '<D>/inc/b.conf'\n\t[line  2]: 'nonsense\\n'");
}

TEST_F(LoaderInclude, ReportsAMainFileThatCannotBeRead) {
  const auto message = [this](const std::string& file) {
    const auto loaded = config::load(file, world_.context);
    return loaded ? "" : world_.relative(loaded.error().at(0).message);
  };
  EXPECT_EQ(message("no/such.conf"), "could not find config file no/such.conf");
  EXPECT_EQ(message(world_.dir / "inc"), "could not read config file <D>/inc");
  EXPECT_EQ(message(""), "could not find config file ");
}

}  // namespace
}  // namespace sv::config
