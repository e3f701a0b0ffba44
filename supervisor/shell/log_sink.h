#pragma once

#include <sys/types.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <tl/expected.hpp>

#include "base/log.h"
#include "base/result.h"
#include "base/time.h"
#include "shell/stream_output.h"

namespace sv::shell {

/// Where the bytes of one channel go: a rotating file, an inherited descriptor, syslog, nowhere.
///
/// A sink never blocks on a peer and never fails: what it cannot deliver (full disk, reader too
/// slow) is dropped, counted, and reported to the activity log at most once a minute, so that a
/// service is never stopped by its log.
class LogSink {
 public:
  virtual ~LogSink() = default;

  virtual void write(std::string_view bytes) noexcept = 0;

  /// Closes and opens a file again by its name (SIGUSR2). A failure keeps the open file.
  virtual void reopen() noexcept {}

  /// Empties a file. Does nothing where there is nothing that can be emptied.
  virtual Result<void> clear() noexcept { return {}; }

  /// The name to read the log back from, as configured; nullopt when there is no file.
  [[nodiscard]] virtual std::optional<std::string> path() const { return std::nullopt; }
};

/// What a channel's log should be.
struct SinkSpec {
  /// A file's name (relative ones are resolved now), or one of our own descriptors
  /// (/dev/stdout, /dev/stderr, /dev/fd/1 ...). Unset: no file.
  std::optional<std::string> path;
  std::uint64_t max_bytes = 0;  ///< 0: never rotate. Ignored for what is not a regular file
  int backups = 0;              ///< <= 0: truncate instead of keeping old files
  mode_t mode = 0666;           ///< of a file created here, minus the umask
  bool syslog = false;          ///< also, or only, to syslog
  std::string process;          ///< prefix of syslog lines
  std::string label;            ///< names the channel in reports: "'web' stdout"
};

class SyslogSocket;

/// Opens sinks. One per daemon; outlives them: they share its connection to syslog.
class SinkFactory {
 public:
  /// `ident` names the program in syslog lines. The references outlive the factory.
  SinkFactory(StandardOutputs& outputs, uv::Loop& loop, ActivityLog& log, const Clock& clock,
              std::string ident);
  ~SinkFactory();
  SinkFactory(const SinkFactory&) = delete;
  SinkFactory& operator=(const SinkFactory&) = delete;

  /// Opens or creates what the spec names. The error is an errno value, for the texts of
  /// supervisor-config, 13.2. A spec that names nothing gives a sink that drops everything.
  [[nodiscard]] tl::expected<std::unique_ptr<LogSink>, int> open(const SinkSpec& spec);

 private:
  [[nodiscard]] tl::expected<std::unique_ptr<LogSink>, int> open_path(const SinkSpec& spec);

  StandardOutputs& outputs_;
  uv::Loop& loop_;
  ActivityLog& log_;
  const Clock& clock_;
  std::unique_ptr<SyslogSocket> syslog_;
};

}  // namespace sv::shell
