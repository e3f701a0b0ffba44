#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace sv::test {

/// A file of the source tree this test was built from, for tests that hold documentation and code
/// together. `path` is relative to the repository; throws when it cannot be read.
inline std::string read_source(const std::string& path) {
  const auto root = std::filesystem::path(__FILE__).parent_path().parent_path().parent_path();
  std::ifstream in(root / path, std::ios::binary);
  if (!in) {
    throw std::runtime_error("cannot read " + (root / path).string());
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace sv::test
