// Who may do what over HTTP: roles, browsers that act for other sites, ports open to everybody.

#include "base/text.h"
#include "integration/daemon_fixture.h"
#include "integration/http_client.h"
#include "wire/basic_auth.h"

namespace sv::test {
namespace {

constexpr std::string_view kShutdown =
    "<methodCall><methodName>supervisor.shutdown</methodName></methodCall>";
constexpr std::string_view kGetPid =
    "<methodCall><methodName>supervisor.getPID</methodName></methodCall>";

class HttpAccess : public DaemonTest {
 protected:
  /// A request with these headers, one a line, over the fixture's unix socket or a port.
  std::string ask(std::string_view line, std::string_view headers = {},
                  std::string_view body = {}) {
    HttpClient client = port_ == 0 ? HttpClient::unix_socket(path("sock")) : HttpClient::tcp(port_);
    client.send_all(cat({line, " HTTP/1.0\r\n", headers, headers.empty() ? "" : "\r\n",
                         "Content-Length: ", std::to_string(body.size()), "\r\n\r\n", body}));
    return client.answer();
  }
  int status(std::string_view line, std::string_view headers = {}, std::string_view body = {}) {
    return status_of(ask(line, headers, body));
  }

  std::uint16_t port_ = 0;
};

TEST_F(HttpAccess, APortForEverybodyIsRefusedAtLoad) {
  configure("[inet_http_server]\nport=*:19001\n");
  EXPECT_EQ(run_to_end(), 2);
  const std::string console = read_all(path("console"));
  EXPECT_NE(console.find("everybody who can reach port *:19001"), std::string::npos) << console;
  EXPECT_NE(console.find(path("conf") + ":"), std::string::npos) << console;
}

TEST_F(HttpAccess, APortForEverybodyIsServedWhenItIsWanted) {
  port_ = free_port();
  configure(cat(
      {"[inet_http_server]\nport=*:", std::to_string(port_), "\nallow_unauthenticated=true\n"}));
  start();
  EXPECT_EQ(status("POST /RPC2", {}, kGetPid), 200);
  EXPECT_EQ(status("POST /RPC2", "Host: any.example", kGetPid), 200);
  stop();
}

TEST_F(HttpAccess, PagesOfOtherSitesChangeNothing) {
  configure("[program:web]\ncommand={subject} wait\n");
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  for (const char* browser : {"Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
                              "Host: localhost\r\nOrigin: http://evil.example", "Origin: null"}) {
    EXPECT_EQ(status("POST /RPC2", browser, kShutdown), 403) << browser;
    EXPECT_EQ(status("POST /api/v1/programs/web/stop", browser), 403) << browser;
    EXPECT_EQ(status("GET /index.html?action=stopall", browser), 403) << browser;
    EXPECT_EQ(status("POST /index.html", browser, "action=stop&processname=web"), 403) << browser;
    EXPECT_EQ(status("GET /", browser), 200) << "a link on another page leads here: " << browser;
  }
  EXPECT_EQ(info("web", "statename"), "RUNNING");
  EXPECT_EQ(status("POST /RPC2", {}, kGetPid), 200);
  EXPECT_EQ(status("POST /RPC2", "Host: localhost\r\nOrigin: http://localhost", kGetPid), 200);
  EXPECT_EQ(status("POST /RPC2", "Sec-Fetch-Site: same-origin", kGetPid), 200);
  stop();
}

TEST_F(HttpAccess, AForeignNameThatPointsHereIsRefused) {
  port_ = free_port();
  configure(cat({"[inet_http_server]\nport=127.0.0.1:", std::to_string(port_),
                 "\n[program:web]\ncommand={subject} wait\n"}));
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  const std::string rebound = "Host: evil.example:9001\r\nOrigin: http://evil.example:9001";
  EXPECT_EQ(status("POST /RPC2", rebound, kShutdown), 403);
  EXPECT_EQ(status("GET /?action=stopall", "Host: evil.example:9001"), 403);
  EXPECT_EQ(status("GET /logtail/web", "Host: evil.example:9001"), 403);
  EXPECT_EQ(status("GET /api/v1/programs", "Host: evil.example:9001"), 403);
  EXPECT_EQ(info("web", "statename"), "RUNNING");
  for (const char* host : {"Host: localhost", "Host: 127.0.0.1:9001", "Host: [::1]:9001", ""}) {
    EXPECT_EQ(status("POST /RPC2", host, kGetPid), 200) << host;
  }
  stop();
}

TEST_F(HttpAccess, TheReadOnlyRoleLooksAndChangesNothing) {
  port_ = free_port();
  configure(cat({"[inet_http_server]\nport=127.0.0.1:", std::to_string(port_),
                 "\nusername=boss\npassword=secret\nreadonly_username=guest\n"
                 "readonly_password=look\n[program:web]\ncommand={subject} wait\n"}));
  start();
  wait_for_event({"PROCESS_STATE_RUNNING", "processname:web"});
  const std::string boss = "Authorization: " + wire::basic_authorization("boss", "secret");
  const std::string guest = "Authorization: " + wire::basic_authorization("guest", "look");
  EXPECT_EQ(status("POST /RPC2", {}, kGetPid), 401);

  EXPECT_NE(ask("POST /RPC2", guest, kGetPid).find("<int>1</int>"), std::string::npos);
  EXPECT_NE(ask("POST /RPC2", guest, kShutdown).find("these credentials may look"),
            std::string::npos);
  EXPECT_EQ(status("POST /api/v1/programs/web/stop", guest), 403);
  EXPECT_EQ(status("GET /api/v1/programs/web", guest), 200);
  EXPECT_NE(ask("GET /api/v1/daemon", guest).find("\"read_only\""), std::string::npos);
  EXPECT_EQ(status("GET /?action=stopall", guest), 403);
  const std::string page = ask("GET /", guest);
  EXPECT_EQ(status_of(page), 200);
  EXPECT_EQ(page.find("stopall"), std::string::npos);
  EXPECT_EQ(info("web", "statename"), "RUNNING");

  EXPECT_EQ(status("POST /api/v1/programs/web/stop", boss), 200);
  EXPECT_EQ(info("web", "statename"), "STOPPED");
  stop();
}

}  // namespace
}  // namespace sv::test
