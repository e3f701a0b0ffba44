#include "shell/last_words.h"

#include <algorithm>

namespace sv::shell {

void LastWords::begin(core::ProcessId id) {
  if (limit_ == 0) {
    return;
  }
  Words& words = words_[id];
  for (std::string* text : {&words.out, &words.err}) {
    text->clear();
    text->reserve(2 * limit_);
  }
}

/// The buffer has room for twice the limit, so that bytes are moved once for each `limit` of them.
void LastWords::said(core::ProcessId id, core::Channel channel, std::string_view bytes) noexcept {
  const auto at = words_.find(id);
  if (at == words_.end()) {
    return;
  }
  std::string& text = channel == core::Channel::standard_output ? at->second.out : at->second.err;
  if (bytes.size() > limit_) {
    bytes.remove_prefix(bytes.size() - limit_);
  }
  if (text.size() + bytes.size() > 2 * limit_) {
    text.erase(0, text.size() - std::min(text.size(), limit_ - std::min(limit_, bytes.size())));
  }
  text.append(bytes);
}

std::string_view LastWords::of(core::ProcessId id, core::Channel channel) const {
  const auto at = words_.find(id);
  if (at == words_.end()) {
    return {};
  }
  std::string_view text =
      channel == core::Channel::standard_output ? at->second.out : at->second.err;
  text.remove_prefix(text.size() - std::min(text.size(), limit_));
  return text;
}

}  // namespace sv::shell
