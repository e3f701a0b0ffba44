#pragma once

#include <string>

#include "ctl/session.h"

namespace sv::ctl {

/// Prints a log stream as it grows until Ctrl-C or the stream's end. A refusal is told on stderr
/// and changes no exit status: so does the reference (supervisor-protocol, 5.5).
void follow_log(Session& session, const std::string& path);

/// Foreground mode: both output streams of a running process on stdout, lines typed here to its
/// stdin, until Ctrl-C, the end of input or the process's end.
void run_in_foreground(Session& session, std::string_view name);

/// Says on stderr why a stream could not be read.
void say_stream_problem(Session& session, const std::string& path, std::string_view problem);
void say_stream_problem(Session& session, const std::string& path, const Failure& failure);

/// What a banner says before either begins.
inline constexpr std::string_view kFollowBanner = "==> Press Ctrl-C to exit <==";

}  // namespace sv::ctl
