#include "web/asset.h"

#include <gtest/gtest.h>

#include <string>

namespace sv::web {
namespace {

wire::HttpRequest get(std::string path) {
  wire::HttpRequest request;
  request.method = "GET";
  request.path = std::move(path);
  return request;
}

TEST(Assets, AreServedWithTheirTypes) {
  const auto script = asset_response(get("/assets/page.js"));
  ASSERT_TRUE(script);
  EXPECT_EQ(script->status, 200);
  EXPECT_EQ(*script->header("Content-Type"), "text/javascript;charset=utf-8");
  EXPECT_EQ(*script->header("X-Content-Type-Options"), "nosniff");
  EXPECT_EQ(script->body, find_asset("page.js")->text);
  EXPECT_EQ(*asset_response(get("/assets/page.css"))->header("Content-Type"),
            "text/css;charset=utf-8");
  EXPECT_EQ(*asset_response(get("/assets/icon.svg"))->header("Content-Type"), "image/svg+xml");
}

TEST(Assets, ABrowserThatHasItNeedsItNotAgain) {
  wire::HttpRequest request = get("/assets/page.css");
  const std::string tag = *asset_response(request)->header("ETag");
  EXPECT_EQ(tag.size(), 42U) << tag;
  request.headers = {{"If-None-Match", tag}};
  EXPECT_EQ(asset_response(request)->status, 304);
  request.headers = {{"If-None-Match", "\"other\""}};
  EXPECT_EQ(asset_response(request)->status, 200);
}

TEST(Assets, OtherAddressesAreSomebodyElses) {
  for (const char* path : {"/assets/", "/assets/nosuch.js", "/assets/page.html", "/page.js", "/",
                           "/assets/../page.js", "/assets//page.js"}) {
    EXPECT_FALSE(asset_response(get(path))) << path;
  }
  wire::HttpRequest post = get("/assets/page.js");
  post.method = "POST";
  EXPECT_FALSE(asset_response(post));
}

TEST(Assets, FitIntoSomePackets) {
  std::size_t total = 0;
  for (const Asset& asset : all_assets()) {
    total += asset.text.size();
    EXPECT_FALSE(asset.text.empty()) << asset.name;
  }
  EXPECT_LT(total, 100'000U);
}

TEST(Assets, ReferOnlyToEachOther) {
  for (const Asset& asset : all_assets()) {
    for (const char* foreign : {"https://", "@import", "url("}) {
      EXPECT_EQ(asset.text.find(foreign), std::string_view::npos) << asset.name << " " << foreign;
    }
    std::string_view text = asset.text;
    constexpr std::string_view kImport = "from \"./";
    for (std::size_t at = 0; (at = text.find(kImport, at)) != std::string_view::npos;) {
      at += kImport.size();
      EXPECT_NE(find_asset(text.substr(at, text.find('"', at) - at)), nullptr) << asset.name;
    }
  }
}

TEST(Templates, NamesBecomeTheirValues) {
  const TemplateValue values[] = {{"a", "1"}, {"b", "{{a}}"}};
  EXPECT_EQ(fill_template("<{{a}}{{b}}{{a}}>", values), "<1{{a}}1>");
  EXPECT_EQ(fill_template("{{c}}x", values), "x");
  EXPECT_EQ(fill_template("{{a", values), "{{a");
  EXPECT_EQ(fill_template("}} {{ {", values), "}} {{ {");
  EXPECT_EQ(fill_template("", values), "");
}

}  // namespace
}  // namespace sv::web
