#include "init/environment_store.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace sv::init {
namespace {

constexpr std::array<std::string_view, 6> kIdentity{"HOME", "USER", "GROUP", "UID", "GID", "SHELL"};
constexpr std::string_view kHexDigits = "0123456789abcdef";

bool is_word(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

const std::string* find(const Variables& variables, std::string_view name) {
  const auto at = std::ranges::find_if(
      variables, [name](const auto& variable) { return variable.first == name; });
  return at != variables.end() ? &at->second : nullptr;
}

void set(Variables& variables, const std::string& name, const std::string& value) {
  const auto at = std::ranges::find_if(
      variables, [&name](const auto& variable) { return variable.first == name; });
  if (at != variables.end()) {
    at->second = value;
  } else {
    variables.emplace_back(name, value);
  }
}

/// Python's shlex.quote(), but that every byte outside of ASCII is quoted.
std::string shell_quoted(std::string_view value) {
  static constexpr std::string_view kBare = "@%+=:,./-";
  const bool bare = !value.empty() && std::ranges::all_of(value, [](char c) {
    return is_word(c) || kBare.find(c) != std::string_view::npos;
  });
  if (bare) {
    return std::string(value);
  }
  std::string quoted = "'";
  for (const char c : value) {
    if (c == '\'') {
      quoted += R"('"'"')";
    } else {
      quoted += c;
    }
  }
  quoted += '\'';
  return quoted;
}

std::string shell_name(std::string_view name) {
  std::string out(name);
  std::ranges::replace_if(
      out, [](char c) { return !is_word(c); }, '_');
  return out;
}

void append_unit(std::string& out, unsigned unit) {
  out += "\\u";
  for (const unsigned shift : {12U, 8U, 4U, 0U}) {
    out += kHexDigits[(unit >> shift) & 0xFU];
  }
}

/// The UTF-8 sequence at the front: its code point and length; length 0 when there is none.
std::pair<unsigned, std::size_t> decode(std::string_view text) {
  const auto byte = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned lead = byte(0);
  const std::size_t length = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
  if (length > text.size() || !is_valid_utf8(text.substr(0, length))) {
    return {0, 0};
  }
  if (length == 1) {
    return {lead, 1};
  }
  unsigned code = lead & (0xFFU >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    code = (code << 6U) | (byte(i) & 0x3FU);
  }
  return {code, length};
}

void append_escaped(std::string& out, unsigned code) {
  switch (code) {
    case '"':
      out += "\\\"";
      return;
    case '\\':
      out += "\\\\";
      return;
    case '\n':
      out += "\\n";
      return;
    case '\r':
      out += "\\r";
      return;
    case '\t':
      out += "\\t";
      return;
    default:
      break;
  }
  if (code >= 0x10000) {
    append_unit(out, 0xD800U + ((code - 0x10000U) >> 10U));
    append_unit(out, 0xDC00U + ((code - 0x10000U) & 0x3FFU));
  } else if (code < 0x20 || code > 0x7E) {
    append_unit(out, code);
  } else {
    out += static_cast<char>(code);
  }
}

std::string json_text(std::string_view text) {
  std::string out = "\"";
  while (!text.empty()) {
    const auto [code, length] = decode(text);
    if (length == 0) {
      append_unit(out, 0xDC00U + static_cast<unsigned char>(text.front()));
      text.remove_prefix(1);
      continue;
    }
    append_escaped(out, code);
    text.remove_prefix(length);
  }
  out += '"';
  return out;
}

}  // namespace

Result<std::pair<std::string, std::string>> variable_of(const StoredFile& file) {
  if (file.name.empty() || file.name.find('=') != std::string::npos) {
    return fail(ErrorCode::invalid_argument, "its name cannot be a variable's");
  }
  std::string_view value = file.content;
  if (value.ends_with('\n')) {
    value.remove_suffix(value.ends_with("\r\n") ? 2 : 1);
  }
  if (value.find('\0') != std::string_view::npos) {
    return fail(ErrorCode::invalid_argument, "it contains a NUL byte");
  }
  if (file.name.size() + 1 + value.size() > kLongestVariable) {
    return fail(ErrorCode::limit_exceeded, "it is longer than a variable can be");
  }
  return std::pair(file.name, std::string(value));
}

std::string file_content(std::string_view value) {
  return value.ends_with('\n') ? cat({value, "\n"}) : std::string(value);
}

bool can_be_file(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         name.size() <= 255;
}

bool is_identity(std::string_view name) {
  return std::ranges::find(kIdentity, name) != kIdentity.end();
}

Variables import_at_boot(const Variables& environment, const Variables& stored) {
  Variables merged = environment;
  for (const auto& [name, value] : stored) {
    if (find(environment, name) == nullptr) {
      merged.emplace_back(name, value);
    }
  }
  return merged;
}

Variables import_after_script(const Variables& environment, const std::set<std::string>& held,
                              const Variables& stored, bool forget_identity) {
  Variables merged;
  for (const auto& [name, value] : environment) {
    if (!held.contains(name) && !(forget_identity && is_identity(name))) {
      merged.emplace_back(name, value);
    }
  }
  for (const auto& [name, value] : stored) {
    set(merged, name, value);
  }
  return merged;
}

std::vector<StoredFile> files_to_write(const Variables& environment, const Variables& stored) {
  std::vector<StoredFile> files;
  for (const auto& [name, value] : environment) {
    const std::string* present = find(stored, name);
    if (!is_identity(name) && can_be_file(name) && (present == nullptr || *present != value)) {
      files.push_back({name, file_content(value)});
    }
  }
  return files;
}

std::string shell_dump(const Variables& environment) {
  std::string text;
  for (const auto& [name, value] : environment) {
    const bool starts_with_digit = !name.empty() && name.front() >= '0' && name.front() <= '9';
    if (!is_identity(name) && !starts_with_digit) {
      text += cat({"export ", shell_name(name), "=", shell_quoted(value), "\n"});
    }
  }
  return text;
}

std::string json_dump(const Variables& environment) {
  std::string text = "{";
  for (const auto& [name, value] : environment) {
    text += cat({text.size() > 1 ? ", " : "", json_text(name), ": ", json_text(value)});
  }
  text += "}";
  return text;
}

}  // namespace sv::init
