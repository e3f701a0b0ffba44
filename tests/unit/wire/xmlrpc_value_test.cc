#include "wire/xmlrpc_value.h"

#include <gtest/gtest.h>

namespace sv::wire {
namespace {

TEST(XmlRpcValue, FindsMembersOfStructs) {
  const XmlRpcValue value(XmlRpcStruct{{"a", 1}, {"b", "x"}, {"a", 2}});
  ASSERT_NE(value.member("b"), nullptr);
  EXPECT_EQ(*value.member("b"), XmlRpcValue("x"));
  EXPECT_EQ(*value.member("a"), XmlRpcValue(2)) << "the last of a repeated name";
  EXPECT_EQ(value.member("c"), nullptr);
  EXPECT_EQ(XmlRpcValue("a").member("a"), nullptr);
}

TEST(XmlRpcValue, KeepsTypesApart) {
  EXPECT_NE(XmlRpcValue(1), XmlRpcValue(true));
  EXPECT_NE(XmlRpcValue("1"), XmlRpcValue(1));
  EXPECT_NE(XmlRpcValue(""), XmlRpcValue());
  EXPECT_NE(XmlRpcValue("text").get_if<std::string>(), nullptr) << "not the bool constructor";
}

}  // namespace
}  // namespace sv::wire
