#pragma once

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <string>

namespace sv::test {

/// Where a file of the source tree this test was built from is; `path` is relative to the
/// repository.
inline std::filesystem::path source_path(const std::string& path) {
  return std::filesystem::path(__FILE__).parent_path().parent_path().parent_path() / path;
}

/// Its content, for tests that hold documentation and code together; throws when it cannot be
/// read.
inline std::string read_source(const std::string& path) {
  std::ifstream in(source_path(path), std::ios::binary);
  if (!in) {
    throw std::runtime_error("cannot read " + source_path(path).string());
  }
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

}  // namespace sv::test
