// Clients that are slow, silent or too much: they get the right status, and nobody else waits.

#include <algorithm>
#include <cstdio>
#include <memory>

#include "base/text.h"
#include "integration/daemon_fixture.h"
#include "integration/http_client.h"

namespace sv::test {
namespace {

using std::chrono::steady_clock;
using Milliseconds = std::chrono::duration<double, std::milli>;

constexpr std::string_view kCall =
    "POST /RPC2 HTTP/1.1\r\nContent-Length: 70\r\n\r\n"
    "<methodCall><methodName>supervisor.getState</methodName></methodCall> ";

class HttpLimits : public DaemonTest {
 protected:
  HttpClient client() { return HttpClient::unix_socket(path("sock")); }

  /// The status of the answer to these bytes; `rest` receives what follows its first byte.
  int status(std::string_view bytes) {
    HttpClient peer = client();
    peer.send_all(bytes);
    return status_of(peer.rest());
  }

  /// How long calls take on one connection, sorted. `before` is done before each.
  template <class Before>
  std::vector<Milliseconds> times(Before before) {
    HttpClient honest = client();
    std::vector<Milliseconds> taken;
    for (int i = 0; i < 100; ++i) {
      before(i);
      const auto start = steady_clock::now();
      honest.send_all(kCall);
      EXPECT_EQ(status_of(honest.answer()), 200);
      taken.emplace_back(steady_clock::now() - start);
    }
    std::ranges::sort(taken);
    return taken;
  }
};

TEST_F(HttpLimits, AreToldByTheRightStatus) {
  configure("");
  start();
  const std::string long_text(20'000, 'x');
  std::string many_headers = "GET / HTTP/1.1\r\n";
  for (int i = 0; i < 70; ++i) {
    many_headers += cat({"h", std::to_string(i), ": x\r\n"});
  }
  EXPECT_EQ(status(cat({"GET /", long_text, " HTTP/1.1\r\n\r\n"})), 414);
  EXPECT_EQ(status(many_headers + "\r\n"), 431);
  EXPECT_EQ(status(cat({"GET / HTTP/1.1\r\nlong: ", long_text, "\r\n\r\n"})), 431);
  EXPECT_EQ(status("POST /RPC2 HTTP/1.1\r\nContent-Length: 1048577\r\n\r\n"), 413);
  EXPECT_EQ(status("POST /RPC2 HTTP/1.1\r\n\r\n"), 411);
  EXPECT_EQ(status("POST /RPC2 HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n"), 411);
  EXPECT_EQ(status("POST /RPC2 HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n"), 400);
  EXPECT_EQ(status("nonsense\r\n\r\n"), 400);
  stop();
}

TEST_F(HttpLimits, ARequestThatDoesNotEndIsAnswered408) {
  configure("");
  start();
  HttpClient slow = client();
  slow.send_all("POST /RPC2 HTTP/1.1\r\nContent-Le");
  EXPECT_EQ(status_of(slow.rest()), 408) << "after 10 s";
  stop();
}

TEST_F(HttpLimits, WhoeverHoldsConnectionsKeepsNobodyOut) {
  expect_errors();
  daemon_options("minfds=2048");
  configure("[program:a]\ncommand={subject} wait\nstdout_logfile={dir}/a.log\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:a"});
  constexpr std::size_t kMost = 512;
  std::vector<std::unique_ptr<HttpClient>> idle;
  for (std::size_t i = 0; i < kMost; ++i) {
    idle.push_back(std::make_unique<HttpClient>(client()));
    ASSERT_TRUE(idle.back()->is_connected()) << i;
  }
  EXPECT_EQ(info("a", "statename"), "RUNNING") << "an idle one makes room";
  idle.clear();

  // Streams are in use: nobody is thrown out of them.
  std::vector<std::unique_ptr<HttpClient>> streams;
  for (std::size_t i = 0; i < kMost; ++i) {
    streams.push_back(std::make_unique<HttpClient>(client()));
    streams.back()->send_all("GET /logtail/a HTTP/1.1\r\n\r\n");
    ASSERT_TRUE(streams.back()->receives("\r\n\r\n")) << i;
  }
  EXPECT_EQ(status("GET / HTTP/1.1\r\n\r\n"), 503);
  streams.resize(kMost - 1);
  wait_until("a place is free", [this] { return status("GET /ok.html HTTP/1.0\r\n\r\n") == 200; });
  streams.clear();
  stop();
}

TEST_F(HttpLimits, AnswersNobodyReadsStayFew) {
  configure("");
  start();
  const auto resident = [this] {
    return std::stol(status_line("VmRSS").substr(std::string_view("VmRSS:").size()));
  };
  HttpClient greedy = client();
  std::string requests;
  for (int i = 0; i < 500; ++i) {
    requests += "GET /assets/page.css HTTP/1.1\r\n\r\n";
  }
  const long before = resident();
  // 16 MB of answers for one piece of requests, which are sent as long as they are taken.
  for (int i = 0; i < 20 && greedy.send(requests); ++i) {
    EXPECT_EQ(status("GET /ok.html HTTP/1.0\r\n\r\n"), 200);
  }
  EXPECT_LT(resident() - before, 4096) << "kB";
  stop();
}

TEST_F(HttpLimits, SlowAndSilentClientsDelayNobody) {
  configure("[program:a]\ncommand={subject} wait\nstdout_logfile={dir}/a.log\n");
  start();
  const std::vector<Milliseconds> alone = times([](int) {});
  std::vector<std::unique_ptr<HttpClient>> others;
  for (int i = 0; i < 200; ++i) {
    others.push_back(std::make_unique<HttpClient>(client()));
    ASSERT_TRUE(others.back()->is_connected()) << i;
    if (i % 4 == 1) {
      others.back()->send("POST /RPC2 HTTP/1.1\r\nContent-Length: 1000\r\n\r\n<methodCall>");
    } else if (i % 4 == 2) {
      others.back()->send("GET / HTTP/1.1\r\nslow: ");
    } else if (i % 4 == 3) {
      others.back()->send("GET /logtail/a HTTP/1.1\r\n\r\n");  // and never reads
    }
  }
  const std::vector<Milliseconds> beside = times([&others](int call) {
    for (std::size_t i = 0; i < others.size(); ++i) {
      if (i % 4 == 1 || i % 4 == 2) {
        others[i]->send(call % 2 == 0 ? "x" : "yy");
      }
    }
  });
  const double median_delay = (beside[50] - alone[50]).count();
  std::printf("a call alone %.2f ms (at most %.2f), beside 200 others %.2f ms (at most %.2f)\n",
              alone[50].count(), alone.back().count(), beside[50].count(), beside.back().count());
  EXPECT_LT(median_delay, 50.0) << "ms";
  EXPECT_LT((beside[95] - alone[95]).count(), 50.0) << "ms";
  stop();
}

}  // namespace
}  // namespace sv::test
