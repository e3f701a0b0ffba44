#include "wire/basic_auth.h"

#include <gtest/gtest.h>

namespace sv::wire {
namespace {

bool allows(const std::string& authorization, std::string_view password = "pass") {
  return is_authorized(&authorization, "user", password);
}

TEST(BasicAuth, WritesWhatTheReferenceClientSends) {
  EXPECT_EQ(basic_authorization("user", "pass"), "Basic dXNlcjpwYXNz");
  EXPECT_EQ(basic_authorization("", ""), "Basic Og==");
}

TEST(BasicAuth, AdmitsTheConfiguredPairOnly) {
  EXPECT_TRUE(allows(basic_authorization("user", "pass")));
  EXPECT_FALSE(allows(basic_authorization("user", "pas")));
  EXPECT_FALSE(allows(basic_authorization("user", "passpass")));
  EXPECT_FALSE(allows(basic_authorization("user", "")));
  EXPECT_FALSE(allows(basic_authorization("useruser", "pass")));
  EXPECT_FALSE(allows(basic_authorization("", "pass")));
  EXPECT_FALSE(is_authorized(nullptr, "user", "pass"));
}

TEST(BasicAuth, AnEmptyPasswordAdmitsOnlyAnEmptyPassword) {
  EXPECT_TRUE(allows(basic_authorization("user", ""), ""));
  EXPECT_FALSE(allows(basic_authorization("user", "x"), ""));
  EXPECT_FALSE(allows(basic_authorization("user", std::string(1, '\0')), ""));
}

TEST(BasicAuth, ThePasswordMayContainColons) {
  EXPECT_TRUE(allows(basic_authorization("user", "a:b:"), "a:b:"));
}

TEST(BasicAuth, TheSchemeNameMayHaveAnyCase) {
  EXPECT_TRUE(allows("BASIC dXNlcjpwYXNz"));
  EXPECT_TRUE(allows("basic dXNlcjpwYXNz"));
  EXPECT_FALSE(allows("Digest dXNlcjpwYXNz"));
  EXPECT_FALSE(allows("BasicdXNlcjpwYXNz"));
}

TEST(BasicAuth, UndecodableTextIsNotAuthorized) {
  for (const char* text : {"", "Basic", "Basic ", "Basic ****", "Basic dXNlcjpwYXNz=Q",
                           "Basic dXNlcg==", "Basic //8="}) {
    EXPECT_FALSE(allows(text)) << text;
  }
}

TEST(BasicAuth, ComparesWithAHashedPassword) {
  const std::string hash = "{SHA}9d4e1e23bd5b727046a9e3b4b7db57bd8d6ee684";
  EXPECT_TRUE(allows(basic_authorization("user", "pass"), hash));
  EXPECT_FALSE(allows(basic_authorization("user", "Pass"), hash));
  EXPECT_FALSE(allows(basic_authorization("user", hash), hash));
  EXPECT_FALSE(allows(basic_authorization("user", ""), "{SHA}"));
}

TEST(BasicAuth, WithoutAUserNameEverythingPasses) {
  const std::string any = "Basic Og==";
  EXPECT_TRUE(is_authorized(nullptr, "", ""));
  EXPECT_TRUE(is_authorized(&any, "", ""));
}

}  // namespace
}  // namespace sv::wire
