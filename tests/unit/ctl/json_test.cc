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

TEST(Json, IsReadAsItIsWritten) {
  const wire::XmlRpcValue value =
      XmlRpcStruct{{"z", 1}, {"a", XmlRpcArray{"x", true, -2, 0.5, wire::XmlRpcValue()}}};
  EXPECT_EQ(read_json(json_text(value)), value);
  EXPECT_EQ(read_json("18446744073709551615"), wire::XmlRpcValue(18446744073709551615.0));
}

TEST(Json, GivesNothingForWhatItIsNot) {
  for (const char* text : {"", "<html>", "{\"a\":", "[1,]", "{} {}"}) {
    EXPECT_EQ(read_json(text), std::nullopt) << text;
  }
  EXPECT_EQ(read_json(std::string(100, '[') + std::string(100, ']')), std::nullopt);
}

}  // namespace
}  // namespace sv::ctl
