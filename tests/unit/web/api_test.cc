#include "web/api.h"

#include "web_fixture.h"

namespace sv::web {
namespace {

using ApiTest = WebTest;

TEST_F(ApiTest, ServesWhatLiesBelowItsPrefixAndTheEvents) {
  for (const char* path : {"/api/", "/api/v1", "/api/v2/x", "/events"}) {
    EXPECT_TRUE(Api::serves(get(path))) << path;
  }
  for (const char* path : {"/", "/api", "/apiv1", "/events/x", "/RPC2"}) {
    EXPECT_FALSE(Api::serves(get(path))) << path;
  }
}

TEST_F(ApiTest, EveryAnswerIsPrivateJson) {
  for (const auto& request : {get("/api/v1"), get("/api/v1/nosuch"), post("/api/v1/daemon")}) {
    const wire::HttpResponse response = answer(request);
    EXPECT_EQ(*response.header("Content-Type"), "application/json") << request.path;
    EXPECT_EQ(*response.header("Cache-Control"), "no-store") << request.path;
    EXPECT_EQ(*response.header("X-Content-Type-Options"), "nosniff") << request.path;
  }
}

TEST_F(ApiTest, WhatIsNotThereIsNotFound) {
  for (const char* path : {"/api/", "/api/v2", "/api/v1/programs/x/y", "/api/v1/programs//start"}) {
    EXPECT_EQ(error_of(answer(get(path))), "404 NOT_FOUND") << path;
  }
}

TEST_F(ApiTest, AFinalSlashDoesNotMatter) {
  EXPECT_EQ(answer(get("/api/v1/")).status, 200);
  EXPECT_EQ(answer(get("/api/v1/programs/")).status, 200);
}

TEST_F(ApiTest, AnotherMethodIsRefusedWithTheOneThatWorks) {
  const wire::HttpResponse response = answer(get("/api/v1/programs/x/start"));
  EXPECT_EQ(error_of(response), "405 METHOD_NOT_ALLOWED");
  EXPECT_EQ(*response.header("Allow"), "POST");
  EXPECT_EQ(host.world.state("x"), core::ProcessState::stopped);
  EXPECT_EQ(*answer(post("/api/v1/programs")).header("Allow"), "GET");
}

TEST_F(ApiTest, WithoutPermissionNothingIsChanged) {
  for (const char* path : {"/api/v1/programs/x/start", "/api/v1/programs/*/restart",
                           "/api/v1/programs/nosuch/clear", "/api/v1/actions"}) {
    EXPECT_EQ(error_of(answer(post(path), Permission::read_only)), "403 READ_ONLY") << path;
    EXPECT_EQ(error_of(answer(post(path), Permission::foreign)), "403 OTHER_SITE") << path;
  }
  EXPECT_EQ(host.world.state("x"), core::ProcessState::stopped);
  EXPECT_EQ(answer(get("/api/v1/programs"), Permission::read_only).status, 200);
  EXPECT_EQ(answer(get("/api/v1/programs"), Permission::foreign).status, 200);
}

TEST_F(ApiTest, TheDaemonTellsWhatItIsAndWhatTheCallerMayDo) {
  host.world.pass(seconds{5});
  host.orphan_count = {3, {{"web", 2}}};
  const Json daemon = get_json("/api/v1/daemon")["daemon"];
  EXPECT_EQ(daemon["identifier"], "night");
  EXPECT_EQ(daemon["state"], "RUNNING");
  EXPECT_EQ(daemon["pid"], 4711);
  EXPECT_EQ(daemon["started"], 1795400000.0) << "where the fake clock begins";
  EXPECT_EQ(daemon["log"], "/log/main.log");
  EXPECT_EQ(daemon["permission"], "full");
  EXPECT_EQ(daemon["orphans"].dump(), R"({"reaped":3,"of_programs":{"web":2}})");
  EXPECT_EQ(body_of(answer(get("/api/v1/daemon"), Permission::read_only))["daemon"]["permission"],
            "read_only");
}

TEST_F(ApiTest, HealthNamesWhatNeedsAttention) {
  Json health = get_json("/api/v1/health");
  EXPECT_EQ(health["status"], "ok");
  EXPECT_EQ(health["states"]["STOPPED"], 3);
  EXPECT_EQ(health["states"]["FATAL"], 0);
  host.world.unspawnable = {"a"};
  host.world.start("a");
  health = get_json("/api/v1/health");
  EXPECT_EQ(health["status"], "degraded");
  EXPECT_EQ(health["states"]["BACKOFF"], 1);
  EXPECT_EQ(health["in_trouble"], Json::parse(R"(["g:a"])"));
}

TEST_F(ApiTest, HealthIs503OnceTheDaemonStops) {
  host.world.start("x");
  host.shut_down();
  const wire::HttpResponse response = answer(get("/api/v1/health"));
  EXPECT_EQ(response.status, 503);
  EXPECT_EQ(body_of(response)["status"], "stopping");
  EXPECT_EQ(get_json("/api/v1/daemon")["daemon"]["state"], "SHUTDOWN") << "looking goes on";
}

// Programs ---------------------------------------------------------------------------------------

TEST_F(ApiTest, ProgramsAreSortedByName) {
  const Json programs = get_json("/api/v1/programs")["programs"];
  ASSERT_EQ(programs.size(), 3U);
  EXPECT_EQ(programs[0]["name"], "g:a");
  EXPECT_EQ(programs[1]["name"], "g:b");
  EXPECT_EQ(programs[2]["name"], "x");
}

TEST_F(ApiTest, AProgramThatNeverRanHasNoPast) {
  const Json x = get_json("/api/v1/programs/x")["program"];
  EXPECT_EQ(x["state"], "STOPPED");
  EXPECT_EQ(x["description"], "Not started");
  for (const char* name : {"since", "pid", "uptime", "started", "stopped", "next_start", "error",
                           "last_exit", "usage"}) {
    EXPECT_TRUE(x[name].is_null()) << name << " " << x[name];
  }
  EXPECT_EQ(x["restarts"], 0);
  EXPECT_EQ(x["logs"], Json::parse(R"({"stdout":null,"stderr":null})"));
}

TEST_F(ApiTest, ARunningProgramTellsSinceWhenAndWhatItUses) {
  host.stdout_logs = {{"x", "/log/x"}};
  host.stdout_bytes = {{"x", 17}};
  host.usage[101] = {milliseconds{1500}, 4096, 3};
  host.world.start("x");
  host.world.pass(milliseconds{2500});
  const Json x = get_json("/api/v1/programs/x")["program"];
  EXPECT_EQ(x["state"], "RUNNING");
  EXPECT_EQ(x["pid"], 101);
  EXPECT_EQ(x["uptime"], 2.5);
  EXPECT_EQ(x["started"], 1795400839.0);
  EXPECT_EQ(x["since"], 1795400840.0) << "startsecs later";
  EXPECT_EQ(x["logs"]["stdout"], "/log/x");
  EXPECT_EQ(x["log_bytes"], Json::parse(R"({"stdout":17,"stderr":null})"));
  EXPECT_EQ(x["usage"], Json::parse(R"({"cpu_seconds":1.5,"memory_bytes":4096,"processes":3})"));
  EXPECT_EQ(get_json("/api/v1/programs")["programs"][2]["usage"], x["usage"]);
}

TEST_F(ApiTest, AFailingProgramTellsWhyAndWhenItIsTriedAgain) {
  host.world.start("x");
  host.world.exits("x", 3);
  const Json x = get_json("/api/v1/programs/x")["program"];
  EXPECT_EQ(x["state"], "BACKOFF");
  EXPECT_EQ(x["error"], "Exited too quickly (process log may have details)");
  EXPECT_EQ(x["failed_starts"], 1);
  EXPECT_EQ(x["next_start"], 1795400840.0);
  EXPECT_EQ(x["last_exit"]["code"], 3);
  EXPECT_TRUE(x["last_exit"]["signal"].is_null());
  EXPECT_EQ(x["last_exit"]["text"], "exit status 3");
}

TEST_F(ApiTest, RestartsAreCountedFromTheSecondStart) {
  host.world.start("x");
  host.world.dies("x", 9);
  host.world.pass(seconds{1});
  const Json x = get_json("/api/v1/programs/x")["program"];
  EXPECT_EQ(x["restarts"], 1);
  EXPECT_EQ(x["last_exit"]["signal"], "SIGKILL");
  EXPECT_TRUE(x["last_exit"]["code"].is_null());
}

TEST_F(ApiTest, OneProgramComesWithItsSettingsButNotItsEnvironment) {
  auto secret =
      std::make_shared<config::GroupConfig>(*group("s", {{.name = "s", .autostart = false}}));
  secret->processes[0].environment = {{"TOKEN", "hunter2"}};
  secret->processes[0].command = "run \xFF";
  host.activate(secret);
  const wire::HttpResponse response = answer(get("/api/v1/programs/s"));
  EXPECT_EQ(response.body.find("hunter2"), std::string::npos);
  const Json settings = body_of(response)["program"]["settings"];
  EXPECT_EQ(settings["command"], "run \xEF\xBF\xBD") << "what is not UTF-8 is replaced";
  EXPECT_EQ(settings["autostart"], false);
  EXPECT_EQ(settings["stop_signal"], "SIGTERM");
  EXPECT_EQ(settings["exit_codes"], Json::parse("[0]"));
}

TEST_F(ApiTest, AnUnknownProgramIsNotFound) {
  for (const char* name : {"nosuch", "g:c", "g:*", "*", "h:a"}) {
    EXPECT_EQ(error_of(answer(get(std::string("/api/v1/programs/") + name))), "404 BAD_NAME")
        << name;
  }
}

TEST_F(ApiTest, UsageIsOnlyOfWhatRuns) {
  host.world.start("a");
  host.usage[101] = {seconds{1}, 10, 1};
  const Json usage = get_json("/api/v1/usage");
  EXPECT_EQ(usage["programs"], Json::parse(R"([{"cpu_seconds":1.0,"memory_bytes":10,
                                                "processes":1,"name":"g:a"}])"));
  EXPECT_EQ(usage["now"], 1795400839.0);
}

// Streams ----------------------------------------------------------------------------------------

TEST_F(ApiTest, EventsBeginWithASnapshot) {
  for (const char* path : {"/events", "/api/v1/events"}) {
    const Answer outcome = api.answer(get(path), Permission::read_only);
    const auto* events = std::get_if<EventsAnswer>(&outcome);
    ASSERT_NE(events, nullptr) << path;
    EXPECT_EQ(*events->head.header("Content-Type"), "text/event-stream");
    EXPECT_EQ(*events->head.header("Cache-Control"), "no-store");
    const auto snapshot = parse_json(events->snapshot);
    ASSERT_TRUE(snapshot);
    EXPECT_EQ((*snapshot)["programs"].size(), 3U);
    EXPECT_EQ((*snapshot)["daemon"]["permission"], "read_only");
    EXPECT_EQ(events->snapshot.find('\n'), std::string::npos);
  }
}

class LogApiTest : public WebTest {
 protected:
  LogApiTest() {
    host.stdout_logs = {{"a", "/log/a"}};
    host.stderr_logs = {{"a", "/log/a.err"}};
  }
  LogAnswer log_of(const wire::HttpRequest& request) {
    Answer outcome = api.answer(request, Permission::full);
    auto* found = std::get_if<LogAnswer>(&outcome);
    if (found == nullptr) {
      ADD_FAILURE() << std::get<wire::HttpResponse>(outcome).body;
      return {};
    }
    return std::move(*found);
  }
};

TEST_F(LogApiTest, ALogIsReadWholeUnlessItsEndIsAskedFor) {
  LogAnswer wanted = log_of(get("/api/v1/programs/g:a/logs/stdout"));
  EXPECT_EQ(wanted.path, "/log/a");
  EXPECT_EQ(wanted.process, host.world.process("a").id);
  EXPECT_EQ(wanted.channel, core::Channel::standard_output);
  EXPECT_EQ(wanted.last_bytes, std::nullopt);
  EXPECT_FALSE(wanted.follows);
  EXPECT_EQ(*wanted.head.header("Content-Type"), "text/plain;charset=utf-8");
  EXPECT_EQ(wanted.head.header("Content-Disposition"), nullptr);

  wanted = log_of(get("/api/v1/programs/g:a/logs/stderr", "tail=2048&follow=true"));
  EXPECT_EQ(wanted.path, "/log/a.err");
  EXPECT_EQ(wanted.channel, core::Channel::standard_error);
  EXPECT_EQ(wanted.last_bytes, 2048U);
  EXPECT_TRUE(wanted.follows);
}

TEST_F(LogApiTest, ADownloadHasAHarmlessFileName) {
  const LogAnswer wanted = log_of(get("/api/v1/programs/g:a/logs/stdout", "download=1"));
  EXPECT_EQ(*wanted.head.header("Content-Disposition"), "attachment; filename=\"g_a.stdout.log\"");
}

TEST_F(LogApiTest, TheDaemonHasALogToo) {
  const LogAnswer wanted = log_of(get("/api/v1/daemon/log", "tail=10"));
  EXPECT_EQ(wanted.path, "/log/main.log");
  EXPECT_FALSE(wanted.process);
  EXPECT_EQ(wanted.last_bytes, 10U);
  host.main_log.reset();
  EXPECT_EQ(error_of(answer(get("/api/v1/daemon/log"))), "404 NO_FILE");
}

TEST_F(LogApiTest, WhatIsNoLogIsNotFound) {
  EXPECT_EQ(error_of(answer(get("/api/v1/programs/x/logs/stdout"))), "404 NO_FILE");
  EXPECT_EQ(error_of(answer(get("/api/v1/programs/g:a/logs/stdin"))), "404 NOT_FOUND");
  EXPECT_EQ(error_of(answer(get("/api/v1/programs/nosuch/logs/stdout"))), "404 BAD_NAME");
  EXPECT_EQ(error_of(Api::no_log({ErrorCode::not_found, "gone"})), "404 NO_FILE");
  EXPECT_EQ(error_of(Api::no_log({ErrorCode::permission_denied, "no"})), "500 FAILED");
}

TEST_F(LogApiTest, TheTailIsANumberOfBytes) {
  for (const char* tail : {"-1", "1k", "x", "99999999999999999999999"}) {
    EXPECT_EQ(
        error_of(answer(get("/api/v1/programs/g:a/logs/stdout", std::string("tail=") + tail))),
        "400 BAD_REQUEST")
        << tail;
  }
}

}  // namespace
}  // namespace sv::web
