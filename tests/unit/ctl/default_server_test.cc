#include "ctl/default_server.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include "base/unique_fd.h"
#include "support/temp_dir.h"

namespace sv::ctl {
namespace {

TEST(CtlDefaultServer, IsTheSocketOfADaemonWithoutAConfigurationWhereThereIsOne) {
  const test::TempDir dir;
  const UniqueFd server(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = dir / "sock";
  ASSERT_LT(path.size(), sizeof address.sun_path);
  path.copy(address.sun_path, path.size());
  ASSERT_EQ(::bind(server.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
  EXPECT_EQ(default_server_url(path), "unix://" + path);
}

TEST(CtlDefaultServer, IsTheReferencesOtherwise) {
  const test::TempDir dir;
  EXPECT_EQ(default_server_url(dir / "nothing"), "http://localhost:9001");
  dir.write("file", "");
  EXPECT_EQ(default_server_url(dir / "file"), "http://localhost:9001");
}

}  // namespace
}  // namespace sv::ctl
