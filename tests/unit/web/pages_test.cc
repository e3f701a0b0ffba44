#include "web/pages.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <ctime>

#include "rpc/fault.h"
#include "support/fake_host.h"

namespace sv::web {
namespace {

using rpc::FaultCode;
using rpc::make_fault;
using std::chrono::seconds;
using test::group;

wire::HttpRequest get(std::string path, std::string query = "") {
  wire::HttpRequest request;
  request.method = "GET";
  request.path = std::move(path);
  request.query = std::move(query);
  request.headers = {{"Host", "box:9001"}};
  return request;
}

wire::HttpRequest post(std::string body, std::string query = "") {
  wire::HttpRequest request = get("/index.html", std::move(query));
  request.method = "POST";
  request.body = std::move(body);
  return request;
}

class PagesTest : public ::testing::Test {
 protected:
  PagesTest() {
    ::setenv("TZ", "UTC", 1);
    ::tzset();
    host.clock_at("2026-11-23 02:27:19");
    host.activate(group("x", {{.name = "x", .autostart = false}}));
    host.activate(group("g", {{.name = "a", .autostart = false}}));
  }

  /// The answer to a request that does not wait.
  [[nodiscard]] wire::HttpResponse answer(const wire::HttpRequest& request,
                                          Permission permission = Permission::full) {
    Answer outcome = pages.answer(request, permission);
    if (auto* response = std::get_if<wire::HttpResponse>(&outcome)) {
      return std::move(*response);
    }
    ADD_FAILURE() << request.query << " waits";
    return {};
  }
  [[nodiscard]] std::unique_ptr<PendingResponse> begin(const wire::HttpRequest& request) {
    Answer outcome = pages.answer(request, Permission::full);
    auto* pending = std::get_if<std::unique_ptr<PendingResponse>>(&outcome);
    return pending != nullptr ? std::move(*pending) : nullptr;
  }
  /// What an action says when it is done.
  [[nodiscard]] static std::string message(const std::optional<wire::HttpResponse>& response) {
    const std::string* location = response ? response->header("Location") : nullptr;
    constexpr std::string_view kBase = "http://box:9001/?message=";
    if (location == nullptr || response->status != 301 || !location->starts_with(kBase)) {
      return location == nullptr ? "no redirect" : *location;
    }
    return wire::percent_decode(location->substr(kBase.size()));
  }
  [[nodiscard]] std::string act(std::string query) {
    return message(answer(get("/index.html", std::move(query))));
  }

  test::FakeHost host;
  test::RecordingLog log;
  Pages pages{host, log};
};

// Routes ------------------------------------------------------------------------------------------

TEST_F(PagesTest, ServeTheReferencesPaths) {
  for (const char* path :
       {"", "/", "//", "/index.html", "//index.html", "/tail.html", "/ok.html"}) {
    EXPECT_TRUE(Pages::serves(get(path))) << path;
  }
  for (const char* path : {"/index", "/x", "/images/", "/index.html/", "/RPC2"}) {
    EXPECT_FALSE(Pages::serves(get(path))) << path;
  }
  wire::HttpRequest head = get("/");
  head.method = "HEAD";
  EXPECT_FALSE(Pages::serves(head));
}

TEST_F(PagesTest, OkIsTwoBytesEvenDuringAShutdown) {
  host.world.start("x");
  host.shut_down();
  const wire::HttpResponse response = answer(get("/ok.html"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.body, "OK");
  EXPECT_EQ(*response.header("Content-Type"), "text/plain");
}

TEST_F(PagesTest, DuringAShutdownThereAreNoOthers) {
  host.world.start("x");
  host.shut_down();
  EXPECT_EQ(answer(get("/")).status, 500);
  EXPECT_EQ(answer(get("/tail.html", "processname=x")).status, 500);
  EXPECT_EQ(answer(get("/", "action=stopall")).status, 500);
}

TEST_F(PagesTest, StatusIsNeverCached) {
  const wire::HttpResponse response = answer(get("/"));
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(*response.header("Content-Type"), "text/html;charset=utf-8");
  EXPECT_EQ(*response.header("Pragma"), "no-cache");
  EXPECT_EQ(*response.header("Cache-Control"), "no-cache, no-store");
  EXPECT_EQ(*response.header("Expires"), "Thu, 01 Jan 1970 00:00:00 GMT");
}

TEST_F(PagesTest, StatusListsProcessesByNameWithTheLastMessage) {
  host.latest.daemon.identifier = "night";
  host.world.start("x");
  host.world.pass(seconds{3});
  const std::string body = answer(get("/index.html", "message=a%3Cb+c")).body;
  EXPECT_NE(body.find("a&lt;b c"), std::string::npos);
  EXPECT_NE(body.find("night"), std::string::npos);
  EXPECT_NE(body.find("pid 101, uptime 0:00:03"), std::string::npos);
  EXPECT_NE(body.find("Not started"), std::string::npos);
  EXPECT_LT(body.find(">g:a</a>"), body.find(">x</a>"));
}

// Actions -----------------------------------------------------------------------------------------

TEST_F(PagesTest, RefreshTellsTheTime) {
  EXPECT_EQ(act("action=refresh"), "Page refreshed at Mon Nov 23 02:27:19 2026");
}

TEST_F(PagesTest, RedirectsAreNotCached) {
  const wire::HttpResponse response = answer(get("/", "action=refresh"));
  EXPECT_EQ(
      *response.header("Location"),
      "http://box:9001/?message=Page%20refreshed%20at%20Mon%20Nov%2023%2002%3A27%3A19%202026");
  EXPECT_EQ(*response.header("Cache-Control"), "no-cache, no-store");
  EXPECT_EQ(response.body, wire::error_response(301).body);
}

TEST_F(PagesTest, RedirectsLeadToWhereTheClientSeesTheServer) {
  wire::HttpRequest request = get("/", "action=clearlog&processname=x");
  request.headers = {{"Host", "box:80"}};
  EXPECT_EQ(*answer(request).header("Location"), "http://box/?message=Log%20for%20x%20cleared");
  request.headers.clear();
  EXPECT_EQ(*answer(request).header("Location"), "/?message=Log%20for%20x%20cleared");
}

TEST_F(PagesTest, RedirectsStayBehindTlsIfThereIsSome) {
  wire::HttpRequest request = post("action=refresh");
  request.headers = {{"Host", "sup.example"}, {"Origin", "https://sup.example"}};
  EXPECT_TRUE(answer(request).header("Location")->starts_with("https://sup.example/?message="));
  request.headers = {{"Host", "sup.example"}, {"Origin", "https://evil.example"}};
  EXPECT_TRUE(answer(request).header("Location")->starts_with("http://sup.example/?message="));
}

TEST_F(PagesTest, NothingButThisServersOwnFilesIsLoadedOrRun) {
  for (const auto& request : {get("/"), get("/tail.html", "processname=x")}) {
    const wire::HttpResponse response = answer(request);
    const std::string policy = *response.header("Content-Security-Policy");
    EXPECT_TRUE(policy.starts_with("default-src 'none'; script-src 'self';")) << policy;
    EXPECT_EQ(policy.find("unsafe"), std::string::npos);
    EXPECT_EQ(*response.header("X-Content-Type-Options"), "nosniff");
    for (const char* inlined : {"<style", "style=\"", "onclick", "javascript:", "<script>"}) {
      EXPECT_EQ(response.body.find(inlined), std::string::npos) << inlined;
    }
  }
}

TEST_F(PagesTest, WhoMayOnlyLookSeesNoButtonsInTheTable) {
  EXPECT_NE(answer(get("/")).body.find("value=\"clearlog\""), std::string::npos);
  EXPECT_EQ(answer(get("/"), Permission::read_only).body.find("value=\"clearlog\""),
            std::string::npos);
}

TEST_F(PagesTest, StartWaitsUntilItIsUp) {
  const auto start = begin(get("/index.html", "action=start&processname=g%3Aa"));
  ASSERT_NE(start, nullptr);
  EXPECT_FALSE(start->poll());
  host.world.pass(seconds{1});
  EXPECT_EQ(message(start->poll()), "Process g:a started");
}

TEST_F(PagesTest, StartSaysWhyItFailed) {
  host.bad_commands["x"] = make_fault(FaultCode::no_file, "can't find command '/x'");
  EXPECT_EQ(act("action=start&processname=x"), "ERROR: Process x: no such file");
  host.bad_commands["x"] = make_fault(FaultCode::not_executable, "x");
  EXPECT_EQ(act("action=start&processname=x"), "ERROR: Process x: file not executable");
  host.bad_commands.clear();
  host.world.unspawnable = {"x"};
  EXPECT_EQ(act("action=start&processname=x"), "ERROR: Process x: spawn error");
  EXPECT_EQ(act("action=start&processname=x"), "ERROR: Process x: already started");
  host.world.start("a");
  host.world.stop("a");
  EXPECT_EQ(act("action=start&processname=g:a"), "ERROR: Process g:a: abnormal termination");
}

TEST_F(PagesTest, StopWaitsUntilItHasEnded) {
  host.world.start("x");
  const auto stop = begin(post("action=stop&processname=x"));
  ASSERT_NE(stop, nullptr);
  EXPECT_EQ(stop->deadline(), host.now().mono + seconds{2});
  host.world.dies("x", 15);
  EXPECT_EQ(message(stop->poll()), "Process x stopped");
  EXPECT_EQ(act("action=stop&processname=x"), "unexpected rpc fault [70] NOT_RUNNING: x");
}

TEST_F(PagesTest, RestartStopsThenStartsWhateverComesOfIt) {
  host.world.start("x");
  const auto restart = begin(get("/", "action=restart&processname=x"));
  ASSERT_NE(restart, nullptr);
  host.world.dies("x", 15);
  EXPECT_FALSE(restart->poll());
  EXPECT_EQ(host.world.state("x"), core::ProcessState::starting);
  host.world.pass(seconds{1});
  EXPECT_EQ(message(restart->poll()), "Process x restarted");
  host.bad_commands["a"] = make_fault(FaultCode::no_file);
  EXPECT_EQ(act("action=restart&processname=g:a"), "Process g:a restarted");
}

TEST_F(PagesTest, AllAreStoppedAndRestartedTogether) {
  host.world.start("x");
  const auto restart = begin(get("/", "action=restartall"));
  ASSERT_NE(restart, nullptr);
  host.world.dies("x", 15);
  EXPECT_FALSE(restart->poll());
  host.world.pass(seconds{1});
  EXPECT_EQ(message(restart->poll()), "All restarted at Mon Nov 23 02:27:20 2026");
  EXPECT_EQ(host.world.state("a"), core::ProcessState::running);
  const auto stop = begin(get("/", "action=stopall"));
  host.world.dies("x", 15);
  host.world.dies("a", 15);
  EXPECT_EQ(message(stop->poll()), "All stopped at Mon Nov 23 02:27:20 2026");
}

TEST_F(PagesTest, ClearLogSaysWhetherItWorked) {
  EXPECT_EQ(act("action=clearlog&processname=x"), "Log for x cleared");
  host.unremovable = {"x"};
  EXPECT_EQ(act("action=clearlog&processname=x"), "unexpected rpc fault [30] FAILED: x");
}

TEST_F(PagesTest, ActionsNeedAProcessThatExists) {
  EXPECT_EQ(act("action=start&processname=nosuch"), "No such process named nosuch");
  EXPECT_EQ(act("action=stop&processname=g:*"), "No such process named g:*");
}

TEST_F(PagesTest, WhatNoPageAsksForIsAnError) {
  EXPECT_EQ(answer(get("/", "action=explode&processname=x")).status, 500);
  EXPECT_EQ(answer(get("/", "action=start")).status, 500);
  EXPECT_EQ(answer(get("/", "processname=x")).status, 200);
}

TEST_F(PagesTest, TheBodyWinsOverTheQuery) {
  EXPECT_EQ(message(answer(post("processname=nosuch&processname=x",
                                "action=clearlog&action=stop&processname=g:a"))),
            "Log for x cleared");
}

TEST_F(PagesTest, WorkWithoutTheXmlRpcInterface) {
  host.startup.rpc_interfaces.clear();
  EXPECT_EQ(act("action=clearlog&processname=x"), "Log for x cleared");
}

TEST_F(PagesTest, WithoutPermissionNothingIsChanged) {
  for (const wire::HttpRequest& request :
       {get("/", "action=start&processname=x"), post("action=start&processname=x"),
        post("action=stopall"), get("/", "action=clearlog&processname=nosuch")}) {
    EXPECT_EQ(answer(request, Permission::foreign).status, 403) << request.query << request.body;
    EXPECT_EQ(answer(request, Permission::read_only).status, 403) << request.query << request.body;
  }
  EXPECT_EQ(host.world.state("x"), core::ProcessState::stopped);
  EXPECT_EQ(answer(get("/", "action=refresh"), Permission::foreign).status, 301);
}

// Tail --------------------------------------------------------------------------------------------

TEST_F(PagesTest, TailShowsTheEndOfStdout) {
  host.stdout_logs = {{"x", "/log/x"}};
  host.files = {{"/log/x", std::string(3000, 'o') + std::string(1000, 'n') + "\xFF<end>"}};
  struct Case {
    const char* query;
    std::size_t old_bytes;
    const char* limit;
  };
  const Case cases[] = {{"processname=x", 18, "1024"},
                        {"processname=x&limit=1", 18, "1024"},
                        {"processname=x&limit=-5", 18, "1024"},
                        {"processname=x&limit=2k", 18, "1024"},
                        {"processname=x&limit=2006", 1000, "2006"},
                        {"processname=x&limit=99999999999999999999", 3000, "67108864"}};
  for (const Case& c : cases) {
    const std::string body = answer(get("/tail.html", c.query)).body;
    const std::size_t pre = body.find("<pre");
    const std::string text = body.substr(pre, body.find("</pre>") - pre);
    EXPECT_EQ(static_cast<std::size_t>(std::ranges::count(text, 'o')), c.old_bytes) << c.query;
    EXPECT_TRUE(text.ends_with("n\xEF\xBF\xBD&lt;end&gt;")) << c.query;
    EXPECT_NE(body.find(std::string("limit=") + c.limit + "\""), std::string::npos) << c.query;
  }
}

TEST_F(PagesTest, TailSaysWhyThereIsNothing) {
  const auto tail = [this](const char* query) {
    const std::string body = answer(get("/tail.html", query)).body;
    const std::size_t start = body.find('\n', body.find("<pre")) + 1;
    return body.substr(start, body.find("</pre>") - start);
  };
  EXPECT_EQ(tail(""), "No process name found");
  EXPECT_EQ(tail("processname=x"), "No file for x");
  EXPECT_EQ(tail("processname=nosuch"), "ERROR: unexpected rpc fault [10] BAD_NAME: nosuch");
}

}  // namespace
}  // namespace sv::web
