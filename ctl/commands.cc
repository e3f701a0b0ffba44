#include "ctl/commands.h"

#include <algorithm>

#include "base/text.h"
#include "ctl/names.h"
#include "ctl/render.h"

namespace sv::ctl {
namespace {

// The reference's list leaves these two out.
bool is_listed(const Command& command) {
  return command.verb != "EOF" && command.verb != "help";
}

// A verb ends at the first character that cannot be part of one: "quit;" has the argument ";".
bool is_verb_char(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

// "?x" is short for "help x".
std::string normalised(std::string_view text) {
  text = trim(text);
  return text.starts_with('?') ? cat({"help ", text.substr(1)}) : std::string(text);
}

// modctl's: patterns become names before the command sees them.
Outcome<Arguments> expand(Session& session, const Command& command, Arguments arguments) {
  const auto is_one = [&](const std::string& word) { return is_pattern(word, command.takes); };
  if (session.settings().dialect != Dialect::modctl ||
      std::ranges::none_of(arguments.words(), is_one)) {
    return arguments;
  }
  auto known = fetch_names(session, command.takes);
  if (!known) {
    return failed(std::move(known.error()));
  }
  arguments.replace_words(expand_patterns(arguments.words(), command.takes, *known));
  return arguments;
}

Outcome<void> check_and_run(Session& session, const Command& command, const Arguments& arguments) {
  if (command.server_check == ServerCheck::before) {
    auto up = session.check_server();
    if (!up) {
      return failed(std::move(up.error()));
    }
    if (!*up) {
      return {};
    }
  }
  // A command that checks the server itself has its own words for one that is not there.
  if (command.server_check == ServerCheck::by_command) {
    return command.run(session, arguments);
  }
  auto expanded = expand(session, command, arguments);
  return expanded ? command.run(session, *expanded) : failed(std::move(expanded.error()));
}

bool is_unauthorized(const Failure& failure) {
  const auto* http = std::get_if<HttpFailure>(&failure);
  return http != nullptr && http->status == 401;
}

// Runs a command, asking for credentials as long as the server wants them and someone is there to
// ask.
Outcome<void> run_authorized(Session& session, const Command& command, const Arguments& arguments) {
  for (;;) {
    auto outcome = check_and_run(session, command, arguments);
    if (outcome || !is_unauthorized(outcome.error())) {
      return outcome;
    }
    session.say("Server requires authentication");
    if (!session.settings().interactive) {
      return outcome;
    }
    if (auto asked = session.ask_credentials(); !asked) {
      return asked;
    }
  }
}

void report(Session& session, const Failure& failure) {
  if (std::holds_alternative<Interrupted>(failure)) {
    session.say("");  // as at the prompt: Ctrl-C leaves the shell
    session.quit();
    return;
  }
  session.say(error_line(failure));
  session.set_exit_status(exit_status::kGeneric);
  session.hint(failure);
}

void run_command(Session& session, const Command& command, std::string_view text) {
  Arguments arguments(text);
  if (session.settings().dialect == Dialect::modctl) {
    auto parsed = Arguments::parse(text, command.options);
    if (!parsed) {
      refuse(session, cat({"Error: ", parsed.error()}), command.verb,
             exit_status::kInvalidArguments);
      return;
    }
    arguments = std::move(*parsed);
  }
  session.answer_in(arguments.has(CommandOption::json) ? AnswerForm::json : AnswerForm::text);
  if (auto outcome = run_authorized(session, command, arguments); !outcome) {
    report(session, outcome.error());
  }
}

void print_help(Session& session, std::string_view verb) {
  const Dialect dialect = session.settings().dialect;
  const Command* command = find_command(verb, dialect);
  const std::string text = command != nullptr ? help_text(*command, dialect) : std::string();
  session.say(text.empty() ? cat({"*** No help on ", verb}) : text);
}

}  // namespace

void run_line(Session& session, std::string_view line) {
  const std::string text = normalised(line);
  if (text.empty()) {
    return;
  }
  const std::string_view whole = text;
  const auto end = std::ranges::find_if_not(whole, is_verb_char);
  const auto length = static_cast<std::size_t>(end - whole.begin());
  const Command* command = find_command(whole.substr(0, length), session.settings().dialect);
  if (command == nullptr) {
    session.say(cat({"*** Unknown syntax: ", whole}));
    session.set_exit_status(exit_status::kGeneric);
  } else {
    run_command(session, *command, trim(whole.substr(length)));
  }
  session.end_command();
}

void refuse(Session& session, std::string_view message, std::string_view verb, int status) {
  session.say(message);
  session.set_exit_status(status);
  print_help(session, verb);
}

Outcome<void> run_help(Session& session, const Arguments& arguments) {
  if (!arguments.text().empty()) {
    print_help(session, arguments.text());
    return {};
  }
  constexpr std::string_view kHeader = "default commands (type help <topic>):";
  constexpr std::size_t kWidth = 79;
  std::vector<std::string> verbs;
  for (const Command* command : commands(session.settings().dialect)) {
    if (is_listed(*command)) {
      verbs.emplace_back(command->verb);
    }
  }
  session.say("");
  session.say(kHeader);
  session.say(std::string(kHeader.size(), '='));
  session.console().out.write(columns(verbs, kWidth));
  session.say("");
  return {};
}

}  // namespace sv::ctl
