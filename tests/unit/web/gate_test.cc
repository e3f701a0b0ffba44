#include "web/gate.h"

#include <gtest/gtest.h>

#include "wire/basic_auth.h"

namespace sv::web {
namespace {

config::HttpServerConfig inet(std::string host) {
  config::HttpServerConfig config;
  config.address = config::InetAddress{std::move(host), 9001};
  return config;
}

config::HttpServerConfig with_roles() {
  config::HttpServerConfig config = inet("");
  config.username = "boss";
  config.password = "secret";
  config.readonly_username = "guest";
  config.readonly_password = "{SHA}35675e68f4b5af7b995d9205ad0fc43842f16450";  // "guest"
  return config;
}

struct Given {
  std::string path = "/RPC2";
  std::vector<wire::HttpHeader> headers;
};

/// "full", "read_only", "foreign", or the status of the refusal.
std::string admitted(const config::HttpServerConfig& config, Given given) {
  wire::HttpRequest request;
  request.method = "POST";
  request.path = std::move(given.path);
  request.headers = std::move(given.headers);
  const auto permission = Gate(config).admit(request);
  if (!permission) {
    return std::to_string(permission.error().status);
  }
  switch (*permission) {
    case Permission::full:
      return "full";
    case Permission::read_only:
      return "read_only";
    case Permission::foreign:
      return "foreign";
  }
  return "";
}

wire::HttpHeader credentials(std::string_view name, std::string_view password) {
  return {"Authorization", wire::basic_authorization(name, password)};
}

TEST(Gate, CredentialsTellTheRole) {
  const config::HttpServerConfig config = with_roles();
  EXPECT_EQ(admitted(config, {.headers = {credentials("boss", "secret")}}), "full");
  EXPECT_EQ(admitted(config, {.headers = {credentials("guest", "guest")}}), "read_only");
  EXPECT_EQ(admitted(config, {.headers = {credentials("guest", "secret")}}), "401");
  EXPECT_EQ(admitted(config, {.headers = {credentials("boss", "guest")}}), "401");
  EXPECT_EQ(admitted(config, {.headers = {credentials("", "")}}), "401");
  EXPECT_EQ(admitted(config, {}), "401");
}

TEST(Gate, WithoutThatRoleNobodyHasIt) {
  config::HttpServerConfig config = with_roles();
  config.readonly_username.clear();
  config.readonly_password.clear();
  EXPECT_EQ(admitted(config, {}), "401");
  EXPECT_EQ(admitted(config, {.headers = {credentials("", "")}}), "401");
}

TEST(Gate, PagesOfOtherSitesAreForeignWithWhateverCredentials) {
  const wire::HttpHeader host{"Host", "box:9001"};
  const wire::HttpHeader origin{"Origin", "http://evil.example"};
  EXPECT_EQ(admitted(inet("127.0.0.1"), {.headers = {{"Sec-Fetch-Site", "cross-site"}}}),
            "foreign");
  EXPECT_EQ(admitted(with_roles(), {.headers = {credentials("boss", "secret"), host, origin}}),
            "foreign");
  EXPECT_EQ(admitted(with_roles(), {.headers = {credentials("guest", "guest"), host, origin}}),
            "read_only");
  EXPECT_EQ(admitted(with_roles(), {.headers = {host, origin}}), "401");
}

TEST(Gate, WithoutAPasswordALoopbackServerHasNoOtherNames) {
  const auto named = [](std::string name) {
    return Given{.headers = {{"Host", name}, {"Origin", "http://" + name}}};
  };
  for (const char* address : {"127.0.0.1", "localhost", "::1", "127.1.2.3"}) {
    EXPECT_EQ(admitted(inet(address), named("evil.example:9001")), "403") << address;
    EXPECT_EQ(admitted(inet(address), named("localhost:9001")), "full") << address;
    EXPECT_EQ(admitted(inet(address), named("127.0.0.1:9001")), "full") << address;
    EXPECT_EQ(admitted(inet(address), {}), "full") << address;
  }
  config::HttpServerConfig open = inet("127.0.0.1");
  open.allow_unauthenticated = true;
  EXPECT_EQ(admitted(open, named("evil.example:9001")), "full");

  config::HttpServerConfig guarded = with_roles();
  guarded.address = config::InetAddress{"127.0.0.1", 9001};
  EXPECT_EQ(
      admitted(guarded, {.headers = {credentials("boss", "secret"), {"Host", "proxy.example"}}}),
      "full");

  config::HttpServerConfig unix_server;
  unix_server.address = config::UnixAddress{"/run/s.sock", 0700, std::nullopt};
  EXPECT_EQ(admitted(unix_server, named("whatever.example")), "full");
}

TEST(Gate, RefusalsSpeakTheLanguageOfTheirInterface) {
  wire::HttpRequest request;
  request.headers = {{"Host", "evil.example"}};
  request.path = "/api/v1/programs";
  EXPECT_NE(Gate(inet("127.0.0.1")).admit(request).error().body.find("UNKNOWN_HOST"),
            std::string::npos);
  EXPECT_NE(Gate(with_roles()).admit(request).error().body.find("UNAUTHORIZED"), std::string::npos);
  request.path = "/";
  EXPECT_NE(Gate(inet("127.0.0.1")).admit(request).error().body.find("Error code 403"),
            std::string::npos);
}

}  // namespace
}  // namespace sv::web
