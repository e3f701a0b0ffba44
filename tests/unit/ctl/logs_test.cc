#include <gtest/gtest.h>

#include <string>

#include "ctl/commands.h"
#include "support/ctl_client.h"
#include "support/fake_daemon.h"

/// logs, explain and tail -f of several, against daemons with and without the JSON interface.
namespace sv::ctl {
namespace {

using test::CtlClient;
using test::CtlResult;
using test::FakeDaemon;
using wire::XmlRpcArray;
using wire::XmlRpcStruct;

std::string page(const std::string& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
}

/// A daemon with web and api, whose logs are `stdout_` and `stderr_`.
class Logs : public testing::Test {
 protected:
  Logs() {
    client_.settings.dialect = Dialect::modctl;
    daemon_.on("supervisor.getProcessInfo", [](const XmlRpcArray& params) -> wire::XmlRpcReply {
      const auto& name = *params.at(0).get_if<std::string>();
      if (name == "zz") {
        return tl::unexpected(wire::XmlRpcFault{10, "BAD_NAME: zz"});
      }
      return wire::XmlRpcValue(
          XmlRpcStruct{{"name", name},
                       {"group", name},
                       {"state", 20},
                       {"statename", "RUNNING"},
                       {"stdout_logfile", "/log/out"},
                       {"stderr_logfile", name == "redirected" ? "" : "/log/err"}});
    });
    log("Stdout", &stdout_);
    log("Stderr", &stderr_);
  }

  void log(const std::string& channel, const std::string* text) {
    daemon_.on("supervisor.tailProcess" + channel + "Log",
               [text](const XmlRpcArray& params) -> wire::XmlRpcReply {
                 const auto wanted = static_cast<std::size_t>(*params.at(2).get_if<std::int64_t>());
                 const std::string end =
                     text->substr(text->size() - std::min(wanted, text->size()));
                 return wire::XmlRpcValue(
                     XmlRpcArray{end, static_cast<int>(text->size()), end.size() < text->size()});
               });
  }

  void expect(const std::string& line, const CtlResult& expected) {
    EXPECT_EQ(client_.run(line), expected) << line;
  }

  std::string stdout_ = "1\n2\n3\n";
  std::string stderr_ = "e\n";
  FakeDaemon daemon_;
  CtlClient client_{daemon_.url()};
};

TEST_F(Logs, AreShownByLines) {
  expect("logs web", {"1\n2\n3\n", "", 0});
  expect("logs -n 2 web", {"2\n3\n", "", 0});
  expect("logs web -n1", {"3\n", "", 0});
  expect("logs web --lines=0", {"", "", 0});
  expect("logs web --stderr", {"e\n", "", 0});
  stdout_ = "unfinished";
  expect("logs web", {"unfinished", "", 0});
}

TEST_F(Logs, AreReadAsFarAsTheLinesNeed) {
  stdout_.clear();
  for (int i = 0; i < 40; ++i) {
    stdout_ += std::string(1000, static_cast<char>('a' + i % 26)) + "\n";
  }
  EXPECT_EQ(client_.run("logs web -n 30").out, stdout_.substr(10 * 1001));
}

TEST_F(Logs, OfSeveralHaveNamesInFront) {
  expect("logs web longer -n 1", {"web    | 3\nlonger | 3\n", "", 0});
  expect("logs web --stdout --stderr -n 1", {"web stdout | 3\nweb stderr | e\n", "", 0});
}

TEST_F(Logs, ThatAreNotThereAreTold) {
  expect("logs zz web -n 1", {"zz: ERROR (no such process)\n3\n", "", 1});
  expect("logs redirected --stderr",
         {"redirected: ERROR (no log file for stderr; it may be in that of stdout)\n", "", 1});
  expect("logs web --since-start",
         {"web: ERROR (this daemon does not tell where the output of a run begins)\n", "", 1});
  EXPECT_EQ(client_.run("logs").status, 2);
  EXPECT_TRUE(client_.run("logs web -n x").out.starts_with("Error: --lines takes a number"));
}

TEST_F(Logs, BeginWithTheRun) {
  daemon_.answer_get("/api/v1/programs/web",
                     page(R"({"program": {"log_bytes": {"stdout": 4, "stderr": 0}}})"));
  expect("logs web --since-start", {"2\n3\n", "", 0});
  expect("logs web --since-start -n 1", {"3\n", "", 0});
  expect("logs web --since-start --stderr", {"", "", 0});
}

const std::string kBanner = "==> Press Ctrl-C to exit <==\n";

TEST_F(Logs, AreFollowedFromWhereTheyWereRead) {
  daemon_.answer_get("/logtail/web/stdout", page("1\n2\n3\n4\n"));
  expect("logs -f web", {"1\n2\n3\n" + kBanner + "4\n", "", 0});
  expect("logs -f -n 0 web", {kBanner + "4\n", "", 0});
  daemon_.answer_get("/api/v1/programs/web", page(R"({"program": {}})"));
  daemon_.answer_get("/api/v1/programs/web/logs/stdout", page("2\n3\n4\n5\n"));
  expect("logs -f web -n 1", {"3\n" + kBanner + "4\n5\n", "", 0});
  EXPECT_EQ(daemon_.last_request().query, "follow=true&tail=6");
}

TEST_F(Logs, OfSeveralAreFollowedTogether) {
  daemon_.answer_get("/logtail/web/stdout", page("1\n2\n3\nw"));
  daemon_.answer_get("/logtail/api/stdout", page("1\n2\n3\na\n"));
  const CtlResult result = client_.run("logs -f web api -n 0");
  EXPECT_NE(result.out.find("web | w\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("api | a\n"), std::string::npos) << result.out;
}

TEST_F(Logs, AreFollowedTogetherByTailToo) {
  daemon_.answer_get("/logtail/web/stderr", page("w\n"));
  daemon_.answer_get("/logtail/api/stderr", page("a\n"));
  const CtlResult result = client_.run("tail -f web api Stderr");
  EXPECT_NE(result.out.find("web | w\n"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("api | a\n"), std::string::npos) << result.out;
  EXPECT_NE(
      client_.run("tail -f web zz").err.find("/logtail/zz/stdout Cannot read, status code 404"),
      std::string::npos);
  client_.settings.dialect = Dialect::supervisorctl;
  expect("tail -f web api", {"Error: bad channel 'api'\n", "", 1});
}

TEST_F(Logs, CloseAnExplanation) {
  daemon_.answer_get("/api/v1/programs/web", page(R"({"program": {"restarts": 2}})"));
  expect("explain web",
         {"web is RUNNING\n  why        it was started and stayed up\n  restarts   2\n"
          "  stdout, /log/out\n    1\n    2\n    3\n  stderr, /log/err\n    e\n",
          "", 0});
  daemon_.refuse("supervisor.tailProcessStdoutLog", 30, "FAILED");
  expect("explain api", {"api is RUNNING\n  why        it was started and stayed up\n"
                         "  stderr, /log/err\n    e\n",
                         "", 0});
  expect("explain zz", {"zz: ERROR (no such process)\n", "", 1});
  EXPECT_EQ(client_.run("explain").status, 2);
}

}  // namespace
}  // namespace sv::ctl
