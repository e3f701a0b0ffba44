#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ctl/console.h"
#include "ctl/exit_status.h"
#include "ctl/failure.h"
#include "ctl/options.h"
#include "ctl/rpc_client.h"

/// What every command works with: settings, console, the daemon and the exit status so far.
namespace sv::ctl {

/// How a command answers. In JSON, stdout has the answer and nothing else.
enum class AnswerForm { text, json };

class Session {
 public:
  /// `console` must outlive the session.
  Session(Settings settings, Console& console);

  Session(const Session&) = delete;
  Session& operator=(const Session&) = delete;

  [[nodiscard]] const Settings& settings() const { return settings_; }
  [[nodiscard]] const Endpoint& endpoint() const { return endpoint_; }
  [[nodiscard]] Console& console() { return console_; }

  /// One line on stdout; on stderr beside an answer in JSON.
  void say(std::string_view text) {
    (answer_form_ == AnswerForm::json ? console_.err : console_.out).line(text);
  }

  /// For the command that runs; the next one begins with text.
  void answer_in(AnswerForm form) { answer_form_ = form; }
  [[nodiscard]] bool answers_json() const { return answer_form_ == AnswerForm::json; }
  void answer_json(const wire::XmlRpcValue& value);

  /// Calls a method and waits. What was said so far is shown first. `members`: see
  /// RpcClient::call().
  [[nodiscard]] Outcome<wire::XmlRpcValue> call(std::string_view method,
                                                wire::XmlRpcArray params = {},
                                                std::span<const std::string_view> members = {});

  /// What modinit's JSON interface answers (docs/api.md); nullopt when the daemon has none, or
  /// refuses. `target` is percent-encoded.
  [[nodiscard]] Outcome<std::optional<wire::XmlRpcValue>> get(std::string_view target);

  /// Most commands begin with this: is there a daemon, and does it speak our version of the API?
  /// false: no, which has been said and has set the exit status (supervisor-protocol, 5.2).
  [[nodiscard]] Outcome<bool> check_server();

  /// Shows a prompt and reads the answer; the failure for an end of input is an EOFError.
  [[nodiscard]] Outcome<std::string> ask(std::string_view prompt);

  /// Asks for user name and password and uses them from now on.
  [[nodiscard]] Outcome<void> ask_credentials();

  /// For modctl only: explains on stderr why the daemon cannot be reached and what to do, once per
  /// command.
  void hint(const Failure& failure);

  /// Every command gets a fresh connection.
  void end_command();

  /// Closes the connection kept between calls, for a command that makes none for a long time.
  void disconnect() { client_.disconnect(); }

  void connect_elsewhere(std::string server_url);

  [[nodiscard]] int exit_status() const { return exit_status_; }
  void set_exit_status(int status) { exit_status_ = status; }

  /// Set while Ctrl-C is to be noticed instead of ending the program; not owned.
  [[nodiscard]] Interrupts* interrupts() const { return interrupts_; }
  void set_interrupts(Interrupts* interrupts) { interrupts_ = interrupts; }

  /// Until when the running command may wait for the daemon; no limit unless it asked for one.
  void set_deadline(MonoTime deadline) { deadline_ = deadline; }
  [[nodiscard]] Patience patience() const { return {interrupts_, deadline_}; }

  /// quit, exit and the end of input ask for the shell to end.
  [[nodiscard]] bool wants_to_quit() const { return wants_to_quit_; }
  void quit() { wants_to_quit_ = true; }

 private:
  Settings settings_;
  Endpoint endpoint_;
  Console& console_;
  RpcClient client_;
  Interrupts* interrupts_ = nullptr;
  std::optional<MonoTime> deadline_;
  int exit_status_ = exit_status::kOk;
  bool wants_to_quit_ = false;
  bool hinted_ = false;
  AnswerForm answer_form_ = AnswerForm::text;
};

// Members of structs in replies. A missing or differently typed member reads as empty, 0 or false.
[[nodiscard]] std::string text_of(const wire::XmlRpcValue& value, std::string_view member);
[[nodiscard]] std::int64_t integer_of(const wire::XmlRpcValue& value, std::string_view member);
[[nodiscard]] bool truth_of(const wire::XmlRpcValue& value, std::string_view member);

/// Any number as a double; nullopt for a missing member, null, or anything else.
[[nodiscard]] std::optional<double> number_of(const wire::XmlRpcValue& value,
                                              std::string_view member);

/// The elements of an array reply; empty for anything else.
[[nodiscard]] const wire::XmlRpcArray& elements_of(const wire::XmlRpcValue& value);

}  // namespace sv::ctl
