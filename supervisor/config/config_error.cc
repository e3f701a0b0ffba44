#include "config/config_error.h"

#include "base/text.h"

namespace sv::config {

std::string format(const ConfigError& error) {
  std::string out;
  if (!error.file.empty()) {
    out += error.file;
    if (error.line > 0) {
      out += cat({":", std::to_string(error.line)});
    }
    out += ": ";
  }
  if (!error.section.empty()) {
    out += cat({"[", error.section, "] "});
  }
  if (!error.key.empty()) {
    out += cat({error.key, ": "});
  }
  return out + error.message;
}

}  // namespace sv::config
