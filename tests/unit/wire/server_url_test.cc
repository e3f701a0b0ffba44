#include "wire/server_url.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sv::wire {
namespace {

TEST(CheckUrl, AgreesWithTheReference) {
  // Which of these are URLs was printed by the reference's own check.
  for (const char* url : {"foo:bar", "http:///x", "unix:///p", "HTTP://x", "http://h:abc",
                          "http://;x", " http://x", "ftp://x", "http://:9001", "http://[::1]:9"}) {
    EXPECT_TRUE(check_url(url).has_value()) << url;
  }
  for (const char* text : {"foo", "", "http://", "http://?q", "http:?q", "http:;x", "unix://",
                           "a b://x", "1http://x", "http:", ":x", "://x"}) {
    const Result<void> result = check_url(text);
    ASSERT_FALSE(result.has_value()) << text;
    EXPECT_EQ(result.error().message, "value '" + std::string(text) + "' is not a URL");
  }
  ASSERT_FALSE(check_url("http://[::1").has_value());
  EXPECT_EQ(check_url("http://[::1").error().message, "Invalid IPv6 URL");
}

TEST(ServerUrl, UnderstandsUnixSockets) {
  EXPECT_EQ(parse_server_url("unix:///run/s.sock"), ServerUrl(UnixEndpoint{"/run/s.sock"}));
  EXPECT_EQ(parse_server_url("unix://rel.sock"), ServerUrl(UnixEndpoint{"rel.sock"}));
}

TEST(ServerUrl, UnderstandsHttp) {
  struct Row {
    const char* url;
    InetEndpoint endpoint;
  };
  const std::vector<Row> rows{
      {"http://localhost:9001", {"localhost", 9001}},
      {"http://LocalHost", {"localhost", 80}},
      {"http://h:", {"h", 80}},
      {"http://127.0.0.1:9001/some/path?x#y", {"127.0.0.1", 9001}},
      {"http://user:pw@h:1/", {"h", 1}},
      {"http://u@x@h:1", {"h", 1}},
      {"http://[::1]:9001", {"::1", 9001}},
      {"http://[::1]", {"::1", 80}},
      {"http://:9001", {"localhost", 9001}},
      {"http://h:0", {"h", 0}},
      {"http://h:65535", {"h", 65535}},
      {"http://h?9", {"h", 80}},
  };
  for (const Row& row : rows) {
    EXPECT_EQ(parse_server_url(row.url), ServerUrl(row.endpoint)) << row.url;
  }
}

TEST(ServerUrl, SaysWhatItCannotUse) {
  struct Row {
    const char* url;
    const char* message;
  };
  const std::vector<Row> rows{
      {"ftp://x", "Unknown protocol for serverurl ftp://x"},
      {"HTTP://x", "Unknown protocol for serverurl HTTP://x"},
      {"https://x", "Unknown protocol for serverurl https://x"},
      {"", "Unknown protocol for serverurl "},
      {"http://h:abc", "Port could not be cast to integer value as 'abc'"},
      {"http://h:+1", "Port could not be cast to integer value as '+1'"},
      {"http://a:1:2", "Port could not be cast to integer value as '1:2'"},
      {"http://h:65536", "Port out of range 0-65535"},
      {"http://h:99999999999999999999999", "Port out of range 0-65535"},
      {"http://[::1", "Invalid IPv6 URL"},
      {"http://[::1]x", "Invalid IPv6 URL"},
  };
  for (const Row& row : rows) {
    const Result<ServerUrl> url = parse_server_url(row.url);
    ASSERT_FALSE(url.has_value()) << row.url;
    EXPECT_EQ(url.error(), (Error{ErrorCode::invalid_argument, row.message}));
  }
}

}  // namespace
}  // namespace sv::wire
