#include "config/diff.h"

#include <gtest/gtest.h>

#include <functional>

#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

using Names = std::vector<std::string>;

GroupConfig group(const std::string& name) {
  GroupConfig out;
  out.name = name;
  ProcessConfig process;
  process.name = name;
  process.program = name;
  process.command = "x";
  out.processes = {process};
  return out;
}

GroupConfig pool() {
  GroupConfig out = group("l");
  out.event_pool = EventPoolConfig{};
  out.event_pool->events = {"PROCESS_STATE", "TICK_5"};
  return out;
}

GroupConfig fcgi() {
  GroupConfig out = group("f");
  out.fcgi_socket = FcgiSocketConfig{};
  out.fcgi_socket->url = "unix:///x";
  return out;
}

using Change = std::function<void(GroupConfig&)>;

Change process_change(std::function<void(ProcessConfig&)> change) {
  return [change = std::move(change)](GroupConfig& g) { change(g.processes[0]); };
}

struct Row {
  const char* what;
  Change change;
};

TEST(Diff, EqualGroupsAreNotChanged) {
  EXPECT_FALSE(group_changed(group("a"), group("a")));
  EXPECT_FALSE(group_changed(pool(), pool()));
  EXPECT_FALSE(group_changed(fcgi(), fcgi()));
}

TEST(Diff, SeesWhatTheReferenceCompares) {
  using std::chrono::seconds;
  const std::vector<Row> rows{
      {"group priority", [](auto& g) { g.priority = 1; }},
      {"further process", [](auto& g) { g.processes.push_back(g.processes[0]); }},
      {"no process", [](auto& g) { g.processes.clear(); }},
      {"becomes a pool", [](auto& g) { g.event_pool = EventPoolConfig{}; }},
      {"becomes fcgi", [](auto& g) { g.fcgi_socket = FcgiSocketConfig{}; }},
      {"name", process_change([](auto& p) { p.name = "b"; })},
      {"uid", process_change([](auto& p) {
         p.user = UserRef{"app", 1000};
       })},
      {"command", process_change([](auto& p) { p.command = "x "; })},
      {"directory", process_change([](auto& p) { p.directory = ""; })},
      {"umask", process_change([](auto& p) { p.umask = 0; })},
      {"priority", process_change([](auto& p) { p.priority = 1; })},
      {"autostart", process_change([](auto& p) { p.autostart = false; })},
      {"autorestart", process_change([](auto& p) { p.autorestart = AutoRestart::always; })},
      {"startsecs", process_change([](auto& p) { p.start_secs = seconds(2); })},
      {"startretries", process_change([](auto& p) { p.start_retries = 0; })},
      {"exitcodes", process_change([](auto& p) {
         p.exit_codes = {0, 2};
       })},
      {"stopsignal", process_change([](auto& p) { p.stop_signal = 2; })},
      {"stopwaitsecs", process_change([](auto& p) { p.stop_wait = seconds(1); })},
      {"stopasgroup", process_change([](auto& p) { p.stop_as_group = true; })},
      {"killasgroup", process_change([](auto& p) { p.kill_as_group = true; })},
      {"redirect_stderr", process_change([](auto& p) { p.redirect_stderr = true; })},
      {"environment", process_change([](auto& p) {
         p.environment = {{"A", "1"}};
       })},
      {"serverurl", process_change([](auto& p) { p.server_url = "http://x"; })},
      {"stdout maxbytes", process_change([](auto& p) { p.stdout_log.max_bytes = 1; })},
      {"stdout backups", process_change([](auto& p) { p.stdout_log.backups = 1; })},
      {"stdout capture", process_change([](auto& p) { p.stdout_log.capture_max_bytes = 1; })},
      {"stdout events", process_change([](auto& p) { p.stdout_log.events_enabled = true; })},
      {"stdout syslog", process_change([](auto& p) { p.stdout_log.syslog = true; })},
      {"stderr maxbytes", process_change([](auto& p) { p.stderr_log.max_bytes = 1; })},
      {"stderr syslog", process_change([](auto& p) { p.stderr_log.syslog = true; })},
      {"stdout AUTO to NONE", process_change([](auto& p) { p.stdout_log.kind = LogKind::none; })},
      {"stderr AUTO to file", process_change([](auto& p) { p.stderr_log.kind = LogKind::file; })},
  };
  for (const Row& row : rows) {
    GroupConfig fresh = group("a");
    row.change(fresh);
    EXPECT_TRUE(group_changed(group("a"), fresh)) << row.what;
  }
}

TEST(Diff, SeesChangesOfPoolsAndSockets) {
  GroupConfig fresh = pool();
  fresh.event_pool->buffer_size = 11;
  EXPECT_TRUE(group_changed(pool(), fresh));
  fresh = pool();
  fresh.event_pool->events = {"TICK_5"};
  EXPECT_TRUE(group_changed(pool(), fresh));
  fresh = fcgi();
  fresh.fcgi_socket->url = "unix:///y";
  EXPECT_TRUE(group_changed(fcgi(), fresh));
}

TEST(Diff, DoesNotSeeWhatTheReferenceIgnores) {
  GroupConfig fresh = fcgi();
  fresh.fcgi_socket->mode = 0;
  fresh.fcgi_socket->backlog = 1;
  fresh.fcgi_socket->owner = Ownership{1, 1};
  EXPECT_FALSE(group_changed(fcgi(), fresh));

  GroupConfig active = group("a");
  active.processes[0].user = UserRef{"app", 1000};
  fresh = active;
  fresh.processes[0].user->name = "1000";
  EXPECT_FALSE(group_changed(active, fresh)) << "the same user under another name";

  active.processes[0].environment = {{"A", "1"}, {"B", "2"}};
  fresh = active;
  fresh.processes[0].environment = {{"B", "2"}, {"A", "1"}};
  EXPECT_FALSE(group_changed(active, fresh)) << "order of variables";
}

TEST(Diff, AChangeTowardsAutoIsNotSeen) {
  for (const LogKind kind : {LogKind::file, LogKind::none}) {
    GroupConfig active = group("a");
    active.processes[0].stdout_log.kind = kind;
    active.processes[0].stdout_log.path = "/x";
    EXPECT_FALSE(group_changed(active, group("a")));
    EXPECT_TRUE(group_changed(group("a"), active));
  }
}

TEST(Diff, AServerUrlTowardsAutoIsSeen) {
  GroupConfig active = group("a");
  active.processes[0].server_url = "http://x";
  EXPECT_TRUE(group_changed(active, group("a"))) << "in the reference AUTO is unset here";
}

TEST(Diff, SortsGroupsIntoThreeLists) {
  const GroupConfig old_b = group("b");
  const GroupConfig same = group("same");
  const GroupConfig gone_z = group("z");
  const GroupConfig gone_y = group("y");
  GroupConfig new_b = group("b");
  new_b.priority = 5;
  const GroupChanges changes =
      diff_groups({&gone_z, &old_b, &same, &gone_y}, {group("new2"), same, new_b, group("new1")});
  EXPECT_EQ(changes.added, (Names{"new2", "new1"}));
  EXPECT_EQ(changes.changed, (Names{"b"}));
  EXPECT_EQ(changes.removed, (Names{"z", "y"}));
}

TEST(Diff, SpellingOutADefaultIsNoChange) {
  test::ConfigWorld world;
  const Config before = world.load(
      "[supervisord]\n[program:a]\ncommand=x\n[eventlistener:l]\ncommand=x\nevents=TICK,EVENT\n");
  const Config after = world.load(
      "[supervisord]\nminfds=7\n; comment\n[eventlistener:l]\nevents=event, TICK\ncommand=x\n"
      "[program:a]\ncommand=x\nstopsignal=15\nstartsecs=1\npriority=999\nserverurl=AUTO\n"
      "stdout_logfile=AUTO\n[inet_http_server]\nport=localhost:1\n");
  EXPECT_EQ(diff_groups({&before.groups[0], &before.groups[1]}, after.groups), GroupChanges{});
}

TEST(Diff, TheDaemonsEnvironmentChangesEveryGroup) {
  test::ConfigWorld world;
  const std::string programs = "[program:a]\ncommand=x\n[program:b]\ncommand=x\n";
  const Config before = world.load("[supervisord]\n" + programs);
  const Config after = world.load("[supervisord]\nenvironment=A=\"1\"\n" + programs);
  EXPECT_EQ(diff_groups({&before.groups[0], &before.groups[1]}, after.groups).changed,
            (Names{"a", "b"}));
}

}  // namespace
}  // namespace sv::config
