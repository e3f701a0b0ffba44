#include "web/json.h"

#include <gtest/gtest.h>

namespace sv::web {
namespace {

TEST(Json, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ(to_text(Json("a\xFFz\n")), "\"a\xEF\xBF\xBDz\\n\"");
}

TEST(Json, WhatIsNoJsonIsNothing) {
  for (const char* text : {"", "{", "{\"a\":}", "nul", "[1,]", "\"\xFF\"", "1 2"}) {
    EXPECT_FALSE(parse_json(text)) << text;
  }
  EXPECT_TRUE(parse_json(" {\"a\": [1, null]} "));
}

TEST(Json, OnlyObjectsHaveMembers) {
  const Json value = *parse_json(R"({"a":1})");
  ASSERT_NE(member(value, "a"), nullptr);
  EXPECT_EQ(*member(value, "a"), 1);
  EXPECT_EQ(member(value, "b"), nullptr);
  EXPECT_EQ(member(Json("a"), "a"), nullptr);
  EXPECT_EQ(member(Json::array(), "a"), nullptr);
  EXPECT_EQ(member(Json(), "a"), nullptr);
}

TEST(Json, TimesAreSecondsWithMilliseconds) {
  EXPECT_EQ(to_text(json_time(WallTime(std::chrono::milliseconds{1'795'400'839'125}))),
            "1795400839.125");
  EXPECT_EQ(to_text(json_time(std::nullopt)), "null");
}

TEST(Json, ErrorsHaveACodeAndAMessage) {
  const wire::HttpResponse response = json_error(404, "BAD_NAME", "BAD_NAME: x");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "{\"error\":{\"code\":\"BAD_NAME\",\"message\":\"BAD_NAME: x\"}}\n");
}

}  // namespace
}  // namespace sv::web
