#pragma once

#include <optional>
#include <string_view>

namespace sv {

/// Levels of the activity log with the reference product's numeric values and order.
enum class Level {
  blather = 3,
  trace = 5,
  debug = 10,
  info = 20,
  warn = 30,
  error = 40,
  critical = 50
};

/// The four-letter form printed in log lines: BLAT TRAC DEBG INFO WARN ERRO CRIT.
[[nodiscard]] std::string_view level_tag(Level level);

/// The configuration spelling ("critical", "error", ...), any case; nullopt for anything else.
[[nodiscard]] std::optional<Level> level_from_name(std::string_view name);

/// The configuration spelling of a level.
[[nodiscard]] std::string_view level_name(Level level);

/// The daemon's own log, passed to whoever may log (the shell and the programs; library layers
/// return errors instead). Implementations never throw and never block on a peer.
class ActivityLog {
 public:
  virtual ~ActivityLog() = default;

  /// Writes one line (the text may contain line feeds). Cheap when `level` is not enabled.
  virtual void write(Level level, std::string_view text) noexcept = 0;

  /// Whether write() would do anything; ask before building an expensive text.
  [[nodiscard]] virtual bool enabled(Level level) const noexcept = 0;

  void critical(std::string_view text) noexcept { write(Level::critical, text); }
  void error(std::string_view text) noexcept { write(Level::error, text); }
  void warn(std::string_view text) noexcept { write(Level::warn, text); }
  void info(std::string_view text) noexcept { write(Level::info, text); }
  void debug(std::string_view text) noexcept { write(Level::debug, text); }
  void trace(std::string_view text) noexcept { write(Level::trace, text); }
};

}  // namespace sv
