#include "wire/xmlrpc_writer.h"

#include <gtest/gtest.h>

#include <limits>

namespace sv::wire {
namespace {

/// What stands between <value> and </value> of a reply.
std::string written(XmlRpcValue value) {
  const std::string text = write_reply(std::move(value));
  const std::string before = "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value>";
  const std::string after = "</value>\n</param>\n</params>\n</methodResponse>\n";
  EXPECT_TRUE(text.starts_with(before) && text.ends_with(after)) << text;
  return text.substr(before.size(), text.size() - before.size() - after.size());
}

TEST(XmlRpcWriter, LaysOutACallLikeTheReferenceClient) {
  EXPECT_EQ(write_call({.method = "supervisor.getVersion", .params = {}}),
            "<?xml version='1.0'?>\n<methodCall>\n<methodName>supervisor.getVersion</methodName>\n"
            "<params>\n</params>\n</methodCall>\n");
  EXPECT_EQ(write_call({.method = "m", .params = {"sleeper", true}}),
            "<?xml version='1.0'?>\n<methodCall>\n<methodName>m</methodName>\n<params>\n"
            "<param>\n<value><string>sleeper</string></value>\n</param>\n"
            "<param>\n<value><boolean>1</boolean></value>\n</param>\n"
            "</params>\n</methodCall>\n");
}

TEST(XmlRpcWriter, LaysOutScalarsLikeTheReference) {
  EXPECT_EQ(written("3.0"), "<string>3.0</string>");
  EXPECT_EQ(written(""), "<string></string>");
  EXPECT_EQ(written(12), "<int>12</int>");
  EXPECT_EQ(written(true), "<boolean>1</boolean>");
  EXPECT_EQ(written(false), "<boolean>0</boolean>");
  EXPECT_EQ(written({}), "<nil/>");
}

TEST(XmlRpcWriter, LaysOutAStructLikeTheReference) {
  const std::string text = write_reply(XmlRpcStruct{{"statecode", 1}, {"statename", "RUNNING"}});
  EXPECT_EQ(text,
            "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n<value><struct>\n"
            "<member>\n<name>statecode</name>\n<value><int>1</int></value>\n</member>\n"
            "<member>\n<name>statename</name>\n<value><string>RUNNING</string></value>\n</member>\n"
            "</struct></value>\n</param>\n</params>\n</methodResponse>\n");
  EXPECT_EQ(text.size(), 279U);
}

TEST(XmlRpcWriter, LaysOutAFaultLikeTheReference) {
  const std::string text =
      write_reply(tl::unexpected<XmlRpcFault>(XmlRpcFault{10, "BAD_NAME: nosuch"}));
  EXPECT_EQ(text,
            "<?xml version='1.0'?>\n<methodResponse>\n<fault>\n<value><struct>\n"
            "<member>\n<name>faultCode</name>\n<value><int>10</int></value>\n</member>\n"
            "<member>\n<name>faultString</name>\n<value><string>BAD_NAME: nosuch</string></value>\n"
            "</member>\n</struct></value>\n</fault>\n</methodResponse>\n");
  EXPECT_EQ(text.size(), 272U);
}

TEST(XmlRpcWriter, LaysOutArraysLikeTheReference) {
  EXPECT_EQ(written(XmlRpcArray{}), "<array><data>\n</data></array>");
  EXPECT_EQ(written(XmlRpcArray{"h\xC3\xA9llo <&> \n", 12, false}),
            "<array><data>\n<value><string>h\xC3\xA9llo &lt;&amp;&gt; \n</string></value>\n"
            "<value><int>12</int></value>\n<value><boolean>0</boolean></value>\n</data></array>");
}

TEST(XmlRpcWriter, QuotesNamesAndLeavesQuotesAlone) {
  EXPECT_EQ(written(XmlRpcStruct{{"a<b", "\"it's\""}}),
            "<struct>\n<member>\n<name>a&lt;b</name>\n<value><string>\"it's\"</string></value>\n"
            "</member>\n</struct>");
}

TEST(XmlRpcWriter, ReplacesWhatXmlCannotHold) {
  EXPECT_EQ(written("\x1b[1mred\x1b[0m\t\r\n"), "<string>?[1mred?[0m\t\r\n</string>");
  EXPECT_EQ(written(std::string("a\0b", 3)), "<string>a?b</string>");
  EXPECT_EQ(written("cut \xC3"), "<string>cut \xEF\xBF\xBD</string>");
  EXPECT_EQ(written("\xFF\xFE x"), "<string>\xEF\xBF\xBD\xEF\xBF\xBD x</string>");
  EXPECT_EQ(written("\xEF\xBF\xBE\xEF\xBF\xBF\xEF\xBF\xBD"), "<string>?\?\xEF\xBF\xBD</string>");
  EXPECT_EQ(written("\x7F\xC2\x80"), "<string>\x7F\xC2\x80</string>") << "odd, but allowed";
}

TEST(XmlRpcWriter, ClampsIntegersTo32Bits) {
  EXPECT_EQ(written(std::int64_t{1} << 31), "<int>2147483647</int>");
  EXPECT_EQ(written(std::numeric_limits<std::int64_t>::min()), "<int>-2147483648</int>");
  EXPECT_EQ(written(-5), "<int>-5</int>");
}

TEST(XmlRpcWriter, WritesDoublesLikePythonsRepr) {
  struct Row {
    double value;
    const char* text;
  };
  for (const auto& [value, text] : {
           Row{0.0, "0.0"},
           Row{1.0, "1.0"},
           Row{-1.5, "-1.5"},
           Row{0.1, "0.1"},
           Row{1e15, "1000000000000000.0"},
           Row{1e16, "1e+16"},
           Row{1e-4, "0.0001"},
           Row{1e-5, "1e-05"},
           Row{1.25e100, "1.25e+100"},
           Row{123456789.125, "123456789.125"},
       }) {
    EXPECT_EQ(written(value), "<double>" + std::string(text) + "</double>");
  }
}

TEST(XmlRpcArrayWriter, WritesWhatAnArrayInATreeWouldBe) {
  for (const XmlRpcArray& array :
       {XmlRpcArray{}, XmlRpcArray{1}, XmlRpcArray{"<a>", XmlRpcStruct{{"n", 1}}, XmlRpcArray{}}}) {
    XmlRpcArrayWriter writer(1);  // a wrong guess is only slower
    for (const XmlRpcValue& element : array) {
      writer.add(element);
    }
    const XmlRpcValue written = writer.take();
    EXPECT_EQ(write_reply(written), write_reply(array));
    EXPECT_EQ(write_reply(XmlRpcArray{written, 2}), write_reply(XmlRpcArray{array, 2}));
  }
}

}  // namespace
}  // namespace sv::wire
