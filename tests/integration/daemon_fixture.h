#pragma once

#include <gtest/gtest.h>
#include <sys/types.h>

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/unique_fd.h"
#include "ctl/rpc_client.h"
#include "support/temp_dir.h"
#include "wire/xmlrpc_value.h"

namespace sv::test {

/// The daemon as process 1 of its own PID namespace, in a directory of its own. A test writes a
/// configuration, starts, and waits for events; every wait has a deadline that fails with the
/// daemon's log attached.
///
/// At the end of every test it is checked that process 1 was single-threaded, kept no zombie, ended
/// with the status the test expected, left no socket and pid file behind and logged nothing at ERRO
/// or CRIT that was not announced with expect_errors().
class DaemonTest : public ::testing::Test {
 protected:
  static constexpr std::chrono::seconds kDeadline{30};

  DaemonTest();
  ~DaemonTest() override;

  /// Options of the [supervisord] section beside the fixture's, one "key=value" a line.
  void daemon_options(std::string text) { daemon_options_ = std::move(text); }
  /// An account added to the namespace's view of /etc/passwd and /etc/group ("mop" 441:444).
  void with_mop() { with_mop_ = true; }
  /// Commands of a shell that becomes process 1's process, before it executes the daemon.
  void before_start(std::string shell) { before_start_ = std::move(shell); }
  void expect_errors() { errors_expected_ = true; }
  /// A command line instead of `modinit -c conf`.
  void run_instead(std::string command_line) { command_line_ = std::move(command_line); }

  /// Writes the configuration: [supervisord] and servers are the fixture's, `text` is the rest.
  /// {dir} and {subject} are replaced.
  void configure(std::string_view text);
  /// Starts the daemon and waits until it answers (and the tap listens).
  void start();
  /// Starts it and waits until a file of the test's directory contains `text`.
  void start_until(const std::string& file, const std::string& text);
  /// Starts it and waits for its end; the exit status.
  int run_to_end(std::vector<std::string> arguments = {});

  /// A method's answer; a fault fails the test.
  wire::XmlRpcValue call(std::string_view method, wire::XmlRpcArray params = {});
  /// The fault of a call that must fail: "code text".
  std::string fault_of(std::string_view method, wire::XmlRpcArray params = {});
  /// A member of getProcessInfo as text.
  std::string info(const std::string& process, const std::string& member);

  /// Waits for the next event that contains all of `parts` ("PROCESS_STATE_RUNNING", "web").
  /// Returns its line. Events before it are passed over.
  std::string wait_for_event(std::vector<std::string> parts);
  /// Waits until `condition` holds, for what no event tells (a file's content, a process's end).
  void wait_until(const std::string& what, const std::function<bool()>& condition);
  void wait_for_text(const std::string& file, const std::string& text);

  void send_signal(int number);
  /// Sends TERM and expects the daemon to end with `status`.
  void stop(int status = 0);
  /// Waits for the daemon's end; its exit status, 128+n for a signal.
  int wait_for_end();

  [[nodiscard]] std::string path(const std::string& name) const { return dir_ / name; }
  [[nodiscard]] std::string log() const;
  /// A line of /proc/<process 1>/status.
  [[nodiscard]] std::string status_line(const std::string& key) const;
  [[nodiscard]] std::size_t descriptor_count() const;
  /// The host's pid of process 1.
  [[nodiscard]] pid_t init_pid() const { return init_; }
  /// Processes whose parent is process 1, by state letter ("SSZ").
  [[nodiscard]] std::string children_states() const;

  TempDir dir_;

 private:
  void launch(const std::vector<std::string>& arguments);
  [[nodiscard]] std::string enter_script(const std::vector<std::string>& arguments) const;
  void find_init();
  void open_tap();
  [[nodiscard]] ctl::Endpoint endpoint() const;
  bool answers();
  void check_invariants();
  [[nodiscard]] std::string evidence() const;

  std::string daemon_options_;
  std::string before_start_;
  std::string command_line_;
  bool with_mop_ = false;
  bool errors_expected_ = false;
  pid_t outer_ = -1;  ///< unshare
  pid_t init_ = -1;   ///< process 1 as the host numbers it
  UniqueFd tap_;
  std::string tap_buffer_;
};

}  // namespace sv::test
