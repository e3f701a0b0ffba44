#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"
#include "base/unique_fd.h"
#include "init/service.h"
#include "shell/uv/loop.h"
#include "shell/uv/poll.h"

namespace sv::shell {

/// The supervise folder of one service: what runit's sv and svstat-like tools read and write
/// (init-and-images, 1.12). Bytes that arrive in `control` go to the callback; nothing is polled.
class SuperviseFolder {
 public:
  using OnBytes = std::function<void(std::string_view bytes)>;

  /// Makes or takes over `directory`/supervise. unavailable: another supervisor holds its lock.
  [[nodiscard]] static Result<std::unique_ptr<SuperviseFolder>> open(uv::Loop& loop,
                                                                     const std::string& directory,
                                                                     OnBytes on_bytes);
  ~SuperviseFolder();
  SuperviseFolder(const SuperviseFolder&) = delete;
  SuperviseFolder& operator=(const SuperviseFolder&) = delete;

  /// Replaces status, stat and pid. What cannot be written stays as it was.
  void show(const init::ServiceView& view) noexcept;

 private:
  SuperviseFolder(std::string path, OnBytes on_bytes);
  [[nodiscard]] Result<void> lock();
  [[nodiscard]] Result<UniqueFd> fifo(const std::string& name, int flags) const;
  void on_readable();

  std::string path_;
  OnBytes on_bytes_;
  UniqueFd lock_;
  UniqueFd ok_;  ///< its reader: sv asks whether there is one
  UniqueFd control_;
  UniqueFd writer_;  ///< our own, so that control never reports its end
  uv::Poll poll_;
};

}  // namespace sv::shell
