#include "ctl/log_reader.h"

#include <algorithm>

#include "ctl/log_text.h"

namespace sv::ctl {

Outcome<LogEnd> read_log_end(Session& session, const LogName& log, std::int64_t bytes) {
  auto reply = session.call(
      log.is_stderr ? "supervisor.tailProcessStderrLog" : "supervisor.tailProcessStdoutLog",
      {log.process, 0, bytes});
  if (!reply) {
    return failed(std::move(reply.error()));
  }
  LogEnd end;
  const wire::XmlRpcArray& parts = elements_of(*reply);
  if (parts.size() >= 2) {
    const auto* text = parts[0].get_if<std::string>();
    const auto* size = parts[1].get_if<std::int64_t>();
    end.text = text != nullptr ? *text : "";
    end.log_bytes = size != nullptr ? *size : 0;
  }
  return end;
}

Outcome<LogEnd> read_lines_end(Session& session, const LogName& log, std::size_t lines) {
  constexpr std::int64_t kFirst = 16 * 1024;
  for (std::int64_t bytes = kFirst;; bytes *= 8) {
    auto end = read_log_end(session, log, std::min(bytes, kMostLogBytes));
    if (!end) {
      return end;
    }
    const bool whole = end->log_bytes <= bytes || bytes >= kMostLogBytes;
    // One more than asked for: the first one is most likely a part of a line.
    if (whole || count_lines(end->text) > lines) {
      return end;
    }
  }
}

}  // namespace sv::ctl
