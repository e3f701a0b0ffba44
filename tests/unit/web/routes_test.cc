// The table of routes, and docs/api.md, which has a section for each of them.

#include "web/routes.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <vector>

#include "base/text.h"
#include "web_fixture.h"

namespace sv::web {
namespace {

using testing::ElementsAre;
using testing::Optional;

std::string page() {
  const auto root =
      std::filesystem::path(__FILE__).parent_path().parent_path().parent_path().parent_path();
  std::ifstream file(root / "docs" / "api.md");
  return {std::istreambuf_iterator<char>(file), {}};
}

TEST(Routes, APlaceholderIsOneWholeSegment) {
  EXPECT_THAT(match("/a/{x}/b", "/a/1/b"), Optional(ElementsAre("1")));
  EXPECT_THAT(match("/a/{x}/{y}", "/a/g:p/*"), Optional(ElementsAre("g:p", "*")));
  EXPECT_THAT(match("/a", "/a"), Optional(ElementsAre()));
  for (const char* path : {"/a//b", "/a/1", "/a/1/b/", "/a/1/c", "a/1/b", "", "/a/1/2/b"}) {
    EXPECT_FALSE(match("/a/{x}/b", path)) << path;
  }
}

TEST(Routes, OnlyPostChanges) {
  for (const Route& route : all_routes()) {
    EXPECT_EQ(route.changes, route.method == "POST") << route.path;
  }
}

TEST(Routes, AreAllDescribedAndNoOthers) {
  std::set<std::string> served;
  for (const Route& route : all_routes()) {
    served.insert(cat({route.method, " ", route.path}));
  }
  std::set<std::string> described;
  const std::string text = page();
  for (const std::string_view line : split(text, '\n')) {
    for (const std::string_view method : {"GET", "POST"}) {
      const std::string start = cat({"### ", method, " "});
      if (line.starts_with(start)) {
        described.insert(std::string(line.substr(4)));
      }
    }
  }
  EXPECT_EQ(described, served);
}

TEST(Routes, EveryMemberOfAProgramIsDescribed) {
  test::FakeHost host;
  test::RecordingLog log;
  host.activate(group("x", {{.name = "x"}}));
  host.world.exits("x", 1);
  Api api(host, log);
  wire::HttpRequest request;
  request.method = "GET";
  const std::string text = page();
  for (const char* path :
       {"/api/v1/programs/x", "/api/v1/daemon", "/api/v1/health", "/api/v1/usage"}) {
    request.path = path;
    const Answer answer = api.answer(request, Permission::full);
    const auto body = parse_json(std::get<wire::HttpResponse>(answer).body);
    ASSERT_TRUE(body);
    std::vector<const Json*> open{&*body};
    while (!open.empty()) {
      const Json& at = *open.back();
      open.pop_back();
      for (const auto& [name, value] : at.items()) {
        EXPECT_TRUE(!at.is_object() || text.find("`" + name + "`") != std::string::npos)
            << path << ": " << name;
        if (value.is_structured()) {
          open.push_back(&value);
        }
      }
    }
  }
}

}  // namespace
}  // namespace sv::web
