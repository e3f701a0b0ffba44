#include "rpc/arguments.h"

#include <gtest/gtest.h>

#include <limits>

#include "support/fake_host.h"

namespace sv::rpc {
namespace {

using wire::XmlRpcArray;
using wire::XmlRpcStruct;
using wire::XmlRpcValue;

std::optional<std::int64_t> integer(const XmlRpcValue& value) {
  return Argument<std::int64_t>::read(&value);
}

TEST(Arguments, IntegersComeInSeveralShapes) {
  EXPECT_EQ(integer(5), 5);
  EXPECT_EQ(integer(true), 1);
  EXPECT_EQ(integer("5"), 5);
  EXPECT_EQ(integer(" -7 "), -7);
  EXPECT_EQ(integer(3.99), 3);
  EXPECT_EQ(integer(-3.99), -3);
}

TEST(Arguments, WhatIsNoIntegerIsRefused) {
  for (const XmlRpcValue& value :
       {XmlRpcValue(), XmlRpcValue("x"), XmlRpcValue(""), XmlRpcValue("1.5"),
        XmlRpcValue(XmlRpcArray{}), XmlRpcValue(XmlRpcStruct{}),
        XmlRpcValue(std::numeric_limits<double>::quiet_NaN()),
        XmlRpcValue(std::numeric_limits<double>::infinity())}) {
    EXPECT_EQ(integer(value), std::nullopt) << display_text(value);
  }
  EXPECT_EQ(Argument<std::int64_t>::read(nullptr), std::nullopt);
}

TEST(Arguments, HugeIntegersSaturateSoThatSumsFit) {
  constexpr std::int64_t kMax = Argument<std::int64_t>::kMaxInteger;
  EXPECT_EQ(integer(std::numeric_limits<std::int64_t>::max()), kMax);
  EXPECT_EQ(integer("-9223372036854775808"), -kMax);
  EXPECT_EQ(integer(1e300), kMax);
}

TEST(Arguments, WaitIsTruthInAnyShapeAndDefaultsToYes) {
  EXPECT_EQ(Argument<Wait>::read(nullptr), Wait::yes);
  for (const XmlRpcValue& value :
       {XmlRpcValue(true), XmlRpcValue(-1), XmlRpcValue("0"), XmlRpcValue(0.1),
        XmlRpcValue(XmlRpcArray{false}), XmlRpcValue(XmlRpcStruct{{"a", 0}})}) {
    EXPECT_EQ(Argument<Wait>::read(&value), Wait::yes) << display_text(value);
  }
  for (const XmlRpcValue& value :
       {XmlRpcValue(false), XmlRpcValue(0), XmlRpcValue(""), XmlRpcValue(0.0), XmlRpcValue(),
        XmlRpcValue(XmlRpcArray{}), XmlRpcValue(XmlRpcStruct{})}) {
    EXPECT_EQ(Argument<Wait>::read(&value), Wait::no) << display_text(value);
  }
}

TEST(Arguments, AreShownAsPythonShowsThem) {
  // Expected values printed by CPython 3.11's str().
  EXPECT_EQ(display_text(XmlRpcValue()), "None");
  EXPECT_EQ(display_text(true), "True");
  EXPECT_EQ(display_text(-5), "-5");
  EXPECT_EQ(display_text("it's"), "it's");
  EXPECT_EQ(display_text(1.5), "1.5");
  EXPECT_EQ(display_text(100000.0), "100000.0");
  EXPECT_EQ(display_text(0.0), "0.0");
  EXPECT_EQ(display_text(1e16), "1e+16");
  EXPECT_EQ(display_text(0.00001), "1e-05");
  EXPECT_EQ(display_text(XmlRpcArray{"a", 1, XmlRpcArray{false}}), "['a', 1, [False]]");
  EXPECT_EQ(display_text(XmlRpcStruct{{"k", "v"}, {"n", XmlRpcValue()}}), "{'k': 'v', 'n': None}");
}

XmlRpcValue join(Services& /*services*/, std::string_view text, std::int64_t number, Wait wait) {
  return std::string(text) + std::to_string(number) + (wait == Wait::yes ? "!" : "?");
}

TEST(Arguments, AreHandedToAnOrdinaryFunction) {
  test::FakeHost host;
  test::RecordingLog log;
  Services services{host, log};
  const auto call = [&services](const XmlRpcArray& arguments) {
    return std::get<wire::XmlRpcReply>(Bound<join>::call(services, arguments));
  };
  EXPECT_EQ(call({"a", 1}), XmlRpcValue("a1!"));
  EXPECT_EQ(call({"a", "2", 0}), XmlRpcValue("a2?"));
  const wire::XmlRpcReply refused = refuse(FaultCode::incorrect_parameters);
  EXPECT_EQ(call({1, 1}), refused);
  EXPECT_EQ(call({"a", "b"}), refused);
}

}  // namespace
}  // namespace sv::rpc
