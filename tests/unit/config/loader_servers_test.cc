#include <gtest/gtest.h>

#include "config/loader.h"
#include "support/config_world.h"

namespace sv::config {
namespace {

using Rows = std::vector<std::pair<std::string, std::string>>;

class LoaderServers : public ::testing::Test {
 protected:
  Config load(const std::string& text) { return world_.load("[supervisord]\n" + text); }
  std::string errors(const std::string& text) { return world_.errors("[supervisord]\n" + text); }
  InetAddress inet(const std::string& port) {
    return std::get<InetAddress>(
        load("[inet_http_server]\nport=" + port + "\nallow_unauthenticated=yes\n")
            .servers[0]
            .address);
  }
  UnixAddress unix_address(const std::string& lines) {
    return std::get<UnixAddress>(
        load("[unix_http_server]\nfile=/run/s.sock\n" + lines + "\n").servers[0].address);
  }

  test::ConfigWorld world_;
};

TEST_F(LoaderServers, UnderstandsPorts) {
  EXPECT_EQ(inet("9001"), (InetAddress{"", 9001}));
  EXPECT_EQ(inet(":9001"), (InetAddress{"", 9001}));
  EXPECT_EQ(inet("*:9001"), (InetAddress{"", 9001}));
  EXPECT_EQ(inet("9_001"), (InetAddress{"", 9001}));
  EXPECT_EQ(inet("127.0.0.1:1"), (InetAddress{"127.0.0.1", 1}));
  EXPECT_EQ(inet("LOCALHOST:65535"), (InetAddress{"localhost", 65535}));
  EXPECT_EQ(inet("[::]:9001"), (InetAddress{"::", 9001}));
  EXPECT_EQ(inet("[FE80::1]:9001"), (InetAddress{"fe80::1", 9001}));
  EXPECT_EQ(inet("::1:9001"), (InetAddress{"::1", 9001}));
}

TEST_F(LoaderServers, RefusesPortsInTheReferencesWords) {
  const Rows rows{
      {"0", "not a valid port number: '0' "},
      {"65536", "not a valid port number: '65536' "},
      {"9001x", "not a valid port number: '9001x' "},
      {"", "not a valid port number: '' "},
      {"localhost:", "no port number specified in ''"},
      {"localhost:x", "invalid literal for int() with base 10: 'x'"},
      {"*:0", "0 is below lower bound (1)"},
      {"h:70000", "70000 is above upper bound (65535)"},
      {"127.example:9001",
       "cannot listen on host '127.example': neither an address nor a name; '*' stands for all "
       "interfaces"},
      {"a:b:1",
       "cannot listen on host 'a:b': neither an address nor a name; '*' stands for all interfaces"},
      {"%(here)s",
       "Format string '%(here)s' for 'inet_http_server.port' contains names ('here') which cannot "
       "be expanded. Available names: ENV_HOME, ENV_X"},
  };
  for (const auto& [port, message] : rows) {
    EXPECT_EQ(errors("[inet_http_server]\nport=" + port + "\n"), message) << port;
  }
  EXPECT_EQ(errors("[inet_http_server:x]\n"), "section [inet_http_server:x] has no port value");
}

TEST_F(LoaderServers, ReadsUnixSockets) {
  EXPECT_EQ(unix_address(""), (UnixAddress{"/run/s.sock", 0700, std::nullopt}));
  EXPECT_EQ(unix_address("chmod=0o770\nchown=app:web"),
            (UnixAddress{"/run/s.sock", 0770, Ownership{1000, 33}}));
  EXPECT_EQ(unix_address("chown=0").owner, (Ownership{0, static_cast<gid_t>(-1)}));
  EXPECT_EQ(unix_address("file=~/x").path, "/home/someone/x");
  EXPECT_EQ(unix_address("file=~app/../x").path, "/home/x");
  EXPECT_EQ(unix_address("file=x.sock").path, world_.dir / "x.sock");
  EXPECT_EQ(unix_address("file=/tmp/../x//y/").path, "/x/y");
}

TEST_F(LoaderServers, RefusesUnixKeysInTheReferencesWords) {
  const Rows rows{
      {"chmod=9", "Invalid chmod value 9"},
      {"chmod=", "Invalid chmod value "},
      {"chown=nosuch", "Invalid sockchown value nosuch"},
      {"chown=app:nosuch", "Invalid sockchown value app:nosuch"},
      {"chown=:web", "Invalid sockchown value :web"},
      {"chown=app:", "Invalid sockchown value app:"},
  };
  for (const auto& [lines, message] : rows) {
    EXPECT_EQ(errors("[unix_http_server]\nfile=/x\n" + lines + "\n"), message) << lines;
  }
  EXPECT_EQ(errors("[unix_http_server]\n"), "section [unix_http_server] has no file value");
}

TEST_F(LoaderServers, NeedsUserAndPasswordOrNeither) {
  const std::string tail =
      " contains incomplete authentication: If a username or a password is specified, both the "
      "username and password must be specified";
  EXPECT_EQ(errors("[inet_http_server]\nport=1\nusername=u\n"),
            "Section [inet_http_server]" + tail);
  EXPECT_EQ(errors("[unix_http_server]\nfile=x\npassword=\n"), "Section [unix_http_server]" + tail);
  EXPECT_EQ(errors("[inet_http_server]\nport=1\nusername=u\npassword=a%b\n"),
            "Format string 'a%b' for 'inet_http_server.password' is badly formatted: unsupported "
            "format character 'b' (0x62) at index 2");
  const HttpServerConfig server =
      load("[inet_http_server]\nport=1\nusername=u\npassword={SHA}a#b;c%%\n").servers[0];
  EXPECT_EQ(server.username, "u");
  EXPECT_EQ(server.password, "{SHA}a#b;c%");
}

TEST_F(LoaderServers, WhatOthersCanReachNeedsAPassword) {
  const std::string section = "[inet_http_server]\nport=";
  for (const char* port :
       {"9001", ":9001", "*:9001", "0.0.0.0:9001", "[::]:9001", "10.0.0.1:9001"}) {
    EXPECT_EQ(errors(section + port + "\n"),
              std::string("everybody who can reach port ") + port +
                  " could control the programs: set username and password, listen on 127.0.0.1, "
                  "or say allow_unauthenticated=true (<D>/s.conf:3)");
    EXPECT_NE(errors(section + port + "\nusername=\npassword=\n"), "") << port;
    EXPECT_EQ(errors(section + port + "\nusername=u\npassword=p\n"), "") << port;
    EXPECT_EQ(errors(section + port + "\nallow_unauthenticated=true\n"), "") << port;
  }
  for (const char* port : {"127.0.0.1:9001", "127.8.9.1:9001", "localhost:9001", "[::1]:9001"}) {
    EXPECT_EQ(errors(section + port + "\n"), "") << port;
  }
  EXPECT_EQ(errors("[unix_http_server]\nfile=/x\n"), "");
}

TEST_F(LoaderServers, ReadsTheRoleThatOnlyLooks) {
  const std::string full = "[unix_http_server]\nfile=/x\nusername=u\npassword=p\n";
  const HttpServerConfig server =
      load(full + "readonly_username=r\nreadonly_password=q%%\n").servers[0];
  EXPECT_EQ(server.readonly_username, "r");
  EXPECT_EQ(server.readonly_password, "q%");
  EXPECT_EQ(load(full).servers[0].readonly_username, "");
  const std::string together =
      "readonly_username and readonly_password go together, and neither is empty";
  EXPECT_EQ(errors(full + "readonly_username=r\n"), together);
  EXPECT_EQ(errors(full + "readonly_password=r\n"), together);
  EXPECT_EQ(errors(full + "readonly_username=\nreadonly_password=\n"), together);
  EXPECT_EQ(errors(full + "readonly_username=u\nreadonly_password=q\n"),
            "must be another name than username");
  EXPECT_EQ(errors("[unix_http_server]\nfile=/x\nreadonly_username=r\nreadonly_password=q\n"),
            "without username and password everybody may do everything; set those, too");
}

TEST_F(LoaderServers, ErrorsComeInTheReferencesOrder) {
  EXPECT_EQ(errors("[unix_http_server]\nfile=x\nchmod=9\nchown=nosuch\nusername=u\n"
                   "[inet_http_server]\nport=0\npassword=p\n"),
            "Section [inet_http_server] contains incomplete authentication: If a username or a "
            "password is specified, both the username and password must be specified\n"
            "not a valid port number: '0' \n"
            "Section [unix_http_server] contains incomplete authentication: If a username or a "
            "password is specified, both the username and password must be specified\n"
            "Invalid sockchown value nosuch\n"
            "Invalid chmod value 9");
}

TEST_F(LoaderServers, EverySectionWithThePrefixIsAServer) {
  const Config config = load(
      "[unix_http_server:a]\nfile=/"
      "a\n[inet_http_serverXYZ]\nport=localhost:1\n[inet_http_server]\nport=localhost:2\n"
      "[unix_http_server]\nfile=/b\n");
  std::string sections;
  for (const HttpServerConfig& server : config.servers) {
    sections += server.section + " ";
  }
  EXPECT_EQ(sections, "inet_http_serverXYZ inet_http_server unix_http_server:a unix_http_server ");
}

TEST_F(LoaderServers, ChildrenGetTheFirstUnixOrTheLastInetServer) {
  const Rows rows{
      {"", ""},
      {"[inet_http_server]\nport=localhost:1\n[inet_http_server:2]\nport=127.0.0.1:2\n",
       "http://127.0.0.1:2"},
      {"[inet_http_server]\nport=*:1\nallow_unauthenticated=1\n", "http://localhost:1"},
      {"[inet_http_server]\nport=[::1]:1\n", "http://[::1]:1"},
      {"[inet_http_server]\nport=localhost:1\n[unix_http_server:a]\nfile=/"
       "a\n[unix_http_server:b]\nfile=/b\n",
       "unix:///a"},
  };
  for (const auto& [text, url] : rows) {
    EXPECT_EQ(load(text).default_server_url.value_or(""), url) << text;
  }
}

TEST_F(LoaderServers, SeeTheEnvironmentOfTheDaemonSection) {
  const Config config = world_.load(
      "[supervisord]\nenvironment=A=\"1\"\n[unix_http_server]\nfile=/tmp/%(ENV_A)s.sock\n"
      "chmod=70%(ENV_A)s\n");
  EXPECT_EQ(std::get<UnixAddress>(config.servers[0].address),
            (UnixAddress{"/tmp/1.sock", 0701, std::nullopt}));
}

}  // namespace
}  // namespace sv::config
