#include <gtest/gtest.h>

#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

const std::string kDaemon = "[supervisord]\n";

std::string program(const std::string& name, const std::string& lines = "") {
  return "[program:" + name + "]\ncommand=x\n" + lines + "\n";
}

/// "group(process process) group()".
std::string shape(const Config& config) {
  std::string out;
  for (const GroupConfig& group : config.groups) {
    std::string names;
    for (const ProcessConfig& process : group.processes) {
      names += (names.empty() ? "" : " ") + process.name;
    }
    out += (out.empty() ? "" : " ") + group.name + "(" + names + ")";
  }
  return out;
}

TEST(LoaderGroups, EveryProgramIsItsOwnGroupInOrderOfPriorityAndName) {
  test::ConfigWorld world;
  const std::string text = kDaemon + program("z") + program("B") + program("a") +
                           program("late", "priority=1000") + program("early", "priority=-5") +
                           "[eventlistener:l]\ncommand=x\nevents=TICK\n";
  const Config config = world.load(text);
  EXPECT_EQ(shape(config), "early(early) l(l) B(B) a(a) z(z) late(late)");
  EXPECT_EQ(config.groups[1].priority, -1);
  EXPECT_EQ(config.groups[1].processes[0].priority, 999);
}

TEST(LoaderGroups, MembersLeaveTheirOwnGroupAndKeepTheOrderOfTheList) {
  test::ConfigWorld world;
  const Config config = world.load(kDaemon + program("a", "priority=1") +
                                   program("b", "numprocs=2\nprocess_name=%(process_num)d") +
                                   program("c") + "[group:g]\nprograms=\n  b ,\n  a\npriority=3\n");
  EXPECT_EQ(shape(config), "g(0 1 a) c(c)");
  EXPECT_EQ(config.groups[0].priority, 3);
  EXPECT_EQ(config.groups[0].processes[2].program, "a");
}

TEST(LoaderGroups, AMemberOfTwoGroupsRunsInBoth) {
  test::ConfigWorld world;
  const Config config =
      world.load(kDaemon + "[program:a]\ncommand=%(group_name)s %(program_name)s\n" +
                 "[group:g]\nprograms=a\n[group:h]\nprograms=a\n");
  EXPECT_EQ(shape(config), "g(a) h(a)");
  EXPECT_EQ(config.groups[0].processes[0].command, "g a");
  EXPECT_EQ(config.groups[1].processes[0].command, "h a");
}

TEST(LoaderGroups, EmptyGroupsAreFine) {
  test::ConfigWorld world;
  EXPECT_EQ(shape(world.load(kDaemon + "[group:g]\n[group:h]\nprograms=\n[group:]\n")),
            "() g() h()");
}

TEST(LoaderGroups, FcgiMembersBecomePlainPrograms) {
  test::ConfigWorld world;
  const Config config =
      world.load(kDaemon + "[fcgi-program:f]\ncommand=x\n[group:g]\nprograms=f\n");
  EXPECT_EQ(shape(config), "g(f)");
  EXPECT_FALSE(config.groups[0].fcgi_socket);
}

TEST(LoaderGroups, ReportsMembersInTheReferencesWords) {
  test::ConfigWorld world;
  const std::vector<std::pair<std::string, std::string>> rows{
      {"nope", "[group:g] names unknown program or fcgi-program nope"},
      {"a,", "[program:a] names unknown program or fcgi-program "},
      {",a", "[group:g] names unknown program or fcgi-program "},
      {"a b", "[group:g] names unknown program or fcgi-program a b"},
      {"f,nope", "[fcgi-program:f] names unknown program or fcgi-program nope"},
      {"l", "[group:g] names unknown program or fcgi-program l"},
      {"both", "[group:g] name both is ambiguous (exists as program and fcgi-program)"},
      {"x,y",
       "[group:g] names unknown program or fcgi-program x\n"
       "[group:g] names unknown program or fcgi-program y"},
  };
  const std::string others = program("a") + "[fcgi-program:f]\ncommand=x\nsocket=unix:///f\n" +
                             program("both") +
                             "[fcgi-program:both]\ncommand=x\nsocket=unix:///f\n"
                             "[eventlistener:l]\ncommand=x\nevents=TICK\n";
  for (const auto& [programs, message] : rows) {
    EXPECT_EQ(world.errors(kDaemon + others + "[group:g]\nprograms=" + programs + "\n"), message)
        << programs;
  }
}

TEST(LoaderGroups, ChecksNames) {
  test::ConfigWorld world;
  const std::vector<std::pair<std::string, std::string>> rows{
      {"[group:g h]\n", "Invalid name: 'g h' because of character: ' '"},
      {"[program:a:b]\ncommand=x\n", "Invalid name: 'a:b' because of character: ':'"},
      {"[fcgi-program:a/b]\ncommand=x\nsocket=unix:///x\n",
       "Invalid name: 'a/b' because of character: '/'"},
      {"[eventlistener:a b]\ncommand=x\nevents=TICK\n",
       "Invalid name: 'a b' because of character: ' ' in section 'eventlistener:a b' (file: "
       "'<D>/s.conf')"},
      {"[group:g]\nprograms=a b\n[program:a b]\ncommand=x\n",
       "Invalid name: 'a b' because of character: ' ' in section 'program:a b' (file: "
       "'<D>/s.conf')"},
      {"[group:g]\npriority=x\nprograms=nope\n",
       "invalid literal for int() with base 10: 'x'\n"
       "[group:g] names unknown program or fcgi-program nope"},
      {"[group:g]\npriority=%(program_name)s\n",
       "Format string '%(program_name)s' for 'group:g.priority' contains names ('program_name') "
       "which cannot be expanded. Available names: ENV_HOME, ENV_X, here"},
  };
  for (const auto& [text, message] : rows) {
    EXPECT_EQ(world.errors(kDaemon + text), message) << text;
  }
}

TEST(LoaderGroups, AcceptsOddNames) {
  test::ConfigWorld world;
  EXPECT_EQ(shape(world.load(kDaemon + program("") + program("a%*[b]") + program("\u65e5"))),
            "() a%*[b](a%*[b]) \u65e5(\u65e5)");
}

TEST(LoaderGroups, TrimsNamesExceptThatOfAPool) {
  test::ConfigWorld world;
  const Config config =
      world.load(kDaemon +
                 "[program: a ]\ncommand=%(program_name)s|%(group_name)s\n"
                 "[eventlistener: l ]\ncommand=%(program_name)s|%(group_name)s\nevents=TICK\n");
  EXPECT_EQ(shape(config), " l (l) a(a)");
  EXPECT_EQ(config.groups[0].processes[0].command, "l| l ");
  EXPECT_EQ(config.groups[1].processes[0].command, "a|a");
  EXPECT_EQ(world.errors(kDaemon + "[program: a ]\ncommand=x\n[group:g]\nprograms=a\n"),
            "[group:g] names unknown program or fcgi-program a");
}

TEST(LoaderGroups, OfTwoGroupsWithOneNameTheFirstInStartOrderIsUsed) {
  test::ConfigWorld world;
  Config config = world.load(kDaemon + program("a") + "[group:a]\n");
  EXPECT_EQ(shape(config), "a()");
  EXPECT_EQ(config.warnings,
            (std::vector<std::string>{"group 'a' is defined by more than one section, only the one "
                                      "that starts first is used"}));
  config = world.load(kDaemon + program("l") + "[eventlistener:l]\ncommand=y\nevents=TICK\n");
  EXPECT_EQ(shape(config), "l(l)");
  EXPECT_TRUE(config.groups[0].event_pool);
  config = world.load(kDaemon + program("x") + "[program:x ]\ncommand=2\npriority=1\n");
  EXPECT_EQ(config.groups[0].processes[0].command, "2");
}

TEST(LoaderGroups, OfTwoProcessesWithOneNameTheLastIsUsed) {
  test::ConfigWorld world;
  const Config config =
      world.load(kDaemon + program("a", "process_name=p") + program("b") +
                 program("c", "process_name=p\nstartsecs=9") + "[group:g]\nprograms=a,b,c\n");
  EXPECT_EQ(shape(config), "g(p b)");
  EXPECT_EQ(config.groups[0].processes[0].program, "c");
  EXPECT_EQ(config.warnings,
            (std::vector<std::string>{"group 'g' defines process 'p' more than once, the last "
                                      "definition is used"}));
}

}  // namespace
}  // namespace sv::config
