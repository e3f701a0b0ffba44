#include "ctl/json.h"

#include <gtest/gtest.h>

namespace sv::ctl {
namespace {

using wire::XmlRpcArray;
using wire::XmlRpcStruct;

TEST(Json, KeepsTypesAndOrder) {
  EXPECT_EQ(json_text(XmlRpcStruct{{"z", 1}, {"a", "x"}, {"b", true}, {"d", 0.5}, {"n", {}}}),
            "{\n  \"z\": 1,\n  \"a\": \"x\",\n  \"b\": true,\n  \"d\": 0.5,\n  \"n\": null\n}\n");
  EXPECT_EQ(json_text(XmlRpcArray{}), "[]\n");
  EXPECT_EQ(json_text(XmlRpcStruct{}), "{}\n");
  EXPECT_EQ(json_text(XmlRpcArray{XmlRpcArray{1}, -2}), "[\n  [\n    1\n  ],\n  -2\n]\n");
}

TEST(Json, IsAlwaysUtf8) {
  EXPECT_EQ(json_text(XmlRpcArray{"h\xC3\xA9\"\n"}), "[\n  \"h\xC3\xA9\\\"\\n\"\n]\n");
  EXPECT_EQ(json_text(XmlRpcArray{"\xFF"}), "[\n  \"\xEF\xBF\xBD\"\n]\n");
}

}  // namespace
}  // namespace sv::ctl
