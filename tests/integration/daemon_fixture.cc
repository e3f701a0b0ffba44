#include "integration/daemon_fixture.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "base/text.h"
#include "ctl/rpc_client.h"

namespace sv::test {
namespace fs = std::filesystem;
namespace {

using Clock = std::chrono::steady_clock;

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  for (std::size_t at = 0; (at = text.find(from, at)) != std::string::npos; at += to.size()) {
    text.replace(at, from.size(), to);
  }
  return text;
}

/// Lets other processes run for a moment; every use is inside of a loop with a deadline.
void give_way() {
  ::poll(nullptr, 0, 5);
}

}  // namespace

DaemonTest::DaemonTest() {
  // The daemon may become another user; that user needs the way in.
  ::chmod(dir_.path().c_str(), 0777);
}

DaemonTest::~DaemonTest() {
  if (outer_ > 0) {
    ::kill(init_ > 0 ? init_ : outer_, SIGKILL);
    ::waitpid(outer_, nullptr, 0);
  }
}

void DaemonTest::configure(std::string_view text) {
  std::string whole =
      cat({"[supervisord]\nlogfile={dir}/log\npidfile={dir}/pid\n"
           "childlogdir={dir}\nloglevel=debug\nidentifier=test\n",
           daemon_options_,
           "\n[unix_http_server]\nfile={dir}/sock\n"
           "[rpcinterface:supervisor]\nsupervisor.rpcinterface_factory="
           "supervisor.rpcinterface:make_main_rpcinterface\n"
           "[eventlistener:tap]\ncommand={tap} {dir}/events\nevents=PROCESS_STATE,"
           "PROCESS_GROUP,SUPERVISOR_STATE_CHANGE,REMOTE_COMMUNICATION\n"
           "buffer_size=1000\nstartsecs=0\nautorestart=false\n"
           "stdout_logfile=NONE\nstderr_logfile={dir}/tap.err\n",
           text});
  whole = replaced(std::move(whole), "{dir}", dir_.path().string());
  whole = replaced(std::move(whole), "{tap}", SV_TAP);
  whole = replaced(std::move(whole), "{subject}", SV_SUBJECT);
  dir_.write("conf", whole);
}

std::string DaemonTest::enter_script(const std::vector<std::string>& arguments) const {
  std::string script = "set -e\nmount --make-rprivate / 2>/dev/null || true\n";
  if (with_mop_) {
    script += cat({"grep -v '^mop:' /etc/passwd >", path("passwd"),
                   "; echo 'mop:x:441:444::/:/bin/sh' >>", path("passwd"),
                   "\ngrep -v '^mop:' /etc/group >", path("group"), "; echo 'mop:x:444:' >>",
                   path("group"), "; echo 'more:x:4455:mop' >>", path("group"), "\nmount --bind ",
                   path("passwd"), " /etc/passwd\nmount --bind ", path("group"), " /etc/group\n"});
  }
  script += before_start_;
  script += "\nexec ";
  script += command_line_.empty() ? cat({SV_MODINIT, " -c ", path("conf")}) : command_line_;
  for (const std::string& argument : arguments) {
    script += " " + argument;
  }
  return script + "\n";
}

void DaemonTest::launch(const std::vector<std::string>& arguments) {
  const std::string script = dir_.write("enter", enter_script(arguments));
  std::vector<std::string> words{"unshare"};
  if (::geteuid() != 0) {
    words.insert(words.end(), {"--user", "--map-root-user"});
  }
  words.insert(words.end(),
               {"--pid", "--mount", "--fork", "--mount-proc", "--kill-child", "sh", script});
  std::vector<char*> argv;
  for (std::string& word : words) {
    argv.push_back(word.data());
  }
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, path("console").c_str(),
                                   O_WRONLY | O_CREAT | O_APPEND, 0666);
  posix_spawn_file_actions_adddup2(&actions, 1, 2);
  ASSERT_EQ(::posix_spawnp(&outer_, "unshare", &actions, nullptr, argv.data(), environ), 0);
  posix_spawn_file_actions_destroy(&actions);
}

void DaemonTest::start() {
  open_tap();
  launch({});
  wait_until("an answer of the daemon", [this] { return answers(); });
  find_init();
}

void DaemonTest::start_until(const std::string& file, const std::string& text) {
  launch({});
  wait_for_text(file, text);
  find_init();
}

void DaemonTest::find_init() {
  std::ifstream children(
      cat({"/proc/", std::to_string(outer_), "/task/", std::to_string(outer_), "/children"}));
  children >> init_;
  ASSERT_GT(init_, 0);
}

int DaemonTest::run_to_end(std::vector<std::string> arguments) {
  launch(arguments);
  return wait_for_end();
}

void DaemonTest::open_tap() {
  const std::string fifo = path("events");
  ASSERT_EQ(::mkfifo(fifo.c_str(), 0666), 0) << std::strerror(errno);
  ::chmod(fifo.c_str(), 0666);
  // Both directions: the reader must never see the end of the FIFO between two writers.
  tap_.reset(::open(fifo.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  ASSERT_TRUE(tap_);
}

ctl::Endpoint DaemonTest::endpoint() const {
  ctl::Endpoint endpoint;
  endpoint.server_url = "unix://" + path("sock");
  return endpoint;
}

bool DaemonTest::answers() {
  ctl::RpcClient client;
  const auto answer = client.call(endpoint(), "supervisor.getAPIVersion", {}, nullptr);
  return answer.has_value();
}

wire::XmlRpcValue DaemonTest::call(std::string_view method, wire::XmlRpcArray params) {
  ctl::RpcClient client;
  const auto answer = client.call(endpoint(), method, std::move(params), nullptr);
  if (!answer) {
    ADD_FAILURE() << method << " failed\n" << evidence();
    return {};
  }
  return *answer;
}

std::string DaemonTest::fault_of(std::string_view method, wire::XmlRpcArray params) {
  ctl::RpcClient client;
  const auto answer = client.call(endpoint(), method, std::move(params), nullptr);
  if (answer) {
    ADD_FAILURE() << method << " did not fail\n" << evidence();
    return {};
  }
  const auto* fault = std::get_if<wire::XmlRpcFault>(&answer.error());
  if (fault == nullptr) {
    ADD_FAILURE() << method << " failed without a fault\n" << evidence();
    return {};
  }
  return cat({std::to_string(fault->code), " ", fault->text});
}

std::string DaemonTest::info(const std::string& process, const std::string& member) {
  const wire::XmlRpcValue answer = call("supervisor.getProcessInfo", {process});
  const wire::XmlRpcValue* value = answer.member(member);
  if (value == nullptr) {
    return "<none>";
  }
  if (const auto* text = value->get_if<std::string>()) {
    return *text;
  }
  const auto* number = value->get_if<std::int64_t>();
  return number != nullptr ? std::to_string(*number) : "<other>";
}

std::string DaemonTest::wait_for_event(std::vector<std::string> parts) {
  const auto end = Clock::now() + kDeadline;
  for (;;) {
    while (tap_buffer_.find('\n') != std::string::npos) {
      const std::size_t length = tap_buffer_.find('\n');
      const std::string line = tap_buffer_.substr(0, length);
      tap_buffer_.erase(0, length + 1);
      if (std::ranges::all_of(parts, [&](const std::string& part) {
            return line.find(part) != std::string::npos;
          })) {
        return line;
      }
    }
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(end - Clock::now());
    pollfd ready{tap_.get(), POLLIN, 0};
    if (left.count() <= 0 || ::poll(&ready, 1, static_cast<int>(left.count())) <= 0) {
      ADD_FAILURE() << "no event with '" << join(parts, "', '") << "'\n" << evidence();
      return {};
    }
    char buffer[4096];
    const ssize_t n = ::read(tap_.get(), buffer, sizeof buffer);
    if (n > 0) {
      tap_buffer_.append(buffer, static_cast<std::size_t>(n));
    }
  }
}

void DaemonTest::wait_until(const std::string& what, const std::function<bool()>& condition) {
  const auto end = Clock::now() + kDeadline;
  while (!condition()) {
    if (Clock::now() > end) {
      FAIL() << "not within the deadline: " << what << "\n" << evidence();
    }
    if (outer_ > 0 && ::waitpid(outer_, nullptr, WNOHANG | WNOWAIT) == outer_) {
      FAIL() << "the daemon ended before: " << what << "\n" << evidence();
    }
    give_way();
  }
}

void DaemonTest::wait_for_text(const std::string& file, const std::string& text) {
  wait_until("'" + text + "' in " + file,
             [&] { return read_all(path(file)).find(text) != std::string::npos; });
}

void DaemonTest::send_signal(int number) {
  ASSERT_EQ(::kill(init_, number), 0);
}

void DaemonTest::stop(int status) {
  check_invariants();
  send_signal(SIGTERM);
  EXPECT_EQ(wait_for_end(), status) << evidence();
  EXPECT_FALSE(fs::exists(path("sock"))) << "the socket file is still there";
  EXPECT_FALSE(fs::exists(path("pid"))) << "the pid file is still there";
  if (!errors_expected_) {
    std::istringstream lines(log());
    for (std::string line; std::getline(lines, line);) {
      const bool expected =
          line.find("running without any HTTP authentication") != std::string::npos ||
          line.find("running as root") != std::string::npos;
      EXPECT_TRUE(expected || (line.find(" ERRO ") == std::string::npos &&
                               line.find(" CRIT ") == std::string::npos))
          << line;
    }
  }
}

int DaemonTest::wait_for_end() {
  const auto end = Clock::now() + kDeadline;
  int status = 0;
  while (::waitpid(outer_, &status, WNOHANG) == 0) {
    if (Clock::now() > end) {
      ADD_FAILURE() << "the daemon does not end\n" << evidence();
      return -1;
    }
    give_way();
  }
  outer_ = -1;
  init_ = -1;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

void DaemonTest::check_invariants() {
  const fs::path tasks = cat({"/proc/", std::to_string(init_), "/task"});
  EXPECT_EQ(std::distance(fs::directory_iterator(tasks), {}), 1) << "process 1 has threads";
  // One that has just ended may not have been reaped yet; one that stays is a mistake.
  wait_until("no zombies", [this] { return children_states().find('Z') == std::string::npos; });
}

std::string DaemonTest::log() const {
  return read_all(path("log"));
}

std::string DaemonTest::status_line(const std::string& key) const {
  std::ifstream status(cat({"/proc/", std::to_string(init_), "/status"}));
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with(key + ":")) {
      return line;
    }
  }
  return {};
}

std::size_t DaemonTest::descriptor_count() const {
  const fs::path directory = cat({"/proc/", std::to_string(init_), "/fd"});
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(directory), {}));
}

std::string DaemonTest::children_states() const {
  std::ifstream children(
      cat({"/proc/", std::to_string(init_), "/task/", std::to_string(init_), "/children"}));
  std::string states;
  for (pid_t child = 0; children >> child;) {
    const std::string stat = read_all(cat({"/proc/", std::to_string(child), "/stat"}));
    const std::size_t close = stat.rfind(") ");
    if (close != std::string::npos) {
      states += stat.at(close + 2);
    }
  }
  return states;
}

std::string DaemonTest::evidence() const {
  return cat({"--- console\n", read_all(path("console")), "--- log\n", log()});
}

}  // namespace sv::test
