#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "base/text.h"
#include "integration/daemon_fixture.h"

namespace sv::test {

/// A daemon whose notices are in {dir}/notices.
class Notices : public DaemonTest {
 protected:
  /// Whatever a test is about, what it leaves behind is as documented.
  void TearDown() override {
    if (std::filesystem::exists(path("notices"))) {
      const std::string check =
          cat({"python3 ", SV_VALIDATE, " ", SV_SCHEMA, " ", path("notices")});
      EXPECT_EQ(std::system(check.c_str()), 0);
    }
    DaemonTest::TearDown();
  }

  std::vector<std::string> notices() {
    std::vector<std::string> found;
    std::error_code missing;
    for (const auto& entry : std::filesystem::directory_iterator(path("notices"), missing)) {
      if (entry.path().extension() == ".json") {
        found.push_back(read_all(entry.path()));
      }
    }
    return found;
  }
};

}  // namespace sv::test
