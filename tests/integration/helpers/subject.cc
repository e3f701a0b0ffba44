// A program to be supervised. Its first argument says what it does; no shell, nothing random.
//   wait              says "up", then waits for ever
//   stubborn          the same, ignoring SIGTERM
//   exit CODE TEXT    prints TEXT and ends
//   flood BYTES       prints that many bytes in lines of 100, then ends with status 0
//   line BYTES        prints that many bytes without a line feed, each as line_byte() says, then
//   ends message BYTES     the same, between the tokens of capture mode orphans N         leaves N
//   children of children that end at once, says "left N", then waits identity          prints uid,
//   gid, groups, pid, umask and open descriptors, then waits limits            prints the soft
//   limits of descriptors, then waits

#include <dirent.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "line_byte.h"

namespace {

void say(const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(STDOUT_FILENO, text.data() + done, text.size() - done);
    if (n <= 0) {
      ::_exit(9);
    }
    done += static_cast<std::size_t>(n);
  }
}

[[noreturn]] void wait_for_ever() {
  for (;;) {
    ::pause();
  }
}

int flood(long bytes) {
  const std::string line = std::string(99, 'x') + "\n";
  std::string chunk;
  for (int i = 0; i < 100; ++i) {
    chunk += line;
  }
  for (; bytes > 0; bytes -= static_cast<long>(chunk.size())) {
    say(chunk);
  }
  return 0;
}

int line(long bytes) {
  // A prime length: pieces of it do not begin where reads do.
  std::string chunk(65537, ' ');
  for (std::size_t at = 0; bytes > 0;) {
    chunk.resize(std::min(chunk.size(), static_cast<std::size_t>(bytes)));
    for (char& c : chunk) {
      c = sv::test::line_byte(at++);
    }
    say(chunk);
    bytes -= static_cast<long>(chunk.size());
  }
  return 0;
}

int message(long bytes) {
  say("before <!--XSUPERVISOR:BEGIN-->");
  line(bytes);
  say("<!--XSUPERVISOR:END-->after\n");
  return 0;
}

[[noreturn]] void leave_orphans(int count) {
  for (int i = 0; i < count; ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      if (::fork() == 0) {
        ::_exit(0);
      }
      ::_exit(0);
    }
    ::waitpid(child, nullptr, 0);
  }
  say("left " + std::to_string(count) + "\n");
  wait_for_ever();
}

[[noreturn]] void show_identity() {
  std::string text = "uid " + std::to_string(::getuid()) + " gid " + std::to_string(::getgid());
  std::vector<gid_t> groups(64);
  const int count = ::getgroups(static_cast<int>(groups.size()), groups.data());
  text += " groups";
  for (int i = 0; i < count; ++i) {
    text += " " + std::to_string(groups[static_cast<std::size_t>(i)]);
  }
  const mode_t mask = ::umask(0);
  char octal[16];
  std::snprintf(octal, sizeof octal, "%04o", static_cast<unsigned>(mask));
  text += std::string(" umask ") + octal + " descriptors";
  std::vector<int> descriptors;
  DIR* directory = ::opendir("/proc/self/fd");
  while (const dirent* entry = directory != nullptr ? ::readdir(directory) : nullptr) {
    if (entry->d_name[0] != '.' && std::atoi(entry->d_name) != ::dirfd(directory)) {
      descriptors.push_back(std::atoi(entry->d_name));
    }
  }
  std::ranges::sort(descriptors);
  for (const int fd : descriptors) {
    text += " " + std::to_string(fd);
  }
  say(text + "\n");
  wait_for_ever();
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view mode = argc > 1 ? argv[1] : "";
  if (mode == "stubborn") {
    ::signal(SIGTERM, SIG_IGN);
  }
  if (mode == "wait" || mode == "stubborn") {
    say("up\n");
    wait_for_ever();
  }
  if (mode == "exit" && argc == 4) {
    say(std::string(argv[3]) + "\n");
    return std::atoi(argv[2]);
  }
  if (mode == "flood" && argc == 3) {
    return flood(std::atol(argv[2]));
  }
  if (mode == "line" && argc == 3) {
    return line(std::atol(argv[2]));
  }
  if (mode == "message" && argc == 3) {
    return message(std::atol(argv[2]));
  }
  if (mode == "orphans" && argc == 3) {
    leave_orphans(std::atoi(argv[2]));
  }
  if (mode == "identity") {
    show_identity();
  }
  return 2;
}
