#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "base/log.h"
#include "base/time.h"
#include "config/navi_config.h"
#include "shell/notice_sink.h"
#include "shell/stream_output.h"
#include "shell/uv/loop.h"

namespace sv::shell {

/// What sinks are made of; all references outlive them.
struct SinkParts {
  uv::Loop& loop;
  const Clock& clock;
  ActivityLog& log;
  StandardOutputs& outputs;
  std::function<void()> changed;  ///< a sink's deadline() is another one, by itself
};

/// The sinks that are configured. One that cannot be opened is said in the log and left out:
/// notices are not a reason not to supervise.
[[nodiscard]] std::vector<std::unique_ptr<NoticeSink>> open_sinks(const config::NaviConfig& config,
                                                                  const SinkParts& parts);

}  // namespace sv::shell
