#include "os/execute.h"

#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <string_view>

#include "base/text.h"

namespace sv::os {
namespace {

constexpr std::string_view kDefaultPath = "/bin:/usr/bin";

}  // namespace

int execute(const std::vector<std::string>& argv) {
  if (argv.empty() || argv.front().empty()) {
    return ENOENT;
  }
  std::vector<char*> pointers;
  for (const std::string& word : argv) {
    pointers.push_back(const_cast<char*>(word.c_str()));  // execve() does not write to them
  }
  pointers.push_back(nullptr);
  const std::string& name = argv.front();
  if (name.find('/') != std::string::npos) {
    ::execve(name.c_str(), pointers.data(), environ);
    return errno;
  }
  const char* path = ::getenv("PATH");
  int err = ENOENT;
  for (const std::string_view directory :
       split(path != nullptr ? std::string_view(path) : kDefaultPath, ':')) {
    const std::string candidate = directory.empty() ? name : cat({directory, "/", name});
    ::execve(candidate.c_str(), pointers.data(), environ);
    if (err == ENOENT && errno != ENOTDIR) {
      err = errno;
    }
  }
  return err;
}

}  // namespace sv::os
