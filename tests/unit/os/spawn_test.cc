#include "os/spawn.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <map>

#include "base/unique_fd.h"
#include "os/reaper.h"
#include "support/temp_dir.h"

namespace sv::os {
namespace {

struct Pipe {
  UniqueFd read;
  UniqueFd write;
};

Pipe make_pipe() {
  int fds[2];
  EXPECT_EQ(::pipe2(fds, O_CLOEXEC), 0);
  return {UniqueFd(fds[0]), UniqueFd(fds[1])};
}

std::string read_to_end(int fd) {
  std::string text;
  char buffer[4096];
  ssize_t n = 0;
  while ((n = ::read(fd, buffer, sizeof buffer)) > 0) {
    text.append(buffer, static_cast<std::size_t>(n));
  }
  return text;
}

int wait_for(pid_t pid) {
  int status = -1;
  EXPECT_EQ(::waitpid(pid, &status, 0), pid);
  return status;
}

ChildPlan shell_plan(const std::string& script) {
  ChildPlan plan;
  plan.path = "/bin/sh";
  plan.argv = {"sh", "-c", script};
  plan.envp = {"PATH=/usr/bin:/bin"};
  return plan;
}

/// What a shell script run with this plan prints on descriptor 1.
std::string output_of(ChildPlan plan) {
  Pipe out = make_pipe();
  plan.stdout_fd = out.write.get();
  const auto pid = spawn(plan);
  if (!pid) {
    return describe(pid.error(), plan);
  }
  out.write.reset();
  std::string text = read_to_end(out.read.get());
  EXPECT_EQ(wait_for(*pid), 0);
  return text;
}

bool has_children() {
  siginfo_t info;
  return ::waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) == 0;
}

TEST(Spawn, RunsTheProgramAndReturnsItsPid) {
  const auto pid = spawn(shell_plan("exit 7"));
  ASSERT_TRUE(pid);
  const int status = wait_for(*pid);
  EXPECT_TRUE(WIFEXITED(status));
  EXPECT_EQ(WEXITSTATUS(status), 7);
}

TEST(Spawn, PassesArgumentsAndExactlyTheGivenEnvironment) {
  test::TempDir dir;
  ChildPlan plan;
  plan.path = "/usr/bin/env";
  plan.argv = {"renamed"};
  plan.envp = {"B=two words", "A=1"};
  EXPECT_EQ(output_of(plan), "B=two words\nA=1\n");
  plan = shell_plan("printf '%s|' \"$0\" \"$@\"");
  plan.argv.insert(plan.argv.end(), {"zero", "", "a b"});
  EXPECT_EQ(output_of(plan), "zero||a b|");
}

TEST(Spawn, ConnectsTheThreeStandardDescriptors) {
  Pipe in = make_pipe();
  Pipe out = make_pipe();
  Pipe err = make_pipe();
  ChildPlan plan = shell_plan("read line; echo got $line; echo oops >&2");
  plan.stdin_fd = in.read.get();
  plan.stdout_fd = out.write.get();
  plan.stderr_fd = err.write.get();
  const auto pid = spawn(plan);
  ASSERT_TRUE(pid);
  out.write.reset();
  err.write.reset();
  ASSERT_EQ(::write(in.write.get(), "word\n", 5), 5);
  EXPECT_EQ(read_to_end(out.read.get()), "got word\n");
  EXPECT_EQ(read_to_end(err.read.get()), "oops\n");
  EXPECT_EQ(wait_for(*pid), 0);
}

TEST(Spawn, OnePipeMayServeBothOutputs) {
  Pipe out = make_pipe();
  ChildPlan plan = shell_plan("echo one; echo two >&2");
  plan.stdout_fd = out.write.get();
  plan.stderr_fd = out.write.get();
  const auto pid = spawn(plan);
  ASSERT_TRUE(pid);
  out.write.reset();
  EXPECT_EQ(read_to_end(out.read.get()), "one\ntwo\n");
  EXPECT_EQ(wait_for(*pid), 0);
}

// Descriptors 1 and 2 of the daemon exchanged in the child: assigning one after the other would
// lose the first.
TEST(Spawn, SourcesAmongTheStandardDescriptorsAreNotOverwritten) {
  Pipe first = make_pipe();
  Pipe second = make_pipe();
  UniqueFd saved_out(::fcntl(1, F_DUPFD_CLOEXEC, 3));
  UniqueFd saved_err(::fcntl(2, F_DUPFD_CLOEXEC, 3));
  ::dup2(first.write.get(), 1);
  ::dup2(second.write.get(), 2);
  ChildPlan plan = shell_plan("echo out; echo err >&2");
  plan.stdout_fd = 2;
  plan.stderr_fd = 1;
  const auto pid = spawn(plan);
  ::dup2(saved_out.get(), 1);
  ::dup2(saved_err.get(), 2);
  ASSERT_TRUE(pid);
  first.write.reset();
  second.write.reset();
  EXPECT_EQ(read_to_end(first.read.get()), "err\n");
  EXPECT_EQ(read_to_end(second.read.get()), "out\n");
  EXPECT_EQ(wait_for(*pid), 0);
}

TEST(Spawn, AStandardDescriptorMayBecomeItself) {
  Pipe out = make_pipe();
  UniqueFd saved(::fcntl(1, F_DUPFD_CLOEXEC, 3));
  ::dup3(out.write.get(), 1, O_CLOEXEC);
  ChildPlan plan = shell_plan("echo still here");
  plan.stdout_fd = 1;
  const auto pid = spawn(plan);
  ::dup2(saved.get(), 1);
  ASSERT_TRUE(pid);
  out.write.reset();
  EXPECT_EQ(read_to_end(out.read.get()), "still here\n");
  EXPECT_EQ(wait_for(*pid), 0);
}

TEST(Spawn, TheChildLeadsItsOwnProcessGroupInOurSession) {
  const auto pid = spawn(shell_plan("read never <&3 || sleep 100"));
  ASSERT_TRUE(pid);
  EXPECT_EQ(::getpgid(*pid), *pid);
  EXPECT_EQ(::getsid(*pid), ::getsid(0));
  ::kill(-*pid, SIGKILL);
  EXPECT_TRUE(WIFSIGNALED(wait_for(*pid)));
}

TEST(Spawn, NoOtherDescriptorReachesTheChild) {
  const UniqueFd leaky(::open("/dev/null", O_RDONLY));  // without close-on-exec, on purpose
  const UniqueFd high(::fcntl(leaky.get(), F_DUPFD, 500));
  ASSERT_GE(high.get(), 500);
  EXPECT_EQ(
      output_of(shell_plan("cd /proc/self/fd && for f in *; do "
                           "case $f in 0|1|2) ;; *) test -e $f && echo $f;; esac; done; true")),
      "");
}

/// A field of /proc/<child>/status, read by the child itself.
std::string status_field(const std::string& name) {
  return output_of(shell_plan("while read k v; do [ \"$k\" = " + name +
                              ": ] && echo $v; done < /proc/$$/status; true"));
}

TEST(Spawn, TheChildStartsWithDefaultDispositionsAndAnEmptyMask) {
  struct sigaction ignore {};
  ignore.sa_handler = SIG_IGN;
  struct sigaction old_pipe {};
  struct sigaction old_xfsz {};
  ::sigaction(SIGPIPE, &ignore, &old_pipe);
  ::sigaction(SIGXFSZ, &ignore, &old_xfsz);
  sigset_t blocked;
  sigset_t before;
  ::sigemptyset(&blocked);
  ::sigaddset(&blocked, SIGTERM);
  ::sigaddset(&blocked, SIGRTMAX);
  ::sigprocmask(SIG_BLOCK, &blocked, &before);
  const std::string ignored = status_field("SigIgn");
  const std::string mask = status_field("SigBlk");
  sigset_t after;
  ::sigprocmask(SIG_SETMASK, &before, &after);
  ::sigaction(SIGPIPE, &old_pipe, nullptr);
  ::sigaction(SIGXFSZ, &old_xfsz, nullptr);

  EXPECT_EQ(ignored, "0000000000000000\n");
  EXPECT_EQ(mask, "0000000000000000\n");
  EXPECT_TRUE(::sigismember(&after, SIGTERM)) << "our own mask must be restored";
  EXPECT_FALSE(::sigismember(&after, SIGINT));
}

TEST(Spawn, DirectoryAndUmaskAreTheChilds) {
  test::TempDir dir;
  const mode_t ours = ::umask(022);
  ChildPlan plan = shell_plan("pwd; umask");
  plan.directory = dir.path().string();
  plan.umask = 0137;
  EXPECT_EQ(output_of(plan), dir.path().string() + "\n0137\n");
  EXPECT_EQ(::umask(ours), mode_t{022}) << "ours must not change";
}

TEST(Spawn, ChangesUserAndGroups) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  ChildPlan plan = shell_plan("id -u; id -g; id -G");
  plan.identity = ChildIdentity{.uid = 4711, .gid = 4712, .groups = {4712, 4713, 4714}};
  EXPECT_EQ(output_of(plan), "4711\n4712\n4712 4713 4714\n");
}

TEST(Spawn, TheIdentityWeHaveNeedsNoPrivileges) {
  ChildPlan plan = shell_plan("echo fine");
  plan.identity = ChildIdentity{.uid = ::getuid(), .gid = 99999, .groups = {99999}};
  EXPECT_EQ(output_of(plan), "fine\n");
}

struct FailureCase {
  const char* name;
  SpawnStep step;
  int err;
  std::string text;
  ChildPlan plan;
};

std::vector<FailureCase> failure_cases(const test::TempDir& dir) {
  std::vector<FailureCase> cases;
  const auto add = [&](const char* name, SpawnStep step, int err, std::string text,
                       const auto& change) {
    ChildPlan plan = shell_plan("echo must not run");
    change(plan);
    cases.push_back({name, step, err, std::move(text), plan});
  };
  add("missing file", SpawnStep::exec, ENOENT, "couldn't exec sh: ENOENT",
      [](ChildPlan& p) { p.path = "/does/not/exist"; });
  add("not executable", SpawnStep::exec, EACCES, "couldn't exec ./run: EACCES", [&](ChildPlan& p) {
    p.path = dir.write("plain", "#!/bin/sh\n");
    p.argv = {"./run"};
  });
  add("no interpreter line", SpawnStep::exec, ENOEXEC, "couldn't exec sh: ENOEXEC",
      [&](ChildPlan& p) { p.path = dir.script("noshebang", "echo hi\n"); });
  add("missing interpreter", SpawnStep::exec, ENOENT, "couldn't exec sh: ENOENT",
      [&](ChildPlan& p) { p.path = dir.script("badshebang", "#!/no/such/thing\n"); });
  add("missing directory", SpawnStep::directory, ENOENT, "couldn't chdir to /no/dir: ENOENT",
      [](ChildPlan& p) { p.directory = "/no/dir"; });
  add("empty directory", SpawnStep::directory, ENOENT, "couldn't chdir to : ENOENT",
      [](ChildPlan& p) { p.directory = ""; });
  add("closed descriptor", SpawnStep::stdio, EBADF, "couldn't connect standard descriptors: EBADF",
      [](ChildPlan& p) { p.stdout_fd = 999; });
  add("arguments too long", SpawnStep::exec, E2BIG, "couldn't exec sh: E2BIG",
      [](ChildPlan& p) { p.argv.push_back(std::string(1024 * 1024, 'x')); });
  return cases;
}

TEST(Spawn, AFailureNamesStepAndReasonAndLeavesNoChildBehind) {
  test::TempDir dir;
  for (const FailureCase& c : failure_cases(dir)) {
    const auto pid = spawn(c.plan);
    ASSERT_FALSE(pid) << c.name;
    EXPECT_EQ(pid.error().step, c.step) << c.name;
    EXPECT_EQ(pid.error().err, c.err) << c.name;
    EXPECT_EQ(describe(pid.error(), c.plan), c.text) << c.name;
    EXPECT_FALSE(has_children()) << c.name;
  }
}

/// Runs `body` as an unprivileged user in a child process, so that this one keeps its rights.
template <class Body>
void as_nobody(Body body) {
  const pid_t pid = ::fork();
  if (pid == 0) {
    const bool dropped = ::setgid(65534) == 0 && ::setuid(65534) == 0;
    ::_exit(dropped && body() ? 0 : 1);
  }
  EXPECT_EQ(wait_for(pid), 0);
}

TEST(Spawn, AnIdentityThatIsRefusedIsReportedAsSetuid) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  as_nobody([] {
    ChildPlan plan = shell_plan("true");
    plan.identity = ChildIdentity{.uid = 441, .gid = 444, .groups = {444}};
    const auto pid = spawn(plan);
    return !pid && pid.error().step == SpawnStep::groups &&
           describe(pid.error(), plan) ==
               "couldn't setuid to 441: Can't drop privilege as nonroot user";
  });
}

TEST(Spawn, AnInaccessibleDirectoryIsJudgedWithTheRightsOfTheTargetUser) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs root";
  }
  test::TempDir dir;  // mode 0700, ours
  ChildPlan plan = shell_plan("true");
  plan.identity = ChildIdentity{.uid = 4711, .gid = 4711, .groups = {4711}};
  plan.directory = dir.path().string();
  const auto pid = spawn(plan);
  ASSERT_FALSE(pid);
  EXPECT_EQ(pid.error().step, SpawnStep::directory);
  EXPECT_EQ(pid.error().err, EACCES);
}

TEST(Spawn, AFullProcessTableIsACloneFailure) {
  if (::getuid() != 0) {
    GTEST_SKIP() << "needs an unprivileged user of its own";
  }
  as_nobody([] {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_NPROC, &none);
    const auto pid = spawn(shell_plan("true"));
    return !pid && pid.error().step == SpawnStep::clone && pid.error().err == EAGAIN;
  });
}

TEST(Reaper, CollectsTwoThousandChildrenAndTheirCodes) {
  constexpr int kChildren = 2000;
  std::map<pid_t, int> expected;
  std::map<pid_t, int> reaped;
  for (int i = 0; i < kChildren; ++i) {
    const pid_t pid = ::vfork();  // not spawn(): a program to execute would only make it slow
    if (pid == 0) {
      ::_exit(i % 256);
    }
    ASSERT_GT(pid, 0);
    expected[pid] = i % 256;
  }
  while (reaped.size() < kChildren) {
    siginfo_t info;
    ASSERT_EQ(::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
    for (const Reaped& child : drain_exited(64)) {
      reaped[child.pid] = child.status.exit_code();
    }
  }
  EXPECT_EQ(reaped, expected);
  EXPECT_FALSE(has_children());
}

TEST(Reaper, ReturnsAtOnceWithoutChildrenAndKeepsToItsLimit) {
  EXPECT_TRUE(drain_exited(10).empty());
  for (int code : {3, 4}) {
    ASSERT_TRUE(spawn(shell_plan("exit " + std::to_string(code))));
  }
  int codes = 0;
  for (int i = 0; i < 2; ++i) {
    siginfo_t info;
    ASSERT_EQ(::waitid(P_ALL, 0, &info, WEXITED | WNOWAIT), 0);
    const auto one = drain_exited(1);
    ASSERT_EQ(one.size(), 1U);
    codes += one.front().status.exit_code();
  }
  EXPECT_EQ(codes, 7);
}

}  // namespace
}  // namespace sv::os
