#include "wire/xmlrpc_reader.h"

#include <gtest/gtest.h>

#include <string>

#include "wire/xmlrpc_writer.h"

namespace sv::wire {
namespace {

std::string call_with(std::string_view params) {
  return "<?xml version='1.0'?>\n<methodCall>\n<methodName>a.b</methodName>\n<params>\n" +
         std::string(params) + "</params>\n</methodCall>\n";
}

Result<XmlRpcValue> read_value(std::string_view value_xml) {
  Result<XmlRpcCall> call =
      read_call(call_with("<param>\n" + std::string(value_xml) + "\n</param>\n"));
  if (!call) {
    return tl::unexpected<Error>(call.error());
  }
  EXPECT_EQ(call->params.size(), 1U) << value_xml;
  return call->params.empty() ? XmlRpcValue() : call->params[0];
}

std::string nested(std::string_view open, std::string_view close, int depth) {
  std::string out;
  for (int i = 0; i < depth; ++i) {
    out += open;
  }
  out += "<value><int>1</int></value>";
  for (int i = 0; i < depth; ++i) {
    out += close;
  }
  return out;
}

std::string nested_arrays(int depth) {
  return nested("<value><array><data>", "</data></array></value>", depth);
}

std::string nested_structs(int depth) {
  return nested("<value><struct><member><name>x</name>", "</member></struct></value>", depth);
}

TEST(XmlRpcReader, ReadsACall) {
  const Result<XmlRpcCall> call =
      read_call(call_with("<param>\n<value><string>sleeper</string></value>\n</param>\n"
                          "<param>\n<value><boolean>1</boolean></value>\n</param>\n"));
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(*call, (XmlRpcCall{"a.b", {"sleeper", true}}));
}

TEST(XmlRpcReader, DecodesValuesLikeTheReference) {
  struct Row {
    std::string_view xml;
    XmlRpcValue value;
  };
  for (const auto& [xml, value] : {
           Row{"<value>text</value>", "text"},
           Row{"<value>  two words \n</value>", "  two words \n"},
           Row{"<value> </value>", " "},
           Row{"<value/>", ""},
           Row{"<value></value>", ""},
           Row{"<value><string> a </string></value>", " a "},
           Row{"<value><string>  </string></value>", "  "},
           Row{"<value><string/></value>", ""},
           Row{"<value>\n <string>x</string>\n</value>", "x"},
           Row{"<value><int>42</int></value>", 42},
           Row{"<value><i4> -7\n</i4></value>", -7},
           Row{"<value><int>+1_000</int></value>", 1000},
           Row{"<value><int>007</int></value>", 7},
           Row{"<value><boolean>1</boolean></value>", true},
           Row{"<value><boolean>0</boolean></value>", false},
           Row{"<value><boolean>true</boolean></value>", false},
           Row{"<value><boolean> 1</boolean></value>", false},
           Row{"<value><boolean/></value>", false},
           Row{"<value><double> 1.5 </double></value>", 1.5},
           Row{"<value><double>+2</double></value>", 2.0},
           Row{"<value><dateTime.iso8601>20261123T02:13:04</dateTime.iso8601></value>",
               "20261123T02:13:04"},
           Row{"<value><base64>aMOp\nbGxv</base64></value>", "h\xC3\xA9llo"},
           Row{"<value><base64/></value>", ""},
           Row{"<value><nil/></value>", XmlRpcValue()},
           Row{"<value><i8>4</i8></value>", "4"},
           Row{"<value><int>1</int><string>ignored</string></value>", 1},
           Row{"<value>ignored<int>1</int></value>", 1},
           Row{"<value><array><data></data></array></value>", XmlRpcArray{}},
           Row{"<value><array><data>\n<value>a</value>\n<value><int>2</int></value>\n"
               "</data></array></value>",
               XmlRpcArray{"a", 2}},
           Row{"<value><array><data><int>1</int></data></array></value>", XmlRpcArray{1}},
           Row{"<value><struct/></value>", XmlRpcStruct{}},
           Row{"<value><struct>\n<member>\n<name>n</name>\n<value>v</value>\n</member>\n"
               "<member><name/><value><int>2</int></value></member></struct></value>",
               XmlRpcStruct{{"n", "v"}, {"", 2}}},
           Row{"<int>5</int>", 5},
       }) {
    const Result<XmlRpcValue> read = read_value(xml);
    ASSERT_TRUE(read.has_value()) << xml << ": " << read.error().message;
    EXPECT_EQ(*read, value) << xml;
  }
}

TEST(XmlRpcReader, DecodesTextLikeTheReference) {
  EXPECT_EQ(*read_value("<value>&lt;&amp;&gt;&quot;&apos;&#233;&#xE9;</value>"),
            XmlRpcValue("<&>\"'\xC3\xA9\xC3\xA9"));
  EXPECT_EQ(*read_value("<value>a\r\nb\rc</value>"), XmlRpcValue("a\nb\nc"));
  EXPECT_EQ(*read_value("<value>a&#13;&#10;b</value>"), XmlRpcValue("a\r\nb"));
  EXPECT_EQ(*read_value("<value><![CDATA[<raw> & ]]></value>"), XmlRpcValue("<raw> & "));
  EXPECT_EQ(*read_value("<value>a<!-- & cut -->b<![CDATA[c]]>d</value>"), XmlRpcValue("abcd"));
  EXPECT_EQ(*read_value("<value>a<?pi & ?>b</value>"), XmlRpcValue("ab"));
}

TEST(XmlRpcReader, RefusesValuesTheReferenceRefuses) {
  for (const char* xml : {
           "<value><int>abc</int></value>",
           "<value><int/></value>",
           "<value><int>1.5</int></value>",
           "<value><int>99999999999999999999</int></value>",
           "<value><double>x</double></value>",
           "<value><double/></value>",
           "<value><double>+-1</double></value>",
           "<value><dateTime.iso8601>yesterday</dateTime.iso8601></value>",
           "<value><dateTime.iso8601>20261323T02:13:04</dateTime.iso8601></value>",
           "<value><dateTime.iso8601>20260230T02:13:04</dateTime.iso8601></value>",
           "<value><dateTime.iso8601>20261123T24:13:04</dateTime.iso8601></value>",
           "<value><dateTime.iso8601>2026112 T02:13:04</dateTime.iso8601></value>",
           "<value><base64>/w==</base64></value>",
           "<value><base64>Q</base64></value>",
           "<value><array/></value>",
           "<value><struct><member/></struct></value>",
           "<value><struct><member><name>x</name></member></struct></value>",
           "<value><struct><member><name>x</name><value/><value/></member></struct></value>",
           "",
       }) {
    const Result<XmlRpcValue> read = read_value(xml);
    ASSERT_FALSE(read.has_value()) << xml;
    EXPECT_EQ(read.error().code, ErrorCode::invalid_argument);
    EXPECT_TRUE(read.error().message.starts_with("unmarshallable (")) << read.error().message;
  }
}

TEST(XmlRpcReader, IsLenientAboutTheFrameLikeTheReference) {
  EXPECT_EQ(read_call("<foo><methodName>a.b</methodName></foo>")->method, "a.b");
  EXPECT_EQ(read_call("<foo><methodName> a.b </methodName></foo>")->method, " a.b ");
  EXPECT_TRUE(read_call("<m><methodName>x</methodName><params/></m>")->params.empty());
  EXPECT_EQ(read_call("<m><params><param><value>1</value></param></params>"
                      "<methodName>x</methodName></m>")
                ->params,
            XmlRpcArray{"1"});
}

TEST(XmlRpcReader, NeedsAMethodName) {
  for (const char* xml : {"<methodCall/>", "<methodCall><methodName/></methodCall>",
                          "<methodCall><params/></methodCall>"}) {
    const Result<XmlRpcCall> call = read_call(xml);
    ASSERT_FALSE(call.has_value()) << xml;
    EXPECT_EQ(call.error().message, "no method name");
  }
}

TEST(XmlRpcReader, RefusesWhatIsNotWellFormed) {
  for (const char* xml : {
           "",
           " ",
           "text",
           "<m>",
           "<m><methodName>x</methodName>",
           "<m><methodName>x</m></methodName>",
           "<m><methodName>x</methodName></m>garbage",
           "<m><methodName>x</methodName></m><m/>",
           "garbage<m><methodName>x</methodName></m>",
           "<m><methodName>x</methodName></m></m>",
           "<m><methodName>x&#1;</methodName></m>",
           "<m><methodName>x&#0;</methodName></m>",
           "<m><methodName>x&#xFFFE;</methodName></m>",
           "<m><methodName>x&#xD800;</methodName></m>",
           "<m><methodName>x&#99999999999;</methodName></m>",
           "<m><methodName>x&#;</methodName></m>",
           "<m><methodName>x&unknown;</methodName></m>",
           "<m><methodName>x & y</methodName></m>",
           "<m><methodName>x&amp</methodName></m>",
           "<m><methodName>x ]]> y</methodName></m>",
           "<m><methodName>\x01</methodName></m>",
           "<m><methodName>\xEF\xBF\xBF</methodName></m>",
           "<m><methodName>x</methodName><!-- </m>",
           "<m><methodName>x</methodName><![CDATA[ </m>",
           "<m a><methodName>x</methodName></m>",
           "<m a='&u;'><methodName>x</methodName></m>",
           " <?xml version='1.0'?><m><methodName>x</methodName></m>",
           "<![CDATA[]]><m><methodName>x</methodName></m>",
       }) {
    EXPECT_FALSE(read_call(xml).has_value()) << xml;
  }
}

TEST(XmlRpcReader, AcceptsWhatMayStandAroundTheRoot) {
  EXPECT_TRUE(read_call("\xEF\xBB\xBF<?xml version='1.0' encoding='utf-8'?>\n<!-- c --><?pi x?>\n"
                        "<m a='1>2' b=\"'\"><methodName>x</methodName></m>\n<!-- c -->\n")
                  .has_value());
}

TEST(XmlRpcReader, TheBodyIsUtf8WhateverItsDeclarationSays) {
  const auto call = read_call(
      "<?xml version='1.0' encoding='iso-8859-1'?><m><methodName>\xC3\xA9</methodName></m>");
  ASSERT_TRUE(call.has_value());
  EXPECT_EQ(call->method, "\xC3\xA9");
  EXPECT_FALSE(read_call("<?xml version='1.0' encoding='iso-8859-1'?>"
                         "<m><methodName>\xE9</methodName></m>")
                   .has_value());
}

TEST(XmlRpcReader, RefusesDocumentTypes) {
  EXPECT_FALSE(read_call("<!DOCTYPE m [<!ENTITY e 'x'>]><m><methodName>&e;</methodName></m>"));
  EXPECT_FALSE(read_call("<!DOCTYPE m><m><methodName>x</methodName></m>"));
}

TEST(XmlRpcReader, RefusesDeepNesting) {
  EXPECT_TRUE(read_value(nested_arrays(kXmlRpcMaxDepth)).has_value());
  EXPECT_FALSE(read_value(nested_arrays(kXmlRpcMaxDepth + 1)).has_value());
  EXPECT_TRUE(read_value(nested_structs(kXmlRpcMaxDepth)).has_value());
  EXPECT_FALSE(read_value(nested_structs(kXmlRpcMaxDepth + 1)).has_value());
  EXPECT_FALSE(read_value(nested_arrays(10000)).has_value());
  EXPECT_FALSE(read_value(nested("<value>", "</value>", 10000)).has_value());
}

TEST(XmlRpcReader, ReadsTheRepliesOfTheWriter) {
  const XmlRpcReply value = XmlRpcValue(XmlRpcArray{
      "h\xC3\xA9llo <&> \n", 12, false, 1.5, XmlRpcValue(), XmlRpcStruct{{"a", XmlRpcArray{}}}});
  EXPECT_EQ(*read_reply(write_reply(value)), value);
  const XmlRpcReply fault = tl::unexpected<XmlRpcFault>(XmlRpcFault{10, "BAD_NAME: x"});
  EXPECT_EQ(*read_reply(write_reply(fault)), fault);
}

TEST(XmlRpcReader, ReadsLogTextTheReferenceShouldNotHaveSent) {
  const auto reply = read_reply(
      "<?xml version='1.0'?>\n<methodResponse>\n<params>\n<param>\n"
      "<value><string>\x1b[1mbold\x1b[0m</string></value>\n</param>\n</params>\n"
      "</methodResponse>\n");
  ASSERT_TRUE(reply.has_value());
  EXPECT_EQ(**reply, XmlRpcValue("\x1b[1mbold\x1b[0m"));
}

TEST(XmlRpcReader, RefusesWhatIsNotAReply) {
  for (const char* xml : {
           "<html><body>no</body></html>",
           "<methodResponse/>",
           "<methodResponse><params/></methodResponse>",
           "<methodResponse><params><param/></params></methodResponse>",
           "<methodResponse><fault/></methodResponse>",
           "<methodResponse><fault><value>x</value></fault></methodResponse>",
           "<methodResponse><fault><value><struct><member><name>faultCode</name>"
           "<value><int>1</int></value></member></struct></value></fault></methodResponse>",
       }) {
    const Result<XmlRpcReply> reply = read_reply(xml);
    ASSERT_FALSE(reply.has_value()) << xml;
    EXPECT_EQ(reply.error().code, ErrorCode::invalid_argument);
  }
}

}  // namespace
}  // namespace sv::wire
