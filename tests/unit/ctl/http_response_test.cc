#include "ctl/http_response.h"

#include <gtest/gtest.h>

#include <string>

namespace sv::ctl {
namespace {

using Status = HttpResponseParser::Status;

/// Feeds `text` in pieces of `step` bytes until the response is complete or broken.
struct Fed {
  Status status = Status::need_more;
  std::string body;
  std::size_t consumed = 0;
  int chunks = 0;
};

Fed feed(HttpResponseParser& parser, std::string_view text, std::size_t step) {
  Fed fed;
  while (fed.consumed < text.size() && fed.status != Status::complete &&
         fed.status != Status::failed) {
    std::size_t used = 0;
    fed.status = parser.feed(text.substr(fed.consumed, step), used);
    fed.consumed += used;
    fed.chunks += fed.status == Status::chunk ? 1 : 0;
    fed.body += parser.take_body();
  }
  return fed;
}

TEST(HttpResponse, IsTheSameInPiecesOfAnySize) {
  const std::string text = "HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t step = 1; step <= text.size(); ++step) {
    HttpResponseParser parser;
    const Fed fed = feed(parser, text, step);
    EXPECT_EQ(fed.status, Status::complete) << step;
    EXPECT_EQ(fed.body, "hello") << step;
    EXPECT_EQ(parser.code(), 200);
    EXPECT_EQ(parser.reason(), "OK");
    EXPECT_TRUE(parser.keeps_connection());
  }
}

TEST(HttpResponse, LeavesWhatFollowsAlone) {
  const std::string text = "HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\nHTTP/1.1 200";
  HttpResponseParser parser;
  const Fed fed = feed(parser, text, text.size());
  EXPECT_EQ(fed.status, Status::complete);
  EXPECT_EQ(text.substr(fed.consumed), "HTTP/1.1 200");
  EXPECT_EQ(parser.code(), 401);
}

TEST(HttpResponse, ReportsEveryChunkOnce) {
  const std::string text =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
      "5\r\nhello\r\n1;ext=1\r\n \r\n00A\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";
  for (const std::size_t step : {std::size_t{1}, std::size_t{7}, text.size()}) {
    HttpResponseParser parser;
    const Fed fed = feed(parser, text, step);
    EXPECT_EQ(fed.status, Status::complete) << step;
    EXPECT_EQ(fed.chunks, 3) << step;
    EXPECT_EQ(fed.body, "hello 0123456789") << step;
  }
}

TEST(HttpResponse, WithoutLengthEndsWithTheConnection) {
  HttpResponseParser parser;
  EXPECT_EQ(feed(parser, "HTTP/1.0 200 OK\r\n\r\nabc", 100).body, "abc");
  EXPECT_EQ(parser.finish(), Status::complete);
  EXPECT_FALSE(parser.keeps_connection());
}

TEST(HttpResponse, SkipsInterimAnswers) {
  HttpResponseParser parser;
  const Fed fed = feed(
      parser, "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx", 1000);
  EXPECT_EQ(fed.status, Status::complete);
  EXPECT_EQ(parser.code(), 200);
  EXPECT_EQ(fed.body, "x");
}

TEST(HttpResponse, CutShortIsAFailure) {
  const std::string text = "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello";
  for (std::size_t length = 0; length < text.size(); ++length) {
    HttpResponseParser parser;
    (void)feed(parser, text.substr(0, length), length + 1);
    EXPECT_EQ(parser.finish(), Status::failed) << length;
  }
}

struct Persistence {
  std::string head;
  bool keeps;
};

TEST(HttpResponse, SaysWhetherTheConnectionStaysOpen) {
  for (const Persistence& row : {Persistence{"HTTP/1.1 200 OK\r\n", true},
                                 {"HTTP/1.1 200 OK\r\nConnection: close\r\n", false},
                                 {"HTTP/1.1 200 OK\r\nCONNECTION:Close\r\n", false},
                                 {"HTTP/1.0 200 OK\r\n", false},
                                 {"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\n", true}}) {
    HttpResponseParser parser;
    EXPECT_EQ(feed(parser, row.head + "Content-Length: 0\r\n\r\n", 1000).status, Status::complete);
    EXPECT_EQ(parser.keeps_connection(), row.keeps) << row.head;
  }
}

TEST(HttpResponse, RefusesWhatIsNotHttp) {
  for (const char* text :
       {"220 mail.example ESMTP\r\n", "HTTP/1.1\r\n", "HTTP/1.1 abc OK\r\n", "HTTP/1.1 2\r\n",
        "HTTP/1.1 -12 OK\r\n", "\r\n", "HTTP/1.1 200 OK\r\nContent-Length: x\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -1\r\n", "HTTP/1.1 200 OK\r\nContent-Length: \r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nxy\r\n"}) {
    HttpResponseParser parser;
    EXPECT_EQ(feed(parser, text, 1000).status, Status::failed) << text;
    EXPECT_FALSE(parser.problem().empty());
  }
}

TEST(HttpResponse, HasLimits) {
  const HttpResponseLimits limits{.head_bytes = 100, .body_bytes = 10};
  const std::string head = "HTTP/1.1 200 OK\r\n";
  for (const std::string& text :
       {head + "X: " + std::string(100, 'x'), head + "Content-Length: 11\r\n\r\n",
        head + "\r\n" + std::string(11, 'x'),
        head + "Transfer-Encoding: chunked\r\n\r\nffffffffffffffff\r\n" + std::string(11, 'x'),
        head + "Transfer-Encoding: chunked\r\n\r\n0\r\n" + std::string(101, 'x')}) {
    HttpResponseParser parser(limits);
    EXPECT_EQ(feed(parser, text, 1000).status, Status::failed) << text;
  }
}

TEST(HttpResponse, AStreamMayGoOnBeyondTheLimitsAsLongAsItIsTakenAway) {
  HttpResponseParser parser(HttpResponseLimits{.head_bytes = 100, .body_bytes = 10});
  std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  for (int i = 0; i < 100; ++i) {
    text += "8\r\n12345678\r\n";
  }
  const Fed fed = feed(parser, text, 16);
  EXPECT_EQ(fed.chunks, 100);
  EXPECT_EQ(fed.body.size(), 800U);
}

}  // namespace
}  // namespace sv::ctl
