#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/failure.h"
#include "ctl/palette.h"

/// Layout and wording of everything the commands print, byte for byte the reference's
/// (supervisor-protocol, 5.2 to 5.5). Pure: values in, text out. Texts that end in a line feed say
/// so; the others are single lines for Output::line().
namespace sv::ctl {

// Names -----------------------------------------------------------------------------------------

/// "cat" for a process named like its group, else "group:process".
[[nodiscard]] std::string make_namespec(std::string_view group, std::string_view process);

/// A name as typed. No process: the whole group ("group:*", "group:").
struct Namespec {
  std::string group;
  std::optional<std::string> process;

  friend bool operator==(const Namespec&, const Namespec&) = default;
};
[[nodiscard]] Namespec split_namespec(std::string_view text);

/// Columns a text takes: its characters.
[[nodiscard]] std::size_t display_width(std::string_view text);

// Tables ----------------------------------------------------------------------------------------

struct StatusRow {
  std::string name;  ///< as make_namespec() gives it
  std::string state;
  std::string description;
};
/// One line each, with line feeds; the name column is as wide as the longest name, at least 30.
inline constexpr std::size_t kStatusStateWidth = 10;

/// Columns before the state: those of the longest name, but never less than the reference has.
[[nodiscard]] std::size_t status_name_width(std::span<const StatusRow> rows);

[[nodiscard]] std::string status_table(std::span<const StatusRow> rows, std::size_t name_width,
                                       const Palette& palette);
[[nodiscard]] inline std::string status_table(std::span<const StatusRow> rows,
                                              const Palette& palette = Palette()) {
  return status_table(rows, status_name_width(rows), palette);
}

/// "0:05:26", "2 days, 7:33:20".
[[nodiscard]] std::string uptime_text(std::int64_t seconds);

struct AvailRow {
  std::string name;
  bool in_use = false;
  bool autostart = false;
  std::int64_t group_priority = 0;
  std::int64_t process_priority = 0;
};
[[nodiscard]] std::string avail_line(const AvailRow& row);

/// Words in as few rows as fit `width`, filled column by column; lines with line feeds.
[[nodiscard]] std::string columns(std::span<const std::string> words, std::size_t width);

// Results of start, stop, signal and clear
// ----------------------------------------------------------

enum class Verb { start, stop, signal, clear };

/// One process's result as the group and "all" methods report it, or as made from a fault.
struct ProcessResult {
  std::string name;  ///< as make_namespec() gives it
  int status = fault::kSuccess;
  std::string description;
};

/// The line for a result; nullopt for a code the verb has no wording for, see
/// unknown_result().
[[nodiscard]] std::optional<std::string> result_line(Verb verb, const ProcessResult& result);

/// What the reference's client raises for such a code.
[[nodiscard]] Failure unknown_result(const ProcessResult& result);

/// The exit code a result asks for; nullopt leaves it as it is. Starting what runs and stopping
/// what does not are printed as errors but change nothing.
[[nodiscard]] std::optional<int> result_exit_status(Verb verb, int status);

// Failures --------------------------------------------------------------------------------------

/// "error: <class 'xmlrpc.client.Fault'>, <Fault 6: 'SHUTDOWN_STATE'>". The reference adds the
/// place in its source code; there is nothing to say there.
[[nodiscard]] std::string error_line(const Failure& failure);

/// The same for people, without the class: "Connection refused", "SHUTDOWN_STATE".
[[nodiscard]] std::string reason_of(const Failure& failure);

/// The part behind "error: ".
[[nodiscard]] std::string describe(const Failure& failure);

}  // namespace sv::ctl
