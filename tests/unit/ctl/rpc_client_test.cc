#include "ctl/rpc_client.h"

#include <gtest/gtest.h>

#include <cerrno>

#include "support/fake_daemon.h"

namespace sv::ctl {
namespace {

using test::FakeDaemon;

Outcome<wire::XmlRpcValue> call(RpcClient& client, const Endpoint& endpoint,
                                std::string_view method, wire::XmlRpcArray params = {}) {
  return client.call(endpoint, method, std::move(params), nullptr);
}

TEST(RpcClient, SendsParametersAndReturnsTheValue) {
  FakeDaemon daemon;
  daemon.on("echo", [](const wire::XmlRpcArray& params) { return wire::XmlRpcReply(params); });
  RpcClient client;
  const auto value = call(client, {daemon.url(), {}, {}}, "echo", {"h\xC3\xA9 <&>", 5, true});
  ASSERT_TRUE(value);
  EXPECT_EQ(*value, wire::XmlRpcValue(wire::XmlRpcArray{"h\xC3\xA9 <&>", 5, true}));
}

TEST(RpcClient, KeepsItsConnection) {
  FakeDaemon daemon;
  RpcClient client;
  const Endpoint endpoint{daemon.url(), {}, {}};
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(call(client, endpoint, "supervisor.getVersion"));
  }
  EXPECT_EQ(daemon.connections(), 1U);
  client.disconnect();
  ASSERT_TRUE(call(client, endpoint, "supervisor.getVersion"));
  EXPECT_EQ(daemon.connections(), 2U);
}

TEST(RpcClient, ReplacesAConnectionThatWasClosedMeanwhile) {
  FakeDaemon daemon;
  daemon.close_after_each_answer();
  RpcClient client;
  const Endpoint endpoint{daemon.url(), {}, {}};
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(call(client, endpoint, "supervisor.getVersion")) << i;
  }
  EXPECT_EQ(daemon.calls().size(), 3U) << "nothing is sent twice to a server that saw it";
}

TEST(RpcClient, ReportsFaults) {
  FakeDaemon daemon;
  daemon.refuse("x", 10, "BAD_NAME: y");
  RpcClient client;
  const auto value = call(client, {daemon.url(), {}, {}}, "x");
  ASSERT_FALSE(value);
  EXPECT_EQ(value.error(), Failure(wire::XmlRpcFault{10, "BAD_NAME: y"}));
}

TEST(RpcClient, SendsCredentialsWhenBothAreSet) {
  FakeDaemon daemon;
  RpcClient client;
  const auto authorization = [&](std::optional<std::string> user,
                                 std::optional<std::string> password) {
    (void)call(client, {daemon.url(), std::move(user), std::move(password)},
               "supervisor.getVersion");
    const auto request = daemon.last_request();
    const std::string* header = request.header("authorization");
    return header != nullptr ? *header : std::string("none");
  };
  EXPECT_EQ(authorization("user", "pass"), "Basic dXNlcjpwYXNz");
  EXPECT_EQ(authorization("", ""), "Basic Og==");
  EXPECT_EQ(authorization("user", std::nullopt), "none");
  EXPECT_EQ(authorization(std::nullopt, "pass"), "none");
}

struct RawAnswer {
  std::string bytes;
  Failure failure;
};

TEST(RpcClient, NamesWhatIsWrongWithAnAnswer) {
  for (const RawAnswer& row :
       {RawAnswer{"HTTP/1.1 401 Unauthorized\r\nContent-Length: 2\r\n\r\nxx",
                  HttpFailure{401, "Unauthorized"}},
        RawAnswer{"HTTP/1.1 500 Internal Server Error\r\n\r\n",
                  HttpFailure{500, "Internal Server Error"}},
        RawAnswer{"", OtherFailure{"http.client.RemoteDisconnected",
                                   "Remote end closed connection without response"}},
        RawAnswer{"SSH-2.0-x\r\n",
                  OtherFailure{"http.client.HTTPException", "the answer is not HTTP"}},
        RawAnswer{"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nxx",
                  OtherFailure{"http.client.HTTPException",
                               "the connection was closed before the response was complete"}}}) {
    FakeDaemon daemon;
    daemon.answer_raw(row.bytes);
    RpcClient client;
    const auto value = call(client, {daemon.url(), {}, {}}, "x");
    ASSERT_FALSE(value) << row.bytes;
    EXPECT_EQ(value.error(), row.failure) << row.bytes;
    EXPECT_EQ(daemon.connections(), 1U) << "a first connection is not tried again";
  }
}

TEST(RpcClient, RefusesABodyThatIsNoReply) {
  FakeDaemon daemon;
  daemon.answer_raw("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<a/>");
  RpcClient client;
  const auto value = call(client, {daemon.url(), {}, {}}, "x");
  ASSERT_FALSE(value);
  const auto* other = std::get_if<OtherFailure>(&value.error());
  ASSERT_NE(other, nullptr);
  EXPECT_EQ(other->kind, "xml.parsers.expat.ExpatError");
}

TEST(RpcClient, SaysWhyItCannotConnect) {
  const test::TempDir dir;
  RpcClient client;
  const auto failure = [&](const std::string& url) {
    const auto value = call(client, {url, {}, {}}, "x");
    return value ? Failure(Interrupted{}) : value.error();
  };
  EXPECT_EQ(failure("unix://" + (dir / "none")), Failure(SystemFailure{ENOENT}));
  EXPECT_EQ(failure("unix://" + dir.write("file", "")), Failure(SystemFailure{ECONNREFUSED}));
  EXPECT_EQ(failure("unix:///" + std::string(200, 'x')),
            Failure(OtherFailure{"OSError", "AF_UNIX path too long"}));
  EXPECT_EQ(failure("ftp://x"),
            Failure(OtherFailure{"ValueError", "Unknown protocol for serverurl ftp://x"}));
  EXPECT_EQ(failure("http://host.example:1"),
            Failure(OtherFailure{"socket.gaierror",
                                 "[Errno -2] Name or service not known: host.example (hosts are "
                                 "numeric addresses or \"localhost\")"}));
}

TEST(RpcClient, WritesTheHostHeader) {
  EXPECT_EQ(host_header("unix:///x"), "localhost");
  EXPECT_EQ(host_header("http://127.0.0.1:9001/x"), "127.0.0.1:9001");
  EXPECT_EQ(host_header("http://[::1]:9001"), "[::1]:9001");
}

}  // namespace
}  // namespace sv::ctl
