#include "web/cross_site.h"

#include <gtest/gtest.h>

namespace sv::web {
namespace {

bool cross_site(std::vector<wire::HttpHeader> headers) {
  wire::HttpRequest request;
  request.headers = std::move(headers);
  return is_cross_site(request);
}

TEST(CrossSite, ProgramsThatAreNoBrowsersAreNot) {
  EXPECT_FALSE(cross_site({}));
  EXPECT_FALSE(cross_site({{"Host", "localhost:9001"}}));
}

TEST(CrossSite, TheBrowsersJudgementDecides) {
  EXPECT_TRUE(cross_site({{"Sec-Fetch-Site", "cross-site"}, {"Host", "a"}}));
  EXPECT_TRUE(cross_site({{"sec-fetch-site", "Cross-Site"}, {"Host", "a"}}));
  EXPECT_TRUE(cross_site({{"Sec-Fetch-Site", "same-site"}, {"Host", "a"}})) << "another port";
  EXPECT_FALSE(cross_site({{"Sec-Fetch-Site", "none"}, {"Host", "a"}}));
  EXPECT_FALSE(cross_site({{"Sec-Fetch-Site", "same-origin"},
                           {"Origin", "https://outside"},
                           {"Host", "behind-a-proxy:9001"}}));
}

TEST(CrossSite, OtherwiseTheOriginMustBeTheHost) {
  EXPECT_FALSE(cross_site({{"Origin", "http://localhost:9001"}, {"Host", "localhost:9001"}}));
  EXPECT_FALSE(cross_site({{"Origin", "https://Sup.Example"}, {"Host", "sup.example"}}));
  EXPECT_TRUE(cross_site({{"Origin", "http://localhost:9002"}, {"Host", "localhost:9001"}}));
  EXPECT_TRUE(cross_site({{"Origin", "http://evil"}, {"Host", "localhost:9001"}}));
  EXPECT_TRUE(cross_site({{"Origin", "null"}, {"Host", "localhost:9001"}}));
  EXPECT_TRUE(cross_site({{"Origin", "null"}, {"Host", ""}}));
  EXPECT_TRUE(cross_site({{"Origin", "http://localhost"}}));
}

TEST(LocalName, IsAnAddressOrLocalhost) {
  for (const char* host :
       {"", "localhost", "LocalHost:9001", "localhost.", "localhost.:9001", "a.localhost:1",
        "127.0.0.1", "127.0.0.1:9001", "10.0.0.1:80", "[::1]", "[::1]:9001", " localhost:9001 "}) {
    EXPECT_TRUE(is_local_name(host)) << host;
  }
  for (const char* host : {"evil.example", "evil.example:9001", "localhost.evil.example",
                           "127.0.0.1.evil.example:9001", "notlocalhost", "1.2.3.x", "a"}) {
    EXPECT_FALSE(is_local_name(host)) << host;
  }
}

}  // namespace
}  // namespace sv::web
