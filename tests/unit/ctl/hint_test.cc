#include "ctl/hint.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <cerrno>
#include <string>

#include "base/unique_fd.h"
#include "support/temp_dir.h"

namespace sv::ctl {
namespace {

using Kind = AddressFacts::Kind;

TEST(Hint, SeesWhatIsAtAPath) {
  const test::TempDir dir;
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  const std::string path = dir / "s";
  path.copy(static_cast<char*>(address.sun_path), path.size());
  const UniqueFd socket(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  ASSERT_EQ(::bind(socket.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);

  const auto kind = [](const std::string& url) { return inspect_address(url, ENOENT).kind; };
  EXPECT_EQ(kind("unix://" + path), Kind::socket);
  EXPECT_EQ(kind("unix://" + dir.write("file", "")), Kind::not_a_socket);
  EXPECT_EQ(kind("unix://" + (dir / "none")), Kind::missing);
  EXPECT_EQ(kind("unix://" + (dir / "no/such")), Kind::no_directory);
  EXPECT_EQ(kind("http://127.0.0.1:1"), Kind::inet);
  EXPECT_EQ(kind("ftp://x"), Kind::unusable);
}

struct Wording {
  Kind kind;
  int error;
  std::string_view expected;
};

TEST(Hint, SaysWhichCaseItIs) {
  for (const Wording& row : {Wording{Kind::socket, ECONNREFUSED, "daemon that is gone"},
                             {Kind::not_a_socket, ECONNREFUSED, "is not a socket"},
                             {Kind::missing, ENOENT, "the daemon is not running"},
                             {Kind::no_directory, ENOENT, "path is probably wrong"},
                             {Kind::socket, EACCES, "no permission"},
                             {Kind::hidden, EACCES, "no permission"},
                             {Kind::inet, ECONNREFUSED, "nothing listens"}}) {
    const std::string text =
        unreachable_hint({row.kind, "unix:///run/s", "/run/s", row.error}, std::nullopt);
    EXPECT_NE(text.find(row.expected), std::string::npos) << text;
    EXPECT_TRUE(text.starts_with("hint: ")) << text;
  }
}

TEST(Hint, NamesTheFileTheAddressCameFrom) {
  const AddressFacts facts{Kind::missing, "unix:///run/s", "/run/s", ENOENT};
  EXPECT_NE(unreachable_hint(facts, "/etc/supervisord.conf").find("/etc/supervisord.conf"),
            std::string::npos);
  EXPECT_NE(unreachable_hint(facts, std::nullopt).find("-s URL"), std::string::npos);
}

TEST(Hint, IsSilentAboutFailuresThatExplainThemselves) {
  EXPECT_EQ(hint_for(wire::XmlRpcFault{6, "SHUTDOWN_STATE"}, "unix:///run/s", {}), "");
  EXPECT_EQ(hint_for(OtherFailure{"ValueError", "x"}, "ftp://x", {}), "");
  EXPECT_EQ(hint_for(Interrupted{}, "unix:///run/s", {}), "");
  EXPECT_EQ(hint_for(HttpFailure{500, "x"}, "unix:///run/s", {}), "");
  EXPECT_NE(hint_for(HttpFailure{401, "x"}, "unix:///run/s", {}).find("-u NAME"),
            std::string::npos);
}

}  // namespace
}  // namespace sv::ctl
