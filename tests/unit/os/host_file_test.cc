#include "os/host_file.h"

#include <gtest/gtest.h>

#include "support/temp_dir.h"

namespace sv::os {
namespace {

using Addresses = std::vector<std::string>;

TEST(HostFile, GivesTheAddressesOfANameInTheirOrder) {
  const test::TempDir dir;
  const std::string file = dir.write("hosts",
                                     "127.0.0.1\tlocalhost\n"
                                     "# 10.0.0.9 web\n"
                                     "  10.0.0.1  web  www.example # the old one: db\n"
                                     "fe80::1 db Web\r\n"
                                     "10.0.0.1 web\n"
                                     "10.0.0.3\n");
  EXPECT_EQ(host_addresses("web", file), (Addresses{"10.0.0.1", "fe80::1"}));
  EXPECT_EQ(host_addresses("WWW.example", file), (Addresses{"10.0.0.1"}));
  EXPECT_EQ(host_addresses("db", file), (Addresses{"fe80::1"}));
  EXPECT_EQ(host_addresses("web2", file), Addresses{});
  EXPECT_EQ(host_addresses("10.0.0.3", file), Addresses{});
  EXPECT_EQ(host_addresses("", file), Addresses{});
}

TEST(HostFile, KnowsNothingWithoutAFile) {
  EXPECT_EQ(host_addresses("localhost", "/nowhere/hosts"), Addresses{});
  EXPECT_EQ(host_addresses("localhost", "/dev/zero"), Addresses{});
}

}  // namespace
}  // namespace sv::os
