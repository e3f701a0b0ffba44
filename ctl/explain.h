#pragma once

#include <string>
#include <string_view>

#include "ctl/palette.h"
#include "wire/xmlrpc_value.h"

/// What `explain` says about a process. Pure: what the daemon answered in, text out.
namespace sv::ctl {

struct Explained {
  const wire::XmlRpcValue& info;  ///< getProcessInfo
  /// `program` of modinit's JSON interface (docs/api.md), or nothing a member can be found in: then
  /// there is less to say.
  const wire::XmlRpcValue& program;
  std::string_view client = "modctl";  ///< for commands to type
};

/// Lines with line feeds: name and state, then a fact each.
[[nodiscard]] std::string explain_text(const Explained& explained, const Palette& palette);

/// The end of a log below that; empty when the log is.
[[nodiscard]] std::string explain_log(std::string_view title, std::string_view lines,
                                      const Palette& palette);

/// "3 s", "5 min", "2 h", "4 days".
[[nodiscard]] std::string about(double seconds);

/// "3.4 MiB".
[[nodiscard]] std::string bytes_text(double bytes);

}  // namespace sv::ctl
