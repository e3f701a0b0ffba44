#include "ctl/log_text.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

namespace sv::ctl {

std::string_view last_lines(std::string_view text, std::size_t count) {
  if (count == 0) {
    return {};
  }
  std::size_t begin = text.size();
  for (std::size_t lines = 0; begin > 0; --begin) {
    const bool ends_line = text[begin - 1] == '\n' && begin != text.size();
    if (ends_line && ++lines == count) {
      break;
    }
  }
  return text.substr(begin);
}

std::size_t count_lines(std::string_view text) {
  const auto feeds = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  return feeds + (text.empty() || text.ends_with('\n') ? 0 : 1);
}

std::string LineLabels::add(std::string_view text) {
  if (label_.empty()) {
    return std::string(text);
  }
  std::string out;
  line_ += text;
  std::size_t begin = 0;
  for (;;) {
    const std::size_t end = line_.find('\n', begin);
    const std::size_t length = end == std::string::npos ? line_.size() - begin : end - begin;
    if (length > kMaxLineBytes) {
      out += cat({label_, std::string_view(line_).substr(begin, kMaxLineBytes), "\n"});
      begin += kMaxLineBytes;
    } else if (end != std::string::npos) {
      out += cat({label_, std::string_view(line_).substr(begin, length), "\n"});
      begin = end + 1;
    } else {
      break;
    }
  }
  line_.erase(0, begin);
  return out;
}

std::string LineLabels::end() {
  const std::string rest = std::exchange(line_, {});
  return rest.empty() ? rest : cat({label_, rest, "\n"});
}

std::string LogJoint::add(std::string_view text) {
  if (joined_) {
    return std::string(text);
  }
  begin_ += text;
  return begin_.size() < expected_ ? std::string() : end();
}

std::string LogJoint::end() {
  joined_ = true;
  std::size_t common = std::min(read_.size(), begin_.size());
  while (common > 0 && !std::string_view(begin_).starts_with(
                           std::string_view(read_).substr(read_.size() - common))) {
    --common;
  }
  read_.clear();
  return std::exchange(begin_, {}).substr(common);
}

}  // namespace sv::ctl
