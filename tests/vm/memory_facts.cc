// What the kernel really does, for everything that is built on it: the counters of
// os/memory_account and the verdicts of navi/memory_verdict about genuine kills, in a machine with
// version 2 of control groups laid out as in root/etc/my_init.d/20_memory_group.
//   memory_facts [ROUNDS]     one line for each fact; 0 if all hold

#include <fcntl.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <fstream>
#include <iostream>
#include <string>
#include <vector>

#include "base/unique_fd.h"
#include "navi/memory_verdict.h"
#include "os/memory_account.h"
#include "take_memory.h"

namespace {

using sv::navi::EndedProcess;
using sv::navi::MemoryVerdict;
using sv::vm::kMiB;
using sv::vm::take;

const std::string kGroups = "/sys/fs/cgroup/";

/// A group beside ours, removed at the end.
class Group {
 public:
  explicit Group(const std::string& name) : directory_(kGroups + name) {
    if (::mkdir(directory_.c_str(), 0755) != 0) {
      std::perror(directory_.c_str());
    }
  }
  ~Group() { ::rmdir(directory_.c_str()); }
  Group(const Group&) = delete;
  Group& operator=(const Group&) = delete;

  void set(const std::string& file, const std::string& value) const {
    std::ofstream out(directory_ + "/" + file);
    if (!(out << value << std::flush)) {
      std::cout << "cannot write " << value << " to " << directory_ << "/" << file << "\n";
    }
  }
  void take_in(pid_t pid) const { set("cgroup.procs", std::to_string(pid)); }
  [[nodiscard]] const std::string& directory() const { return directory_; }

 private:
  std::string directory_;
};

/// A child that moves into the group and takes so much there, then waits for its end.
pid_t start(const Group& group, std::size_t mebibytes) {
  const pid_t child = ::fork();
  if (child == 0) {
    group.take_in(::getpid());
    take(mebibytes);
    for (;;) {
      ::pause();
    }
  }
  return child;
}

/// Waits for the ends of children, all as one batch.
std::vector<EndedProcess> ends(const std::vector<pid_t>& children) {
  std::vector<EndedProcess> batch;
  for (const pid_t child : children) {
    int status = 0;
    ::waitpid(child, &status, 0);
    batch.push_back({child, sv::WaitStatus(status), false});
  }
  return batch;
}

class Facts {
 public:
  explicit Facts(int rounds) : rounds_(rounds) {}

  /// Holds if `found` does, and does so in every round.
  template <class Found>
  void fact(const char* text, Found found) {
    int times = 0;
    for (int round = 0; round < rounds_; ++round) {
      times += (this->*found)() ? 1 : 0;
    }
    std::cout << (times == rounds_ ? "fact " : "NOT A FACT ") << times << " of " << rounds_ << ": "
              << text << std::endl;
    all_hold_ = all_hold_ && times == rounds_;
  }

  bool shows_the_container() {
    return account_.version() == 2 && account_.source() == "memory.events" &&
           account_.events_file() == kGroups + "memory.events" &&
           account_.levels().limit == 64 * kMiB && account_.levels().usage && counters_before_;
  }
  bool one_killed_in_its_own_group() {
    const Group group("boxed");
    group.set("memory.max", "4M");
    return judged(ends({start(group, 64)})) == std::vector{MemoryVerdict::certain};
  }
  bool two_at_once() {
    const Group group("boxed");
    group.set("memory.max", "4M");
    const std::vector<pid_t> both = {start(group, 64), start(group, 64)};
    return judged(ends(both)) == std::vector{MemoryVerdict::certain, MemoryVerdict::certain};
  }
  bool an_operator_near_the_limit() {
    const Group group("boxed");
    group.set("memory.max", "4M");
    const pid_t child = start(group, 2);
    ::kill(child, SIGKILL);
    return judged(ends({child})) == std::vector{MemoryVerdict::none};
  }
  bool a_worker_of_a_living_program() {
    const Group group("boxed");
    group.set("memory.max", "4M");
    const sv::UniqueFd watch(::inotify_init1(IN_CLOEXEC));
    ::inotify_add_watch(watch.get(), account_.events_file()->c_str(), IN_MODIFY);
    const pid_t parent = ::fork();
    if (parent == 0) {
      ends({start(group, 64)});
      for (;;) {
        ::pause();
      }
    }
    pollfd told{watch.get(), POLLIN, 0};
    std::uint64_t kills = 0;  // a change of another counter in the file may come first
    while (kills == 0 && ::poll(&told, 1, 30'000) == 1) {
      alignas(inotify_event) char events[4096];
      kills = ::read(watch.get(), events, sizeof events) > 0 ? unattributed() : 0;
    }
    ::kill(parent, SIGKILL);
    ends({parent});
    return kills == 1;
  }
  bool a_whole_group() {
    const Group group("boxed");
    group.set("memory.max", "4M");
    group.set("memory.oom.group", "1");
    const std::vector<pid_t> both = {start(group, 0), start(group, 64)};
    const auto before = account_.counters();
    const auto batch = ends(both);
    const auto after = account_.counters();
    counters_before_ = after;
    // Once by itself and once with the group: the one whose want it was is counted twice.
    return before && after && after->group_kills == *before->group_kills + 1 &&
           after->kills == before->kills + both.size() + 1 &&
           sv::navi::judge(batch, kills(before), kills(after)).verdicts ==
               std::vector{MemoryVerdict::certain, MemoryVerdict::certain};
  }
  bool ours_is_gone() {
    Group main("main");  // there already
    const auto before = account_.counters();
    sv::os::MemoryAccount moved;
    {
      const Group other("other");
      other.take_in(::getpid());
      const auto in_other = moved.counters();
      main.take_in(::getpid());
      if (!in_other || in_other->local_kills != std::uint64_t{0}) {
        return false;
      }
    }
    const auto after = moved.counters();
    return before && after && after->kills == before->kills &&
           after->local_kills == before->local_kills;
  }
  bool pressure_is_told() {
    const Group group("squeezed");
    group.set("memory.high", "4M");
    const std::string file = account_.pressure_files().front();
    const sv::UniqueFd trigger(::open(file.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
    constexpr char kThreshold[] = "some 50000 1000000";  // microseconds in a window
    if (!trigger || ::write(trigger.get(), kThreshold, sizeof kThreshold) < 0) {
      std::perror(file.c_str());
      return false;
    }
    const pid_t child = start(group, 48);
    pollfd told{trigger.get(), POLLPRI, 0};
    const bool is_told = ::poll(&told, 1, 30'000) == 1 && (told.revents & POLLERR) == 0;
    ::kill(child, SIGKILL);
    ends({child});
    return is_told && file == kGroups + "memory.pressure";
  }

  [[nodiscard]] bool all_hold() const { return all_hold_; }

 private:
  std::vector<MemoryVerdict> judged(const std::vector<EndedProcess>& batch) {
    const auto now = account_.counters();
    const auto judgement = sv::navi::judge(batch, before(now), kills(now));
    counters_before_ = now;
    return judgement.unattributed == 0 ? judgement.verdicts : std::vector<MemoryVerdict>{};
  }
  std::uint64_t unattributed() {
    const auto now = account_.counters();
    const auto judgement = sv::navi::judge({}, before(now), kills(now));
    counters_before_ = now;
    return judgement.unattributed;
  }
  static std::optional<std::uint64_t> kills(const std::optional<sv::os::MemoryCounters>& counters) {
    return counters ? std::optional(counters->kills) : std::nullopt;
  }
  [[nodiscard]] std::optional<std::uint64_t> before(
      const std::optional<sv::os::MemoryCounters>& now) const {
    return now && counters_before_ && now->opened == counters_before_->opened
               ? kills(counters_before_)
               : std::nullopt;
  }

  int rounds_;
  bool all_hold_ = true;
  sv::os::MemoryAccount account_;
  std::optional<sv::os::MemoryCounters> counters_before_ = account_.counters();
};

}  // namespace

int main(int argc, char** argv) {
  Facts facts(argc > 1 ? std::atoi(argv[1]) : 1);
  facts.fact("the container's group counts, with its limit", &Facts::shows_the_container);
  facts.fact("killed in a group of its own: certain", &Facts::one_killed_in_its_own_group);
  facts.fact("two at once: both certain", &Facts::two_at_once);
  facts.fact("an operator's SIGKILL near the limit: none", &Facts::an_operator_near_the_limit);
  facts.fact("a worker of a living program: told by inotify", &Facts::a_worker_of_a_living_program);
  facts.fact("memory.oom.group: everybody certain, one counted twice", &Facts::a_whole_group);
  facts.fact("moved, and the group gone: found again", &Facts::ours_is_gone);
  facts.fact("pressure in the container is told", &Facts::pressure_is_told);
  return facts.all_hold() ? 0 : 1;
}
