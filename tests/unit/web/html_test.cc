#include "web/html.h"

#include <gtest/gtest.h>

namespace sv::web {
namespace {

TEST(Html, EscapesWhatCouldEndTextOrAnAttribute) {
  EXPECT_EQ(escape_html("a<b>&\"c\""), "a&lt;b&gt;&amp;&quot;c&quot;");
}

TEST(Html, ReplacesWhatNoPageMayHold) {
  EXPECT_EQ(escape_html(std::string_view("\0\x1B[0m\x7F", 6)),
            "\xEF\xBF\xBD\xEF\xBF\xBD[0m\xEF\xBF\xBD");
  EXPECT_EQ(escape_html("\xFF\t\r\n"), "\xEF\xBF\xBD\t\r\n");
  EXPECT_EQ(escape_html("h\xC3\xA9"), "h\xC3\xA9");
}

TEST(Html, PagesNeedNothingFromElsewhere) {
  const std::string page = html_page("<title>", "<p>body</p>");
  EXPECT_TRUE(page.starts_with("<!DOCTYPE html>"));
  EXPECT_NE(page.find("<title>&lt;title&gt;</title>"), std::string::npos);
  for (const char* foreign :
       {"url(", "@import", "http:", "https:", "src=\"/", "href=\"/", "style="}) {
    EXPECT_EQ(page.find(foreign), std::string::npos) << foreign;
  }
}

}  // namespace
}  // namespace sv::web
