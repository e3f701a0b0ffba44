#include "ctl/reply_scanner.h"

#include <gtest/gtest.h>

#include <array>
#include <string>
#include <vector>

#include "wire/xmlrpc_reader.h"
#include "wire/xmlrpc_writer.h"

namespace sv::ctl {
namespace {

using wire::XmlRpcArray;
using wire::XmlRpcStruct;
using wire::XmlRpcValue;

const std::vector<XmlRpcValue>& values() {
  static const std::vector<XmlRpcValue> kValues{
      "3.0",
      "",
      " a <&> \"b\" 'c'\n h\xC3\xA9 ]]> \t",
      0,
      -5,
      2147483647,
      true,
      false,
      XmlRpcArray{},
      XmlRpcStruct{},
      XmlRpcArray{1, "x", XmlRpcArray{true}, XmlRpcStruct{{"a", 1}, {"<b>", XmlRpcArray{}}}},
  };
  return kValues;
}

// What the client goes by: the scanner when it can, else the reader.
void expect_agreement(std::string_view xml) {
  const auto scanned = scan_reply(xml);
  if (!scanned) {
    return;
  }
  const auto read = wire::read_reply(xml);
  ASSERT_TRUE(read) << xml;
  ASSERT_TRUE(*read) << xml;
  EXPECT_EQ(*scanned, **read) << xml;
}

TEST(ReplyScanner, ReadsWhatADaemonWrites) {
  for (const XmlRpcValue& value : values()) {
    const std::string xml = wire::write_reply(value);
    const auto scanned = scan_reply(xml);
    ASSERT_TRUE(scanned) << xml;
    EXPECT_EQ(*scanned, value) << xml;
  }
}

TEST(ReplyScanner, KeepsOnlyTheMembersThatAreAskedFor) {
  const XmlRpcArray all{XmlRpcStruct{{"a", 1}, {"b", XmlRpcStruct{{"a", 2}, {"c", 3}}}, {"c", 4}},
                        XmlRpcStruct{{"c", 5}}, "text"};
  constexpr std::array<std::string_view, 2> kMembers{"a", "b"};
  const XmlRpcArray some{XmlRpcStruct{{"a", 1}, {"b", XmlRpcStruct{{"a", 2}}}}, XmlRpcStruct{},
                         "text"};
  EXPECT_EQ(scan_reply(wire::write_reply(all), kMembers), XmlRpcValue(some));
}

TEST(ReplyScanner, LeavesEverythingElseToTheReader) {
  const std::string before = "<methodResponse><params><param><value>";
  const std::string after = "</value></param></params></methodResponse>";
  for (const char* content :
       {"", "text", "<string/>", "<string>a&#1;</string>", "<string>a&quot;</string>",
        "<string>a\r\nb</string>", "<string><!-- x -->a</string>", "<string>a<b/></string>",
        "<int> 5 </int>", "<int>+5</int>", "<int></int>", "<int>1234567890123456789</int>",
        "<i4>5</i4>", "<boolean>true</boolean>", "<nil/>",
        "<array><data><int>1</int></data></array>",
        "<struct><member><name>a</name></member></struct>", "<double>1</double>"}) {
    const std::string xml = before + content + after;
    EXPECT_FALSE(scan_reply(xml)) << xml;
  }
  EXPECT_FALSE(scan_reply(wire::write_reply(tl::unexpected(wire::XmlRpcFault{6, "x"}))));
  EXPECT_FALSE(scan_reply(before + "<int>1</int>" + after + "x"));
  EXPECT_FALSE(scan_reply(""));
}

TEST(ReplyScanner, NeverDisagreesWithTheReaderOnDamagedReplies) {
  const std::string alphabet = "<>/&;a1 \n\r-";
  for (const XmlRpcValue& value : values()) {
    const std::string xml = wire::write_reply(value);
    for (std::size_t at = 0; at < xml.size(); ++at) {
      expect_agreement(xml.substr(0, at));
      std::string damaged = xml;
      damaged.erase(at, 1);
      expect_agreement(damaged);
      for (const char c : alphabet) {
        damaged = xml;
        damaged[at] = c;
        expect_agreement(damaged);
      }
    }
  }
}

TEST(ReplyScanner, GivesUpOnDeepNesting) {
  XmlRpcValue value = 1;
  for (int i = 0; i < 20; ++i) {
    value = XmlRpcArray{std::move(value)};
  }
  EXPECT_FALSE(scan_reply(wire::write_reply(value)));
}

}  // namespace
}  // namespace sv::ctl
