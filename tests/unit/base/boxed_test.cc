#include "base/boxed.h"

#include <gtest/gtest.h>

#include <string>

namespace sv {
namespace {

using Box = Boxed<std::string>;

TEST(Boxed, IsEmptyOrHoldsAValue) {
  EXPECT_FALSE(Box());
  EXPECT_FALSE(Box(std::nullopt));
  EXPECT_FALSE(Box(std::optional<std::string>()));
  EXPECT_EQ(*Box(std::optional<std::string>("a")), "a");
  Box box = std::string("text");
  ASSERT_TRUE(box.has_value());
  EXPECT_EQ(box->size(), 4U);
  box = std::nullopt;
  EXPECT_FALSE(box.has_value());
}

TEST(Boxed, CopiesAndComparesItsValue) {
  const Box box = std::string("text");
  Box copy = box;
  EXPECT_EQ(copy, box);
  *copy = "other";
  EXPECT_NE(copy, box);
  EXPECT_EQ(*box, "text") << "a copy is its own";
  copy = box;
  EXPECT_EQ(copy, box);
  const Box moved = std::move(copy);
  EXPECT_EQ(moved, box);
  EXPECT_NE(Box(), box);
  EXPECT_EQ(Box(), Box());
}

TEST(Boxed, CostsAPointer) {
  EXPECT_EQ(sizeof(Box), sizeof(void*));
}

}  // namespace
}  // namespace sv
