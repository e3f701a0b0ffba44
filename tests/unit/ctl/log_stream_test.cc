#include "ctl/log_stream.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/ctl_client.h"
#include "support/fake_daemon.h"

namespace sv::ctl {
namespace {

const std::string kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(ChunkText, ShowsBytesThatAreNoTextAsTheReferenceDoes) {
  ChunkText text;
  EXPECT_EQ(text.next("plain\n"), "plain\n");
  EXPECT_EQ(text.next("\xFF\n"), "Undecodable: b'\\xff\\n'");
  EXPECT_EQ(text.next("a\xC3(b"), "Undecodable: b'a\\xc3(b'");
}

TEST(ChunkText, JoinsACharacterCutInTwo) {
  const std::string whole = "x\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80y";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    ChunkText text;
    const std::string first = text.next(whole.substr(0, cut));
    EXPECT_EQ(first + text.next(whole.substr(cut)), whole) << cut;
    EXPECT_EQ(text.end(), "");
  }
}

TEST(ChunkText, ShowsAnUnfinishedCharacterAtTheEnd) {
  ChunkText text;
  EXPECT_EQ(text.next("a\xE2\x82"), "a");
  EXPECT_EQ(text.end(), "Undecodable: b'\\xe2\\x82'");
  EXPECT_EQ(text.end(), "");
}

TEST(FollowLog, PrintsChunksUntilTheStreamEnds) {
  test::FakeDaemon daemon;
  daemon.answer_get("/logtail/grp:x/stderr", kHead + "3\r\none\r\n6\r\nh\xC3\xA9llo\r\n0\r\n\r\n");
  daemon.answer_get("/mainlogtail", kHead + "4\r\nlog\n\r\n2\r\ncu");
  test::CtlClient client(daemon.url());
  EXPECT_EQ(client.run("tail -f grp:x stderr"),
            (test::CtlResult{"==> Press Ctrl-C to exit <==\noneh\xC3\xA9llo", "", 0}));
  EXPECT_EQ(client.run("maintail -f"),
            (test::CtlResult{"==> Press Ctrl-C to exit <==\nlog\ncu", "", 0}))
      << "a cut stream shows what came";
}

TEST(FollowLog, TellsARefusalOnStderrOnly) {
  test::FakeDaemon daemon;
  test::CtlClient client(daemon.url());
  EXPECT_EQ(
      client.run("tail -f zz"),
      (test::CtlResult{"==> Press Ctrl-C to exit <==\n",
                       daemon.url() + "/logtail/zz/stdout Cannot read, status code 404\n", 0}));
}

TEST(FollowLog, SendsCredentials) {
  test::FakeDaemon daemon;
  test::CtlClient client(daemon.url());
  client.settings.username = "user";
  client.settings.password = "pass";
  (void)client.run("tail -f zz");
  const auto request = daemon.last_request();
  const std::string* header = request.header("Authorization");
  ASSERT_NE(header, nullptr);
  EXPECT_EQ(*header, "Basic dXNlcjpwYXNz");
}

wire::XmlRpcReply process_in_state(int state) {
  return wire::XmlRpcValue(wire::XmlRpcStruct{{"name", "x"}, {"group", "x"}, {"state", state}});
}

TEST(Foreground, SendsLinesUntilTheInputEnds) {
  test::FakeDaemon daemon;
  daemon.on("supervisor.getProcessInfo",
            [](const wire::XmlRpcArray&) { return process_in_state(20); });
  daemon.answer("supervisor.sendProcessStdin", true);
  test::CtlClient client(daemon.url());
  const test::CtlResult result = client.run("fg x", "one\ntwo");
  EXPECT_TRUE(result.out.starts_with("==> Press Ctrl-C to exit <==\n"));
  EXPECT_TRUE(result.out.ends_with("Exiting foreground\n"));
  EXPECT_EQ(result.status, 0);
  std::vector<std::string> sent = daemon.calls();
  std::erase_if(sent, [](const std::string& call) {
    return !call.starts_with("supervisor.sendProcessStdin");
  });
  EXPECT_EQ(sent, (std::vector<std::string>{"supervisor.sendProcessStdin(x, one\n)",
                                            "supervisor.sendProcessStdin(x, two\n)"}));
}

TEST(Foreground, EndsWithTheProcess) {
  test::FakeDaemon daemon;
  int asked = 0;
  daemon.on("supervisor.getProcessInfo", [&asked](const wire::XmlRpcArray&) {
    return process_in_state(asked++ == 0 ? 20 : 100);
  });
  daemon.answer("supervisor.sendProcessStdin", true);
  test::CtlClient client(daemon.url());
  EXPECT_EQ(client.run("fg x", "one\ntwo\n").out,
            "==> Press Ctrl-C to exit <==\nProcess got killed\nExiting foreground\n");

  asked = 0;
  daemon.refuse("supervisor.sendProcessStdin", 70, "NOT_RUNNING: x");
  EXPECT_EQ(client.run("fg x", "one\n").out,
            "==> Press Ctrl-C to exit <==\nProcess got killed\nExiting foreground\n");
}

TEST(Foreground, NeedsARunningProcess) {
  test::FakeDaemon daemon;
  daemon.on("supervisor.getProcessInfo",
            [](const wire::XmlRpcArray&) { return process_in_state(0); });
  test::CtlClient client(daemon.url());
  EXPECT_EQ(client.run("fg x"), (test::CtlResult{"ERROR: process not running\n", "", 1}));
}

}  // namespace
}  // namespace sv::ctl
