#include "shell/http_target.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/un.h>

#include <array>

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
  constexpr const char* kHosts = "127.0.0.1 localhost\n10.1.2.3 collector.local collector # ours\n";
  for (const Row& row : {
           Row{"http://127.0.0.1:8080/n?a=b", "127.0.0.1 8080", "127.0.0.1:8080", "/n?a=b"},
           Row{"http://localhost", "127.0.0.1 80", "localhost", "/"},
           Row{"http://[::1]:99/x", "::1 99", "[::1]:99", "/x"},
           Row{"http://[::1]", "::1 80", "[::1]", "/"},
           Row{"http://collector:81/", "10.1.2.3 81", "collector:81", "/"},
           Row{"unix:///run/navi.sock", "/run/navi.sock", "localhost", "/"},
       }) {
    const auto target = HttpTarget::parse(row.url, kHosts);
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
    const auto target = HttpTarget::parse(url, "");
    ASSERT_FALSE(target) << url;
    EXPECT_FALSE(target.error().message.empty());
  }
}

TEST(PostOutcome, IsWhatTheFirstLineSays) {
  for (const char* taken : {"HTTP/1.1 200 OK\r\n", "HTTP/1.0 204\n", "HTTP/1.1 299 x"}) {
    EXPECT_EQ(judge_answer(taken), PostOutcome::taken) << taken;
  }
  for (const char* refused : {"HTTP/1.1 400 Bad\r\n", "HTTP/1.1 404\r\n", "HTTP/1.1 499\n"}) {
    EXPECT_EQ(judge_answer(refused), PostOutcome::refused) << refused;
  }
  for (const char* later :
       {"HTTP/1.1 500 Oh\r\n", "HTTP/1.1 408\r\n", "HTTP/1.1 429\r\n", "HTTP/1.1 302 Found\r\n",
        "HTTP/1.1 100 Continue\r\n", "", "\n", "HTTP/1.1 20", "HTTP/1.1 2000\n", "HTTP/1.1  200\n",
        "HTTP/2 200\n", "HTTP/1.10 200\n", "HTTP/1.1 -20\n", "http/1.1 200\n", "SSH-2.0-x\r\n",
        "HTTP/1.x 200\n"}) {
    EXPECT_EQ(judge_answer(later), PostOutcome::later) << later;
  }
}

}  // namespace
}  // namespace sv::shell
