// Parses documents for ini_diff.py. Requests on stdin, answers on stdout, in order:
//
//   request   <verbatim limit> <bytes>LF<the document>
//   answer    <number of fields>LF, then per field <bytes>LF<the field>
//
// Fields of a document: "document", then per section "section", name, line, and per option of it
// "option", key, value, line. Fields of a refusal: "errors", then per error its line and message.
#include <cstddef>
#include <iostream>
#include <string>
#include <vector>

#include "config/ini_source.h"

namespace {

using Fields = std::vector<std::string>;

Fields fields_of(const sv::config::IniDocument& document) {
  Fields out{"document"};
  for (const sv::config::IniSection& section : document.sections) {
    out.insert(out.end(), {"section", section.name, std::to_string(section.line)});
    for (const sv::config::IniOption& option : section.options) {
      out.insert(out.end(), {"option", option.key, option.value, std::to_string(option.line)});
    }
  }
  return out;
}

Fields fields_of(const sv::config::ConfigErrors& errors) {
  Fields out{"errors"};
  for (const sv::config::ConfigError& error : errors) {
    out.insert(out.end(), {std::to_string(error.line), error.message});
  }
  return out;
}

void print(const Fields& fields) {
  std::cout << fields.size() << '\n';
  for (const std::string& field : fields) {
    std::cout << field.size() << '\n' << field;
  }
}

}  // namespace

int main() {
  std::size_t verbatim = 0;
  std::size_t size = 0;
  while (std::cin >> verbatim >> size) {
    std::cin.ignore(1);
    std::string text(size, '\0');
    if (!std::cin.read(text.data(), static_cast<std::streamsize>(size))) {
      return 1;
    }
    const auto parsed = sv::config::parse_ini(text, "x.conf", {.verbatim_bytes = verbatim});
    print(parsed ? fields_of(*parsed) : fields_of(parsed.error()));
  }
  return 0;
}
