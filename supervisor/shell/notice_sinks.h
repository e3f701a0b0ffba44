#pragma once

#include <memory>
#include <string>

#include "base/log.h"
#include "shell/notice_sink.h"
#include "shell/stream_output.h"

/// The sinks that are one write.
namespace sv::shell {

/// Kubernetes' termination message: why the container ended, for people, 4096 bytes at most. Each
/// notice that may be why replaces the one before: the last one stands.
class TerminationLog final : public NoticeSink {
 public:
  static constexpr std::size_t kMaxBytes = 4096;

  TerminationLog(std::string path, ActivityLog& log) : path_(std::move(path)), log_(log) {}

  void send(const navi::Notice& notice, const std::string& json) noexcept override;

 private:
  std::string path_;
  ActivityLog& log_;
};

/// A line for people: "navi: app crashed: exit status 3 after 12.0 s; it is started again".
class NoticeLine final : public NoticeSink {
 public:
  explicit NoticeLine(StreamOutput& output) : output_(output) {}

  void send(const navi::Notice& notice, const std::string& json) noexcept override;

 private:
  StreamOutput& output_;
};

}  // namespace sv::shell
