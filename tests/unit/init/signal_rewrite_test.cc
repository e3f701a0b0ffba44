#include "init/signal_rewrite.h"

#include <gtest/gtest.h>
#include <signal.h>

namespace sv::init {
namespace {

TEST(SignalRewrite, ExchangesDropsAndLeaves) {
  SignalRewrite rewrite;
  EXPECT_EQ(rewrite.apply(SIGTERM), SIGTERM);
  ASSERT_TRUE(rewrite.add("15:3"));
  ASSERT_TRUE(rewrite.add("TERM:USR1"));
  ASSERT_TRUE(rewrite.add("sigwinch:0"));
  EXPECT_EQ(rewrite.apply(SIGTERM), SIGQUIT) << "the first rule counts";
  EXPECT_EQ(rewrite.apply(SIGWINCH), 0);
  EXPECT_EQ(rewrite.apply(SIGHUP), SIGHUP);
}

TEST(SignalRewrite, RefusesWhatIsNoRule) {
  SignalRewrite rewrite;
  for (const char* rule : {"", "15", "15:", ":3", "15:x", "0:3", "99:3", "15=3"}) {
    const auto added = rewrite.add(rule);
    ASSERT_FALSE(added) << rule;
    EXPECT_NE(added.error().message.find("is not SIGNAL:SIGNAL"), std::string::npos) << rule;
  }
  for (const char* rule : {"KILL:TERM", "STOP:TERM", "CHLD:TERM"}) {
    const auto added = rewrite.add(rule);
    ASSERT_FALSE(added) << rule;
    EXPECT_NE(added.error().message.find("cannot be rewritten"), std::string::npos) << rule;
  }
}

}  // namespace
}  // namespace sv::init
