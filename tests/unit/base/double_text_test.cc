#include "base/double_text.h"

#include <gtest/gtest.h>

#include <limits>

namespace sv {
namespace {

struct Row {
  double value;
  const char* text;
};

TEST(DoubleText, IsPythonsRepr) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const Row& row : {Row{0, "0.0"},
                         {-0.0, "-0.0"},
                         {2, "2.0"},
                         {-1.5, "-1.5"},
                         {0.1, "0.1"},
                         {0.1 + 0.2, "0.30000000000000004"},
                         {1.0 / 3, "0.3333333333333333"},
                         {2.0 / 3, "0.6666666666666666"},
                         {1e-4, "0.0001"},
                         {1e-5, "1e-05"},
                         {1.25e-7, "1.25e-07"},
                         {123456789.125, "123456789.125"},
                         {1e15, "1000000000000000.0"},
                         {1234567890123456.5, "1234567890123456.5"},
                         {9007199254740993.0, "9007199254740992.0"},
                         {9999999999999998.0, "9999999999999998.0"},
                         {1e16, "1e+16"},
                         {33289419660551424.0, "3.3289419660551424e+16"},
                         {-1.5e22, "-1.5e+22"},
                         {1.25e-300, "1.25e-300"},
                         {1.7976931348623157e308, "1.7976931348623157e+308"},
                         {5e-324, "5e-324"},
                         {2.2250738585072014e-308, "2.2250738585072014e-308"},
                         {kInfinity, "inf"},
                         {-kInfinity, "-inf"},
                         {std::numeric_limits<double>::quiet_NaN(), "nan"}}) {
    EXPECT_EQ(double_text(row.value), row.text);
  }
}

}  // namespace
}  // namespace sv
