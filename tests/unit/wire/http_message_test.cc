#include "wire/http_message.h"

#include <gtest/gtest.h>

#include <utility>

namespace sv::wire {
namespace {

using std::chrono::seconds;

constexpr WallTime kMoment{seconds{1795399984}};

HttpRequest request(int minor, std::string connection = {}) {
  HttpRequest out;
  out.method = "POST";
  out.minor = minor;
  if (!connection.empty()) {
    out.headers.push_back({"connection", std::move(connection)});
  }
  return out;
}

TEST(HttpMessage, FindsHeadersInAnyCase) {
  const HttpRequest with = request(1, "close");
  ASSERT_NE(with.header("Connection"), nullptr);
  EXPECT_EQ(*with.header("CONNECTION"), "close");
  EXPECT_EQ(with.header("Connectio"), nullptr);
}

TEST(HttpMessage, PersistsAsTheReferenceDoes) {
  struct Row {
    int minor;
    const char* connection;
    bool keep;
  };
  for (const auto& [minor, connection, keep] : {
           Row{1, "", true},
           Row{1, "close", false},
           Row{1, "Close", false},
           Row{1, "TE, close", false},
           Row{1, "keep-alive", true},
           Row{0, "", false},
           Row{0, "keep-alive", true},
           Row{0, "Keep-Alive", true},
           Row{0, "close", false},
       }) {
    EXPECT_EQ(request(minor, connection).keep_alive(), keep) << minor << ' ' << connection;
  }
}

TEST(HttpMessage, PrintsDatesInGmt) {
  EXPECT_EQ(http_date(kMoment), "Mon, 23 Nov 2026 02:13:04 GMT");
  EXPECT_EQ(http_date(WallTime{seconds{0}}), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(http_date(WallTime{seconds{951782399}}), "Mon, 28 Feb 2000 23:59:59 GMT");
  EXPECT_EQ(http_date(WallTime{seconds{951782400}}), "Tue, 29 Feb 2000 00:00:00 GMT");
  EXPECT_EQ(http_date(WallTime{std::chrono::milliseconds{-1}}), "Wed, 31 Dec 1969 23:59:59 GMT");
}

TEST(HttpMessage, WritesAnXmlRpcAnswerLikeTheReference) {
  HttpResponse response;
  response.headers = {{"Content-Type", "text/xml"}};
  response.body = "<x/>";
  EXPECT_EQ(serialise(response, request(1), kMoment),
            "HTTP/1.1 200 OK\r\n"
            "Server: Medusa/1.12\r\n"
            "Date: Mon, 23 Nov 2026 02:13:04 GMT\r\n"
            "Content-Type: text/xml\r\n"
            "Content-Length: 4\r\n"
            "\r\n"
            "<x/>");
}

TEST(HttpMessage, CountsBytesNotCharacters) {
  HttpResponse response;
  response.body = "h\xC3\xA9";
  EXPECT_NE(serialise(response, request(1), kMoment).find("Content-Length: 3\r\n"),
            std::string::npos);
}

TEST(HttpMessage, WritesTheRefusalOfCredentialsLikeTheReference) {
  EXPECT_EQ(serialise(error_response(401), request(1), kMoment),
            "HTTP/1.1 401 Unauthorized\r\n"
            "Server: Medusa/1.12\r\n"
            "Date: Mon, 23 Nov 2026 02:13:04 GMT\r\n"
            "Connection: close\r\n"
            "WWW-Authenticate: Basic realm=\"default\"\r\n"
            "Content-Length: 137\r\n"
            "Content-Type: text/html\r\n"
            "\r\n"
            "<head>\r\n"
            "<title>Error response</title>\r\n"
            "</head>\r\n"
            "<body>\r\n"
            "<h1>Error response</h1>\r\n"
            "<p>Error code 401.\r\n"
            "<p>Message: Unauthorized.\r\n"
            "</body>\r\n");
}

TEST(HttpMessage, ErrorPagesHaveTheLengthsOfTheReference) {
  for (const auto& [status, bytes] : std::initializer_list<std::pair<int, std::size_t>>{
           {404, 134}, {400, 136}, {401, 137}, {411, 140}, {301, 142}, {500, 146}}) {
    EXPECT_EQ(error_response(status).body.size(), bytes) << status;
  }
}

TEST(HttpMessage, EchoesVersion1_0AndConfirmsKeepAlive) {
  HttpResponse response;
  response.headers = {{"Content-Type", "text/xml"}};
  EXPECT_EQ(serialise(response, request(0, "Keep-Alive"), kMoment),
            "HTTP/1.0 200 OK\r\n"
            "Server: Medusa/1.12\r\n"
            "Date: Mon, 23 Nov 2026 02:13:04 GMT\r\n"
            "Content-Type: text/xml\r\n"
            "Content-Length: 0\r\n"
            "Connection: Keep-Alive\r\n"
            "\r\n");
  EXPECT_EQ(serialise(response, request(0), kMoment).find("Connection"), std::string::npos);
  EXPECT_EQ(serialise(response, request(1, "close"), kMoment).find("Connection"),
            std::string::npos);
}

TEST(HttpMessage, ARefusalClosesEvenAPersistentConnection) {
  EXPECT_FALSE(keeps_connection(error_response(401), request(1)));
  EXPECT_TRUE(keeps_connection(error_response(404), request(1)));
  EXPECT_FALSE(keeps_connection(error_response(404), request(1, "close")));
  const std::string text = serialise(error_response(401), request(0, "keep-alive"), kMoment);
  EXPECT_EQ(text.find("Keep-Alive"), std::string::npos);
}

TEST(HttpMessage, HeadAndNotModifiedHaveNoBody) {
  HttpResponse response;
  response.body = "content";
  HttpRequest head = request(1);
  head.method = "HEAD";
  const std::string text = serialise(response, head, kMoment);
  EXPECT_NE(text.find("Content-Length: 7\r\n"), std::string::npos);
  EXPECT_TRUE(text.ends_with("\r\n\r\n"));

  response.status = 304;
  const std::string unmodified = serialise(response, request(1), kMoment);
  EXPECT_EQ(unmodified.find("Content-Length"), std::string::npos);
  EXPECT_TRUE(unmodified.ends_with("\r\n\r\n"));
}

TEST(HttpMessage, StreamsInChunksWhereThePeerKnowsThem) {
  HttpResponse response;
  response.headers = {{"Content-Type", "text/plain;charset=utf-8"}};
  const HttpRequest modern = request(1);
  EXPECT_EQ(serialise_stream_head(response, modern, kMoment),
            "HTTP/1.1 200 OK\r\n"
            "Server: Medusa/1.12\r\n"
            "Date: Mon, 23 Nov 2026 02:13:04 GMT\r\n"
            "Content-Type: text/plain;charset=utf-8\r\n"
            "Transfer-Encoding: chunked\r\n"
            "\r\n");
  EXPECT_EQ(serialise_stream_piece("second line h\xC3\xA9\n", modern),
            "10\r\nsecond line h\xC3\xA9\n\r\n");
  EXPECT_EQ(serialise_stream_piece(std::string(1024, 'x'), modern).substr(0, 5), "400\r\n");
  EXPECT_EQ(serialise_stream_piece("", modern), "");
  EXPECT_EQ(serialise_stream_end(modern), "0\r\n\r\n");
}

TEST(HttpMessage, StreamsRawBytesToOldAndClosingPeers) {
  for (const HttpRequest& old : {request(0), request(0, "keep-alive"), request(1, "close")}) {
    EXPECT_EQ(serialise_stream_head({}, old, kMoment).find("chunked"), std::string::npos);
    EXPECT_EQ(serialise_stream_piece("x\n", old), "x\n");
    EXPECT_EQ(serialise_stream_end(old), "");
  }
}

TEST(HttpMessage, DecodesPercentEscapesOnce) {
  EXPECT_EQ(percent_decode("/%52PC2"), "/RPC2");
  EXPECT_EQ(percent_decode("a%2Fb%2fc"), "a/b/c");
  EXPECT_EQ(percent_decode("%2541"), "%41");
  EXPECT_EQ(percent_decode("a+b"), "a+b");
  EXPECT_EQ(percent_decode("%4"), "%4");
  EXPECT_EQ(percent_decode("%g1%1g%"), "%g1%1g%");
  EXPECT_EQ(percent_decode("%00"), std::string(1, '\0'));
}

TEST(HttpMessage, EncodesLikeTheReferenceClient) {
  EXPECT_EQ(percent_encode("grp:a b/c_d-e.f~g"), "grp%3Aa%20b/c_d-e.f~g");
  EXPECT_EQ(percent_encode("\xC3\xA9"), "%C3%A9");
}

TEST(HttpMessage, ParsesForms) {
  using Fields = std::vector<std::pair<std::string, std::string>>;
  EXPECT_EQ(parse_form("processname=a%3Ab&limit=-1024"),
            (Fields{{"processname", "a:b"}, {"limit", "-1024"}}));
  EXPECT_EQ(parse_form("m=a+b%2B&m=2"), (Fields{{"m", "a b+"}, {"m", "2"}}));
  EXPECT_EQ(parse_form("=x&a=b=c"), (Fields{{"", "x"}, {"a", "b=c"}}));
  EXPECT_EQ(parse_form("empty=&word&&"), Fields{});
  EXPECT_EQ(parse_form(""), Fields{});
}

}  // namespace
}  // namespace sv::wire
