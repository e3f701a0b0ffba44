#include "shell/open_sinks.h"

#include <unistd.h>

#include <utility>

#include "base/text.h"
#include "os/fs.h"
#include "shell/exec_sink.h"
#include "shell/http_sink.h"
#include "shell/notice_sinks.h"

namespace sv::shell {

std::vector<std::unique_ptr<NoticeSink>> open_sinks(const config::NaviConfig& config,
                                                    const SinkParts& parts) {
  std::vector<std::unique_ptr<NoticeSink>> sinks;
  if (!config.termination_log.empty()) {
    sinks.push_back(std::make_unique<TerminationLog>(config.termination_log, parts.log));
  }
  if (config.stderr_line) {
    sinks.push_back(std::make_unique<NoticeLine>(parts.outputs.at(STDERR_FILENO)));
  }
  if (!config.exec.empty()) {
    sinks.push_back(
        std::make_unique<ExecSink>(config.exec, config.exec_timeout, parts.log, parts.clock));
  }
  if (config.http.empty()) {
    return sinks;
  }
  constexpr std::size_t kMostHosts = std::size_t{256} * 1024;
  const std::string hosts = os::read_file("/etc/hosts", 0, kMostHosts).value_or("");
  auto sink = HttpTarget::parse(config.http, hosts).and_then([&](HttpTarget target) {
    return HttpSink::create(parts.loop, parts.log, parts.clock, std::move(target),
                            config.http_header, parts.changed);
  });
  if (sink) {
    sinks.push_back(std::move(*sink));
  } else {
    parts.log.error(cat({"[navi] http is not served: ", sink.error().message}));
  }
  return sinks;
}

}  // namespace sv::shell
