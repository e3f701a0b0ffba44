#include "wire/http_parser.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace sv::wire {
namespace {

using Status = HttpRequestParser::Status;

struct Outcome {
  std::vector<HttpRequest> requests;
  Status last = Status::need_more;
  int error = 0;
  bool idle = false;
};

/// Feeds `bytes` in pieces of `step`, taking every request that completes.
Outcome parse(std::string_view bytes, std::size_t step, const HttpLimits& limits = {}) {
  HttpRequestParser parser(limits);
  Outcome out;
  while (!bytes.empty()) {
    std::string_view piece = bytes.substr(0, step);
    bytes.remove_prefix(piece.size());
    while (!piece.empty()) {
      std::size_t consumed = 0;
      out.last = parser.feed(piece, consumed);
      if (out.last == Status::failed) {
        out.error = parser.error_status();
        return out;
      }
      EXPECT_LE(consumed, piece.size());
      if (out.last == Status::complete) {
        out.requests.push_back(parser.take());
      } else {
        EXPECT_EQ(consumed, piece.size());
      }
      piece.remove_prefix(consumed);
    }
  }
  out.idle = parser.is_idle();
  return out;
}

/// Same outcome for whole input and for single bytes, as a test of every parser's favourite bug.
Outcome parse_both_ways(std::string_view bytes, const HttpLimits& limits = {}) {
  const Outcome whole = parse(bytes, bytes.size(), limits);
  const Outcome single = parse(bytes, 1, limits);
  EXPECT_EQ(whole.requests.size(), single.requests.size()) << bytes;
  EXPECT_EQ(whole.error, single.error) << bytes;
  EXPECT_EQ(whole.idle, single.idle) << bytes;
  for (std::size_t i = 0; i < whole.requests.size() && i < single.requests.size(); ++i) {
    EXPECT_EQ(whole.requests[i].target, single.requests[i].target);
    EXPECT_EQ(whole.requests[i].headers, single.requests[i].headers);
    EXPECT_EQ(whole.requests[i].body, single.requests[i].body);
  }
  return whole;
}

HttpRequest parse_one(std::string_view bytes) {
  Outcome outcome = parse_both_ways(bytes);
  EXPECT_EQ(outcome.requests.size(), 1U) << bytes;
  EXPECT_TRUE(outcome.idle) << bytes;
  return outcome.requests.empty() ? HttpRequest{} : outcome.requests.front();
}

int error_of(std::string_view bytes, const HttpLimits& limits = {}) {
  const Outcome outcome = parse_both_ways(bytes, limits);
  EXPECT_TRUE(outcome.requests.empty()) << bytes;
  return outcome.error;
}

TEST(HttpParser, ReadsWhatTheReferenceClientSends) {
  const HttpRequest request = parse_one(
      "POST /RPC2 HTTP/1.1\r\nHost: localhost\r\nAccept-Encoding: identity\r\n"
      "Authorization: Basic dXNlcjpwYXNz\r\nContent-Length: 5\r\n\r\nhello");
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path, "/RPC2");
  EXPECT_EQ(request.major, 1);
  EXPECT_EQ(request.minor, 1);
  EXPECT_EQ(request.body, "hello");
  ASSERT_EQ(request.headers.size(), 4U);
  EXPECT_EQ(request.headers[0], (HttpHeader{"Host", "localhost"}));
  EXPECT_EQ(*request.header("authorization"), "Basic dXNlcjpwYXNz");
}

TEST(HttpParser, SeparatesAndDecodesThePath) {
  const HttpRequest request =
      parse_one("GET /logtail/a%3Ab%2Fc?x=%41&y HTTP/1.0\r\nHost: \r\n\r\n");
  EXPECT_EQ(request.target, "/logtail/a%3Ab%2Fc?x=%41&y");
  EXPECT_EQ(request.path, "/logtail/a:b/c");
  EXPECT_EQ(request.query, "x=%41&y");
  EXPECT_EQ(request.minor, 0);
  EXPECT_EQ(*request.header("Host"), "");
}

TEST(HttpParser, SpaceAroundHeaderValuesIsOptional) {
  const HttpRequest request =
      parse_one("POST / HTTP/1.1\r\nContent-Length:2\r\nX:  a b \t\r\n\r\nok");
  EXPECT_EQ(request.body, "ok");
  EXPECT_EQ(*request.header("X"), "a b");
}

TEST(HttpParser, AnEmptyBodyIsAComplete) {
  EXPECT_EQ(parse_one("POST /RPC2 HTTP/1.1\r\nContent-Length: 0\r\n\r\n").body, "");
}

TEST(HttpParser, ConsumesTheBodyOfAGet) {
  EXPECT_EQ(parse_one("GET / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc").body, "abc");
}

TEST(HttpParser, BodiesAreBytes) {
  const std::string body("\0\r\n\r\n\xFF", 6);
  EXPECT_EQ(parse_one("POST / HTTP/1.1\r\nContent-Length: 6\r\n\r\n" + body).body, body);
}

TEST(HttpParser, ReadsPipelinedRequestsOneByOne) {
  const Outcome outcome = parse_both_ways(
      "GET /a HTTP/1.1\r\n\r\nPOST /b HTTP/1.1\r\nContent-Length: 1\r\n\r\nxGET /c "
      "HTTP/1.1\r\n\r\n");
  ASSERT_EQ(outcome.requests.size(), 3U);
  EXPECT_EQ(outcome.requests[1].body, "x");
  EXPECT_EQ(outcome.requests[2].target, "/c");
  EXPECT_TRUE(outcome.idle);
}

TEST(HttpParser, GoesOnAfterARequestThatAsksToClose) {
  const Outcome outcome = parse_both_ways(
      "GET /a HTTP/1.1\r\nConnection: close\r\n\r\nGET /b HTTP/1.0\r\n\r\nGET /c HTTP/1.1\r\n\r\n");
  EXPECT_EQ(outcome.requests.size(), 3U);
}

TEST(HttpParser, TheExtraLineEndOfTheReferenceClientIsHarmless) {
  const Outcome outcome = parse_both_ways("GET /a HTTP/1.1\r\n\r\n\r\nGET /b HTTP/1.1\r\n\r\n\r\n");
  EXPECT_EQ(outcome.requests.size(), 2U);
  EXPECT_EQ(outcome.error, 0);
  EXPECT_TRUE(outcome.idle);
}

TEST(HttpParser, KnowsWhetherARequestHasBegun) {
  EXPECT_TRUE(parse("\r\n", 2).idle);
  EXPECT_FALSE(parse("G", 1).idle);
  EXPECT_FALSE(parse("POST / HTTP/1.1\r\nContent-Length: 2\r\n\r\nx", 100).idle);
}

TEST(HttpParser, IgnoresExpectAndUpgrade) {
  EXPECT_EQ(parse_one("POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\nx").body,
            "x");
  EXPECT_EQ(parse_one("GET /u HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c\r\n\r\n").path, "/u");
}

TEST(HttpParser, APostNeedsALength) {
  EXPECT_EQ(error_of("POST /RPC2 HTTP/1.1\r\nHost: x\r\n\r\n"), 411);
  EXPECT_EQ(error_of("POST /RPC2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 411);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"), 411);
  EXPECT_EQ(error_of("POST / HTTP/1.1\r\nTransfer-Encoding: identity\r\n\r\n"), 411);
}

TEST(HttpParser, WhereItIsAllowedAPostWithoutALengthHasNoBody) {
  HttpLimits limits;
  limits.lengthless_posts = "/api/";
  HttpRequestParser parser(limits);
  std::size_t consumed = 0;
  constexpr std::string_view kFirst = "POST /api/x HTTP/1.1\r\n\r\n";
  const std::string bytes = std::string(kFirst) + "POST /RPC2 HTTP/1.1\r\n\r\n";
  ASSERT_EQ(parser.feed(bytes, consumed), HttpRequestParser::Status::complete);
  EXPECT_EQ(consumed, kFirst.size());
  EXPECT_EQ(parser.take().body, "");
  EXPECT_EQ(parser.feed(bytes.substr(consumed), consumed), HttpRequestParser::Status::failed);
  EXPECT_EQ(parser.error_status(), 411);
}

TEST(HttpParser, RefusesMalformedRequests) {
  for (const char* bytes : {
           "FOO / HTTP/1.1\r\n\r\n",
           "post /RPC2 HTTP/1.1\r\nContent-Length: 0\r\n\r\n",
           "GET / http/1.1\r\n\r\n",
           "GET /\r\n\r\n",
           "GET / HTTP/0.9\r\n\r\n",
           "GET / HTTP/2.0\r\n\r\n",
           "GET / HTTP/1.2\r\n\r\n",
           "GET / RTSP/1.0\r\n\r\n",
           "SOURCE / ICE/1.0\r\n\r\n",
           "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
           "CONNECT host:1 HTTP/1.1\r\n\r\n",
           "GET /a b HTTP/1.1\r\n\r\n",
           "GET / HTTP/1.1\r\nno colon\r\n\r\n",
           "GET / HTTP/1.1\n\n",
           "GET / HTTP/1.1\r\nA: b\n\r\n",
           "GET / HTTP/1.1\r\nA: b\rContent-Length: 5\r\n\r\n",
           "GET / HTTP/1.1\r\nA: b\r\n folded\r\n\r\n",
           "GET / HTTP/1.1\r\nA:\r\n folded\r\n\r\n",
           "GET / HTTP/1.1\r\n Content-Length: 5\r\n\r\n",
           "POST / HTTP/1.1\r\nContent-Length : 1\r\n\r\nx",
           "POST / HTTP/1.1\r\nContent-Length: abc\r\n\r\n",
           "POST / HTTP/1.1\r\nContent-Length: -1\r\n\r\n",
           "POST / HTTP/1.1\r\nContent-Length: +1\r\n\r\nx",
           "POST / HTTP/1.1\r\nContent-Length: 1 1\r\n\r\n",
           "POST / HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 1\r\n\r\nx",
           "POST / HTTP/1.1\r\nContent-Length: 99999999999999999999999\r\n\r\n",
           "\x16\x03\x01\x02",
       }) {
    EXPECT_EQ(error_of(bytes), 400) << bytes;
  }
}

TEST(HttpParser, RefusesNulInTheHead) {
  using std::string_view_literals::operator""sv;
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nA: b\0c\r\n\r\n"sv), 400);
  EXPECT_EQ(error_of("GET /\0 HTTP/1.1\r\n\r\n"sv), 400);
}

TEST(HttpParser, RefusesLongTargets) {
  const HttpLimits limits{.target_bytes = 8};
  EXPECT_EQ(error_of("GET /12345678 HTTP/1.1\r\n\r\n", limits), 414);
  EXPECT_EQ(parse("GET /1234567 HTTP/1.1\r\n\r\n", 100, limits).requests.size(), 1U);
}

TEST(HttpParser, RefusesManyHeadersAndLongOnes) {
  const HttpLimits limits{.header_count = 2, .header_bytes = 10};
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nA: 1\r\nB: 2\r\nC: 3\r\n\r\n", limits), 431);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nA: 1234567890\r\n\r\n", limits), 431);
  EXPECT_EQ(error_of("GET / HTTP/1.1\r\nA2345678901: \r\n\r\n", limits), 431);
  EXPECT_EQ(parse("GET / HTTP/1.1\r\nA: 1\r\nB: 2345678\r\n\r\n", 100, limits).requests.size(), 1U);
}

TEST(HttpParser, RefusesLargeBodiesBeforeTheyArrive) {
  const HttpLimits limits{.body_bytes = 4};
  EXPECT_EQ(error_of("POST / HTTP/1.1\r\nContent-Length: 5\r\n\r\n", limits), 413);
  EXPECT_EQ(parse("POST / HTTP/1.1\r\nContent-Length: 4\r\n\r\nabcd", 100, limits).requests.size(),
            1U);
}

TEST(HttpParser, StaysFailed) {
  HttpRequestParser parser;
  std::size_t consumed = 0;
  EXPECT_EQ(parser.feed("nonsense", consumed), Status::failed);
  EXPECT_EQ(parser.feed("GET / HTTP/1.1\r\n\r\n", consumed), Status::failed);
  EXPECT_EQ(parser.error_status(), 400);
}

TEST(HttpParser, WaitsUntilARequestIsTaken) {
  HttpRequestParser parser;
  std::size_t consumed = 0;
  EXPECT_EQ(parser.feed("GET /a HTTP/1.1\r\n\r\n", consumed), Status::complete);
  EXPECT_EQ(parser.feed("GET /b HTTP/1.1\r\n\r\n", consumed), Status::complete);
  EXPECT_EQ(consumed, 0U);
  EXPECT_EQ(parser.take().target, "/a");
}

}  // namespace
}  // namespace sv::wire
