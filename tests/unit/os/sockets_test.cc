#include "os/sockets.h"

#include <arpa/inet.h>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "support/temp_dir.h"

namespace sv::os {
namespace {

using test::read_all;
using test::TempDir;
using Step = SocketError::Step;

UniqueFd connect_unix(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::memcpy(address.sun_path, path.data(), path.size());
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (::connect(fd.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    fd.reset();
  }
  return fd;
}

std::uint16_t port_of(int fd) {
  sockaddr_in6 address{};
  socklen_t size = sizeof address;
  ::getsockname(fd, reinterpret_cast<sockaddr*>(&address), &size);
  return ntohs(address.sin6_port);  // at the same place for IPv4
}

TEST(ListenUnix, AcceptsConnectionsWithTheWantedMode) {
  TempDir dir;
  const mode_t ours = ::umask(022);
  const auto fd = listen_unix({.path = dir / "s", .mode = 0720});
  EXPECT_EQ(::umask(ours), mode_t{022});
  ASSERT_TRUE(fd);
  struct stat info {};
  ASSERT_EQ(::stat((dir / "s").c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777U, mode_t{0720});
  EXPECT_TRUE(::fcntl(fd->get(), F_GETFD) & FD_CLOEXEC);
  EXPECT_FALSE(::fcntl(fd->get(), F_GETFL) & O_NONBLOCK) << "FastCGI children share it";
  const UniqueFd client = connect_unix(dir / "s");
  ASSERT_TRUE(client);
}

TEST(ListenUnix, ReplacesTheSocketOfADeadOwner) {
  TempDir dir;
  { const auto dead = listen_unix({.path = dir / "s"}); }
  ASSERT_TRUE(listen_unix({.path = dir / "s"}));
}

TEST(ListenUnix, LeavesALivingServerAlone) {
  TempDir dir;
  const auto first = listen_unix({.path = dir / "s"});
  const auto second = listen_unix({.path = dir / "s"});
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().step, Step::in_use);
  EXPECT_TRUE(connect_unix(dir / "s"));
}

TEST(ListenUnix, NeverRemovesWhatIsNotASocket) {
  TempDir dir;
  const std::string file = dir.write("s", "precious");
  const auto fd = listen_unix({.path = file});
  ASSERT_FALSE(fd);
  EXPECT_EQ(fd.error().step, Step::not_ours);
  EXPECT_EQ(read_all(file), "precious");
  remove_socket(file);
  EXPECT_EQ(read_all(file), "precious");
}

TEST(ListenUnix, NamesWhatIsWrong) {
  TempDir dir;
  const auto missing = listen_unix({.path = dir / "no/s"});
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().step, Step::system);
  EXPECT_EQ(missing.error().err, ENOENT);
  const auto too_long = listen_unix({.path = dir / std::string(200, 'x')});
  ASSERT_FALSE(too_long);
  EXPECT_EQ(too_long.error().step, Step::address);
  EXPECT_EQ(too_long.error().message, "AF_UNIX path too long");
}

TEST(ListenUnix, GivesTheFileToItsOwnerOrRemovesItAgain) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  TempDir dir;
  ASSERT_TRUE(listen_unix({.path = dir / "s", .uid = 441, .gid = 444}));
  struct stat info {};
  ASSERT_EQ(::stat((dir / "s").c_str(), &info), 0);
  EXPECT_EQ(info.st_uid, uid_t{441});
  EXPECT_EQ(info.st_gid, gid_t{444});

  ::chmod(dir.path().c_str(), 0777);
  ASSERT_EQ(::seteuid(65534), 0);
  const auto refused = listen_unix({.path = dir / "t", .uid = 441});
  ASSERT_EQ(::seteuid(0), 0);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().step, Step::ownership);
  EXPECT_EQ(refused.error().err, EPERM);
  EXPECT_NE(::lstat((dir / "t").c_str(), &info), 0);
}

TEST(ListenTcp, OneSocketForAnAddressTwoForAllInterfaces) {
  const auto one = listen_tcp("127.0.0.1", 0);
  ASSERT_TRUE(one);
  EXPECT_EQ(one->size(), 1U);
  const auto all = listen_tcp("*", 0);
  ASSERT_TRUE(all);
  ASSERT_GE(all->size(), 1U);
  for (const UniqueFd& fd : *all) {
    EXPECT_EQ(port_of(fd.get()), port_of(all->front().get()));
  }
}

TEST(ListenTcp, APortInUseIsSaidToBe) {
  const auto first = listen_tcp("127.0.0.1", 0);
  ASSERT_TRUE(first);
  const std::uint16_t port = port_of(first->front().get());
  for (const char* host : {"127.0.0.1", "localhost", "", "*"}) {
    const auto second = listen_tcp(host, port);
    ASSERT_FALSE(second) << host;
    EXPECT_EQ(second.error().step, Step::in_use) << host;
  }
}

TEST(ListenTcp, NamesNobodyKnowsAreRefused) {
  for (const char* host : {"no.such.host.invalid", "1.2.3", "[::1", "::g", "127.0.0.1 "}) {
    const auto fds = listen_tcp(host, 0);
    ASSERT_FALSE(fds) << host;
    EXPECT_EQ(fds.error().step, Step::address) << host;
  }
  EXPECT_TRUE(listen_tcp("LocalHost", 0));
}

TEST(ListenTcp, AForeignAddressIsRefusedBySystem) {
  const auto fds = listen_tcp("192.0.2.1", 0);
  ASSERT_FALSE(fds);
  EXPECT_EQ(fds.error().err, EADDRNOTAVAIL);
}

}  // namespace
}  // namespace sv::os
