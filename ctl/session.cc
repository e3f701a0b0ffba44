#include "ctl/session.h"

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "ctl/credentials.h"
#include "ctl/hint.h"
#include "ctl/json.h"

namespace sv::ctl {
namespace {

constexpr std::string_view kApiVersion = "3.0";

Failure end_of_input() {
  return OtherFailure{"EOFError", "EOF when reading a line"};
}

}  // namespace

Session::Session(Settings settings, Console& console)
    : settings_(std::move(settings)),
      endpoint_{settings_.server_url, settings_.username, settings_.password},
      console_(console) {}

Outcome<wire::XmlRpcValue> Session::call(std::string_view method, wire::XmlRpcArray params,
                                         std::span<const std::string_view> members) {
  console_.out.flush();
  return client_.call(endpoint_, method, std::move(params), patience(), members);
}

Outcome<std::optional<wire::XmlRpcValue>> Session::get(std::string_view target) {
  console_.out.flush();
  auto page = client_.get(endpoint_, target, patience());
  if (!page) {
    return failed(std::move(page.error()));
  }
  return page->status == 200 ? read_json(page->body) : std::nullopt;
}

Outcome<bool> Session::check_server() {
  auto version = call("supervisor.getVersion");
  if (version) {
    const auto* text = version->get_if<std::string>();
    if (text != nullptr && *text == kApiVersion) {
      return true;
    }
    say(cat({"Sorry, this supervisorctl expects API version ", kApiVersion,
             " but the remote version is ", text != nullptr ? *text : "unknown", "."}));
    set_exit_status(exit_status::kWrongApiVersion);
    return false;
  }
  const Failure& failure = version.error();
  if (fault_code(failure) == fault::kUnknownMethod) {
    say("Sorry, supervisord responded but did not recognize the supervisor namespace commands: "
        "its configuration needs an [rpcinterface:supervisor] section.");
    set_exit_status(exit_status::kNoSupervisorNamespace);
    return false;
  }
  if (system_error(failure) == ECONNREFUSED) {
    say(cat({endpoint_.server_url, " refused connection"}));
    set_exit_status(exit_status::kRefused);
    hint(failure);
    return false;
  }
  if (system_error(failure) == ENOENT) {
    say(cat({endpoint_.server_url, " no such file"}));
    set_exit_status(exit_status::kNotRunning);
    hint(failure);
    return false;
  }
  return failed(failure);
}

void Session::answer_json(const wire::XmlRpcValue& value) {
  console_.out.write(json_text(value));
}

Outcome<std::string> Session::ask(std::string_view prompt) {
  console_.out.write(prompt);
  console_.out.flush();
  std::string line;
  switch (console_.in.read_line(line, interrupts_)) {
    case LineInput::Status::line:
      return line;
    case LineInput::Status::interrupted:
      return failed(Interrupted{});
    case LineInput::Status::end:
      break;
  }
  return failed(end_of_input());
}

Outcome<void> Session::ask_credentials() {
  auto username = ask("Username:");
  if (!username) {
    return failed(std::move(username.error()));
  }
  auto password = ask_password(console_, "Password:", interrupts_);
  if (!password) {
    return failed(std::move(password.error()));
  }
  say("");
  endpoint_.username = std::move(*username);
  endpoint_.password = std::move(*password);
  return {};
}

void Session::hint(const Failure& failure) {
  if (settings_.dialect != Dialect::modctl || std::exchange(hinted_, true)) {
    return;
  }
  const std::string text = hint_for(failure, endpoint_.server_url, settings_.config_file);
  if (!text.empty()) {
    console_.out.flush();
    console_.err.line(text);
    console_.err.flush();
  }
}

void Session::end_command() {
  hinted_ = false;
  answer_form_ = AnswerForm::text;
  deadline_.reset();
  client_.disconnect();
  console_.out.flush();
}

void Session::connect_elsewhere(std::string server_url) {
  client_.disconnect();
  endpoint_.server_url = std::move(server_url);
}

std::string text_of(const wire::XmlRpcValue& value, std::string_view member) {
  const wire::XmlRpcValue* found = value.member(member);
  const auto* text = found != nullptr ? found->get_if<std::string>() : nullptr;
  return text != nullptr ? *text : std::string();
}

std::int64_t integer_of(const wire::XmlRpcValue& value, std::string_view member) {
  const wire::XmlRpcValue* found = value.member(member);
  const auto* number = found != nullptr ? found->get_if<std::int64_t>() : nullptr;
  return number != nullptr ? *number : 0;
}

bool truth_of(const wire::XmlRpcValue& value, std::string_view member) {
  const wire::XmlRpcValue* found = value.member(member);
  const auto* truth = found != nullptr ? found->get_if<bool>() : nullptr;
  return truth != nullptr && *truth;
}

std::optional<double> number_of(const wire::XmlRpcValue& value, std::string_view member) {
  const wire::XmlRpcValue* found = value.member(member);
  if (found == nullptr) {
    return std::nullopt;
  }
  if (const auto* integer = found->get_if<std::int64_t>()) {
    return static_cast<double>(*integer);
  }
  const auto* number = found->get_if<double>();
  return number != nullptr ? std::optional(*number) : std::nullopt;
}

const wire::XmlRpcArray& elements_of(const wire::XmlRpcValue& value) {
  static const wire::XmlRpcArray kNone;
  const auto* array = value.get_if<wire::XmlRpcArray>();
  return array != nullptr ? *array : kNone;
}

}  // namespace sv::ctl
