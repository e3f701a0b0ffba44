#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>

#include "shell/http_sink.h"
#include "support/temp_dir.h"

namespace sv::shell {
namespace {

std::string text_of(const HttpTarget& target) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  if (target.address.ss_family == AF_UNIX) {
    return reinterpret_cast<const sockaddr_un*>(&target.address)->sun_path;
  }
  if (target.address.ss_family == AF_INET) {
    const auto* v4 = reinterpret_cast<const sockaddr_in*>(&target.address);
    ::inet_ntop(AF_INET, &v4->sin_addr, text.data(), text.size());
    return std::string(text.data()) + " " + std::to_string(ntohs(v4->sin_port));
  }
  const auto* v6 = reinterpret_cast<const sockaddr_in6*>(&target.address);
  ::inet_ntop(AF_INET6, &v6->sin6_addr, text.data(), text.size());
  return std::string(text.data()) + " " + std::to_string(ntohs(v6->sin6_port));
}

struct Row {
  const char* url;
  const char* address;
  const char* host;
  const char* path;
};

TEST(HttpTarget, IsUnderstoodWithoutAskingAnybody) {
  test::TempDir dir;
  dir.write("hosts", "127.0.0.1 localhost\n10.1.2.3 collector.local collector # ours\n");
  for (const Row& row : {
           Row{"http://127.0.0.1:8080/n?a=b", "127.0.0.1 8080", "127.0.0.1:8080", "/n?a=b"},
           Row{"http://localhost", "127.0.0.1 80", "localhost", "/"},
           Row{"http://[::1]:99/x", "::1 99", "[::1]:99", "/x"},
           Row{"http://[::1]", "::1 80", "[::1]", "/"},
           Row{"http://collector:81/", "10.1.2.3 81", "collector:81", "/"},
           Row{"unix:///run/navi.sock", "/run/navi.sock", "localhost", "/"},
       }) {
    const auto target = HttpTarget::parse(row.url, dir / "hosts");
    ASSERT_TRUE(target) << row.url << ": " << target.error().message;
    EXPECT_EQ(text_of(*target), row.address) << row.url;
    EXPECT_EQ(target->host, row.host);
    EXPECT_EQ(target->path, row.path);
  }
}

TEST(HttpTarget, SaysWhatIsWrong) {
  for (const char* url :
       {"https://x/", "http://nowhere.example/", "http://127.0.0.1:0/", "http://127.0.0.1:x/",
        "http://127.0.0.1/a b", "http://127.0.0.1/\r\nX: y", "unix://", "http://"}) {
    const auto target = HttpTarget::parse(url, "/nonexistent");
    ASSERT_FALSE(target) << url;
    EXPECT_FALSE(target.error().message.empty());
  }
}

}  // namespace
}  // namespace sv::shell
