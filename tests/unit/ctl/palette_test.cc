#include "ctl/palette.h"

#include <gtest/gtest.h>

#include "ctl/render.h"

namespace sv::ctl {
namespace {

using Use = Palette::Use;

TEST(Palette, IsForTerminalsThatHaveColours) {
  EXPECT_EQ(colour_use(true, "xterm", nullptr), Use::always);
  EXPECT_EQ(colour_use(true, "xterm", ""), Use::always) << "an empty NO_COLOR says nothing";
  EXPECT_EQ(colour_use(true, "xterm", "1"), Use::never);
  EXPECT_EQ(colour_use(false, "xterm", nullptr), Use::never);
  EXPECT_EQ(colour_use(true, "dumb", nullptr), Use::never);
  EXPECT_EQ(colour_use(true, nullptr, nullptr), Use::never);
}

TEST(Palette, AddsNothingWithoutColours) {
  const Palette none;
  EXPECT_EQ(none.begin_state("FATAL"), "");
  EXPECT_EQ(none.begin_source(3), "");
  EXPECT_EQ(none.end(), "");
}

TEST(Palette, ChangesNoColumn) {
  const std::vector<StatusRow> rows{{"cat", "RUNNING", "text"}};
  EXPECT_EQ(status_table(rows, Palette(Use::always)),
            "cat                              \x1b[32mRUNNING   \x1b[0mtext\n");
}

}  // namespace
}  // namespace sv::ctl
