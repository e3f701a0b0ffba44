// The programs inside of the virtual machine, in one static binary:
//   guest wait            does nothing
//   guest orphan          leaves a child that ends at once
//   guest notices FOLDER  writes every file that gets a name there to standard output: "NAME TEXT"
//   guest eat             takes memory until it is killed
//   guest hold MIB        takes that much and keeps it
//   guest parent          lives on while children that eat are killed, one for each SIGUSR1

#include <dirent.h>
#include <sys/inotify.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstddef>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <set>
#include <string>
#include <string_view>

#include "take_memory.h"

namespace {

using sv::vm::take;

[[noreturn]] void wait_for_ever() {
  for (;;) {
    ::pause();
  }
}

int orphan() {
  if (::fork() == 0) {
    if (::fork() == 0) {
      std::_Exit(0);
    }
    std::_Exit(0);
  }
  return 0;  // and the child is left to process 1, too
}

int parent() {
  sigset_t one;
  ::sigemptyset(&one);
  ::sigaddset(&one, SIGUSR1);
  ::sigprocmask(SIG_BLOCK, &one, nullptr);
  for (;;) {
    int signal = 0;
    ::sigwait(&one, &signal);
    const pid_t child = ::fork();
    if (child == 0) {
      take(1 << 20);
    }
    ::waitpid(child, nullptr, 0);
  }
}

void tell(const std::string& folder, const std::string& name, std::set<std::string>& told) {
  if (!name.ends_with(".json") || !told.insert(name).second) {
    return;
  }
  std::ifstream in(folder + "/" + name);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::printf("%s %s\n", name.c_str(), text.c_str());
  std::fflush(stdout);
}

/// Links and renames give a finished file its name.
int notices(const std::string& folder) {
  const int watch = ::inotify_init1(0);
  if (watch < 0 || ::inotify_add_watch(watch, folder.c_str(), IN_CREATE | IN_MOVED_TO) < 0) {
    std::perror(folder.c_str());
    return 1;
  }
  std::puts("notices: ready");
  std::fflush(stdout);
  std::set<std::string> told;
  for (;;) {
    DIR* const listing = ::opendir(folder.c_str());
    while (const dirent* entry = listing == nullptr ? nullptr : ::readdir(listing)) {
      tell(folder, entry->d_name, told);
    }
    ::closedir(listing);
    alignas(inotify_event) char events[4096];
    if (::read(watch, events, sizeof events) <= 0) {
      return 1;
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::string_view what = argc > 1 ? argv[1] : "";
  if (what == "orphan") {
    return orphan();
  }
  if (what == "parent") {
    return parent();
  }
  if (what == "notices" && argc > 2) {
    return notices(argv[2]);
  }
  if (what == "eat") {
    take(1 << 20);
  }
  if (what == "hold" && argc > 2) {
    take(std::strtoul(argv[2], nullptr, 10));
    std::puts("holding");
    std::fflush(stdout);
  }
  if (what == "wait" || what == "hold") {
    wait_for_ever();
  }
  return 2;
}
