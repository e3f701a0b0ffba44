#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <vector>

#include "os/sockets.h"
#include "shell/uv/listener.h"
#include "shell/uv/stream.h"
#include "support/temp_dir.h"

namespace sv::shell::uv {
namespace {

std::unique_ptr<Loop> make_loop() {
  auto loop = Loop::create();
  EXPECT_TRUE(loop);
  return std::move(*loop);
}

void turn(Loop& loop, int times = 3) {
  for (int i = 0; i < times; ++i) {
    loop.run_once(Loop::Wait::no);
  }
}

/// Two connected sockets; the test plays the peer with blocking calls.
struct SocketPair {
  SocketPair() {
    int fds[2];
    EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds), 0);
    ours.reset(fds[0]);
    peer.reset(fds[1]);
  }
  void peer_sends(std::string_view text) const {
    EXPECT_EQ(::write(peer.get(), text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  [[nodiscard]] std::string peer_receives(std::size_t limit = 1 << 20) const {
    std::string text(limit, '\0');
    const ssize_t n = ::recv(peer.get(), text.data(), text.size(), MSG_DONTWAIT);
    text.resize(n > 0 ? static_cast<std::size_t>(n) : 0);
    return text;
  }
  UniqueFd ours;
  UniqueFd peer;
};

class Recorder : public StreamOwner {
 public:
  void on_bytes(std::string_view bytes) override {
    received += bytes;
    if (destroy_on_bytes) {
      stream.reset();
    }
  }
  void on_sent() override { ++sent; }
  void on_closed(const std::optional<Error>& error) override {
    ++closed;
    failed = error.has_value();
    stream.reset();
  }

  std::unique_ptr<Stream> stream;
  std::string received;
  int sent = 0;
  int closed = 0;
  bool failed = false;
  bool destroy_on_bytes = false;
};

class UvStream : public ::testing::Test {
 protected:
  void SetUp() override {
    auto stream = Stream::create(*loop_, std::move(sockets_.ours), owner_);
    ASSERT_TRUE(stream);
    owner_.stream = std::move(*stream);
  }

  std::unique_ptr<Loop> loop_ = make_loop();
  SocketPair sockets_;
  Recorder owner_;
};

TEST_F(UvStream, CarriesBytesBothWays) {
  sockets_.peer_sends("question");
  turn(*loop_);
  EXPECT_EQ(owner_.received, "question");
  owner_.stream->write("answer");
  EXPECT_EQ(owner_.stream->unsent_bytes(), 0U) << "sent at once, without a turn of the loop";
  EXPECT_EQ(sockets_.peer_receives(), "answer");
}

TEST_F(UvStream, QueuesWhatThePeerDoesNotTake) {
  const std::string big(3 * 1024 * 1024, 'x');
  owner_.stream->write(big);
  owner_.stream->write("tail");
  EXPECT_GT(owner_.stream->unsent_bytes(), 0U);
  std::string got;
  while (got.size() < big.size() + 4) {
    got += sockets_.peer_receives();
    turn(*loop_, 1);
  }
  EXPECT_EQ(got, big + "tail");
  turn(*loop_);
  EXPECT_EQ(owner_.stream->unsent_bytes(), 0U);
  EXPECT_EQ(owner_.sent, 1);
}

TEST_F(UvStream, TellsWhenThePeerHasClosed) {
  sockets_.peer_sends("bye");
  sockets_.peer.reset();
  turn(*loop_);
  EXPECT_EQ(owner_.received, "bye");
  EXPECT_EQ(owner_.closed, 1);
  EXPECT_FALSE(owner_.failed);
}

TEST_F(UvStream, APeerThatHalfClosesStillGetsWhatIsQueued) {
  const std::string big(2 * 1024 * 1024, 'x');
  owner_.stream->write(big);
  ASSERT_EQ(::shutdown(sockets_.peer.get(), SHUT_WR), 0);
  turn(*loop_);
  EXPECT_EQ(owner_.closed, 0);
  std::size_t got = 0;
  while (got < big.size()) {
    got += sockets_.peer_receives().size();
    turn(*loop_, 1);
  }
  turn(*loop_);
  EXPECT_EQ(owner_.closed, 1);
  EXPECT_FALSE(owner_.failed);
}

TEST_F(UvStream, AFailedSendIsReportedLaterAndAsAnError) {
  owner_.stream->write(std::string(2 * 1024 * 1024, 'x'));
  sockets_.peer.reset();
  owner_.stream->write("more");
  EXPECT_EQ(owner_.closed, 0) << "nothing is called back from inside of write()";
  turn(*loop_);
  EXPECT_EQ(owner_.closed, 1);
  EXPECT_TRUE(owner_.failed);
}

TEST_F(UvStream, FinishSendsEverythingThenClosesOurDirection) {
  const std::string big(1024 * 1024, 'x');
  owner_.stream->write(big);
  owner_.stream->finish();
  owner_.stream->write("ignored");
  std::size_t got = 0;
  while (got < big.size()) {
    got += sockets_.peer_receives().size();
    turn(*loop_, 1);
  }
  turn(*loop_);
  char byte = 0;
  EXPECT_EQ(::recv(sockets_.peer.get(), &byte, 1, MSG_DONTWAIT), 0) << "end of input";
  EXPECT_EQ(got, big.size());
  sockets_.peer_sends("late bytes are drained");
  turn(*loop_);
  EXPECT_EQ(owner_.received, "");
  EXPECT_EQ(owner_.closed, 0);
  sockets_.peer.reset();
  turn(*loop_);
  EXPECT_EQ(owner_.closed, 1);
}

TEST_F(UvStream, APausedStreamReadsNothing) {
  owner_.stream->pause_reading();
  sockets_.peer_sends("wait");
  turn(*loop_);
  EXPECT_EQ(owner_.received, "");
  owner_.stream->resume_reading();
  turn(*loop_);
  EXPECT_EQ(owner_.received, "wait");
}

TEST_F(UvStream, MayBeDestroyedInsideOfACallback) {
  owner_.destroy_on_bytes = true;
  sockets_.peer_sends("x");
  turn(*loop_);
  EXPECT_EQ(owner_.stream, nullptr);
  EXPECT_EQ(::recv(sockets_.peer.get(), nullptr, 0, MSG_DONTWAIT), 0);
}

// Listener ----------------------------------------------------------------------------------------

UniqueFd connect_to(const std::string& path) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::copy(path.begin(), path.end(), address.sun_path);
  UniqueFd fd(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  EXPECT_EQ(::connect(fd.get(), reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  return fd;
}

class UvListener : public ::testing::Test {
 protected:
  void listen() {
    auto socket = os::listen_unix({.path = dir_ / "s"});
    ASSERT_TRUE(socket);
    auto listener = Listener::create(
        *loop_, std::move(*socket),
        [this](UniqueFd fd) {
          accepted_.push_back(std::move(fd));
          if (destroy_on_connection_) {
            listener_.reset();
          }
        },
        [this](int err) { refused_.push_back(err); });
    ASSERT_TRUE(listener);
    listener_ = std::move(*listener);
  }

  std::unique_ptr<Loop> loop_ = make_loop();
  test::TempDir dir_;
  std::vector<UniqueFd> accepted_;
  std::vector<int> refused_;
  bool destroy_on_connection_ = false;
  std::unique_ptr<Listener> listener_;
};

TEST_F(UvListener, DeliversConnectionsNonBlockingAndCloseOnExec) {
  listen();
  const UniqueFd a = connect_to(dir_ / "s");
  const UniqueFd b = connect_to(dir_ / "s");
  turn(*loop_);
  ASSERT_EQ(accepted_.size(), 2U);
  EXPECT_TRUE(::fcntl(accepted_[0].get(), F_GETFL) & O_NONBLOCK);
  EXPECT_TRUE(::fcntl(accepted_[0].get(), F_GETFD) & FD_CLOEXEC);
}

TEST_F(UvListener, MayBeDestroyedByAConnection) {
  listen();
  destroy_on_connection_ = true;
  const UniqueFd a = connect_to(dir_ / "s");
  const UniqueFd b = connect_to(dir_ / "s");
  turn(*loop_);
  EXPECT_EQ(accepted_.size(), 1U);
}

TEST_F(UvListener, OutOfDescriptorsItClosesTheConnectionAndRecovers) {
  listen();
  const UniqueFd a = connect_to(dir_ / "s");
  const UniqueFd next(::dup(0));
  rlimit before{};
  ::getrlimit(RLIMIT_NOFILE, &before);
  const rlimit none{static_cast<rlim_t>(next.get()), before.rlim_max};
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &none), 0);
  turn(*loop_, 20);
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_EQ(refused_, std::vector<int>{EMFILE}) << "must not spin";
  char byte = 0;
  EXPECT_EQ(::recv(a.get(), &byte, 1, MSG_DONTWAIT), 0) << "the peer learns of it";

  const UniqueFd b = connect_to(dir_ / "s");
  turn(*loop_);
  EXPECT_EQ(accepted_.size(), 1U);
}

}  // namespace
}  // namespace sv::shell::uv
