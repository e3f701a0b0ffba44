#include "shell/log_tails.h"

#include <algorithm>
#include <utility>

namespace sv::shell {

void LogTails::add(LogSource source, Reader& reader) {
  if (!async_) {
    if (Result<uv::Async> async = uv::Async::create(loop_, [this] { wake(); })) {
      async_.emplace(std::move(*async));
    }
  }
  entries_.push_back({source, &reader, false});
}

void LogTails::remove(Reader& reader) noexcept {
  if (waking_) {
    // wake() walks the list: it drops empty places afterwards.
    for (Entry& entry : entries_) {
      if (entry.reader == &reader) {
        entry.reader = nullptr;
      }
    }
    return;
  }
  std::erase_if(entries_, [&](const Entry& entry) { return entry.reader == &reader; });
}

void LogTails::mark(const LogSource& source) noexcept {
  bool any = false;
  for (Entry& entry : entries_) {
    if (entry.source == source) {
      any = true;
      entry.grown = true;
    }
  }
  if (any && async_) {
    async_->post();
  }
}

void LogTails::wake() {
  waking_ = true;
  for (std::size_t i = 0; i < entries_.size(); ++i) {  // a reader may add another
    if (std::exchange(entries_[i].grown, false) && entries_[i].reader != nullptr) {
      entries_[i].reader->on_log_grown();
    }
  }
  waking_ = false;
  std::erase_if(entries_, [](const Entry& entry) { return entry.reader == nullptr; });
}

}  // namespace sv::shell
