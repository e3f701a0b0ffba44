#include "wire/base64.h"

#include <gtest/gtest.h>

namespace sv::wire {
namespace {

TEST(Base64, EncodesThePublishedVectors) {
  EXPECT_EQ(base64_encode(""), "");
  EXPECT_EQ(base64_encode("f"), "Zg==");
  EXPECT_EQ(base64_encode("fo"), "Zm8=");
  EXPECT_EQ(base64_encode("foo"), "Zm9v");
  EXPECT_EQ(base64_encode("foobar"), "Zm9vYmFy");
  EXPECT_EQ(base64_encode("\xFF\xFE\xFB"), "//77");
}

TEST(Base64, DecodesWhatItEncodes) {
  std::string bytes;
  for (int c = 0; c < 256; ++c) {
    bytes += static_cast<char>(c);
    EXPECT_EQ(base64_decode(base64_encode(bytes)), bytes);
  }
}

TEST(Base64, DecodesAsLenientlyAsPython) {
  // Results of CPython 3.11's base64.decodebytes().
  struct Row {
    std::string_view text;
    std::optional<std::string> bytes;
  };
  for (const auto& [text, bytes] : {
           Row{"QQ==", "A"},
           Row{"QUI=", "AB"},
           Row{"QUJD\nRA==", "ABCD"},
           Row{"Q Q = =", "A"},
           Row{"QQ==QQ==", "A"},
           Row{"****", ""},
           Row{"=", ""},
           Row{"", ""},
           Row{"QQ=a=", "A\x06"},
           Row{"QQ", std::nullopt},
           Row{"QQ=", std::nullopt},
           Row{"Q", std::nullopt},
       }) {
    EXPECT_EQ(base64_decode(text), bytes) << text;
  }
}

}  // namespace
}  // namespace sv::wire
