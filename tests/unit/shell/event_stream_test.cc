#include "shell/event_stream.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "support/fake_host.h"

namespace sv::shell {
namespace {

using std::chrono::seconds;
using test::group;

class EventStreamTest : public ::testing::Test {
 protected:
  EventStreamTest() { host.activate(group("x", {{.name = "x", .autostart = false}})); }

  struct Client {
    std::unique_ptr<StreamSource> source;
    int woken = 0;

    /// Everything there is, as a connection takes it.
    std::string take() {
      std::string all;
      for (std::string piece; !(piece = source->next(1000)).empty();) {
        all += piece;
      }
      return all;
    }
  };
  std::unique_ptr<Client> subscribe() {
    auto client = std::make_unique<Client>();
    client->source = stream.subscribe("{}");
    client->source->begin([at = client.get()] { ++at->woken; });
    return client;
  }
  void change() {
    core::StateChange change;
    change.to = core::ProcessState::starting;
    stream.state_changed(host.world.process("x"), change);
  }

  test::FakeHost host;
  EventStream stream{host, host.world.clock()};
};

TEST_F(EventStreamTest, TheFirstEventIsTheSnapshot) {
  EXPECT_EQ(subscribe()->take(), "retry: 2000\n\nid: 0\nevent: snapshot\ndata: {}\n\n");
}

TEST_F(EventStreamTest, ClientsAreWokenOnceForAllThatHappened) {
  const auto one = subscribe();
  const auto two = subscribe();
  (void)one->take();
  (void)two->take();
  change();
  stream.group_removed("x");
  EXPECT_EQ(one->woken, 0) << "announcing only queues";
  stream.flush();
  stream.flush();
  EXPECT_EQ(one->woken, 1);
  const std::string seen = one->take();
  EXPECT_NE(seen.find("id: 1\nevent: state\ndata: {"), std::string::npos) << seen;
  EXPECT_NE(seen.find("id: 2\nevent: group_removed\ndata: {\"group\":\"x\"}\n\n"),
            std::string::npos);
  EXPECT_EQ(two->take(), seen);
  EXPECT_FALSE(one->source->ended());
}

TEST_F(EventStreamTest, WhatHappenedBeforeIsNotSentAgain) {
  const auto first = subscribe();
  change();
  const auto second = subscribe();
  EXPECT_EQ(second->take(), "retry: 2000\n\nid: 1\nevent: snapshot\ndata: {}\n\n");
}

TEST_F(EventStreamTest, WithoutClientsThereIsNoDeadline) {
  EXPECT_EQ(stream.deadline(), std::nullopt);
  change();
  stream.flush();
  auto client = subscribe();
  EXPECT_EQ(stream.deadline(), host.now().mono + EventStream::kHeartbeat);
  client.reset();
  EXPECT_EQ(stream.deadline(), std::nullopt);
  stream.flush();
}

TEST_F(EventStreamTest, AHeartbeatIsACommentThatComesInTime) {
  const auto client = subscribe();
  (void)client->take();
  stream.deadline_reached();
  EXPECT_EQ(client->take(), "") << "somebody else's deadline";
  host.world.pass(EventStream::kHeartbeat);
  stream.deadline_reached();
  EXPECT_EQ(client->take(), ":\n\n");
  EXPECT_EQ(stream.deadline(), host.now().mono + EventStream::kHeartbeat);
}

TEST_F(EventStreamTest, AClientThatIsTooSlowIsToldSoAndDropped) {
  const auto slow = subscribe();
  const auto quick = subscribe();
  std::size_t seen = 0;
  while (!slow->source->ended()) {
    change();
    seen += quick->take().size();
    ASSERT_LT(seen, 2 * EventStream::kMaxBacklog);
  }
  EXPECT_FALSE(quick->source->ended());
  EXPECT_EQ(slow->take(), "event: dropped\ndata: {\"reason\":\"too slow\"}\n\n");
  change();
  EXPECT_EQ(slow->take(), "") << "nothing comes after that";
  EXPECT_NE(quick->take(), "");
}

TEST_F(EventStreamTest, ASnapshotMayBeLargerThanTheBacklog) {
  const std::string large(2 * EventStream::kMaxBacklog, 'x');
  const auto source = stream.subscribe(large);
  change();
  EXPECT_FALSE(source->ended());
  EXPECT_GT(source->next(1000).size(), large.size());
}

}  // namespace
}  // namespace sv::shell
