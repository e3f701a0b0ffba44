#include "config/config_error.h"

#include <gtest/gtest.h>

namespace sv::config {
namespace {

TEST(ConfigError, NamesThePlaceBeforeTheMessage) {
  EXPECT_EQ(format({"a.conf", 12, "program:cat", "numprocs", "too many"}),
            "a.conf:12: [program:cat] numprocs: too many");
}

TEST(ConfigError, LeavesOutWhatIsNotKnown) {
  EXPECT_EQ(format({"a.conf", 0, "", "", "is empty"}), "a.conf: is empty");
  EXPECT_EQ(format({"", 0, "", "", "is empty"}), "is empty");
  EXPECT_EQ(format({"a.conf", 3, "program:cat", "", "x"}), "a.conf:3: [program:cat] x");
  EXPECT_EQ(format({"", 7, "s", "k", "x"}), "[s] k: x");
}

}  // namespace
}  // namespace sv::config
