#pragma once

/// Exit codes of the program. Scripts test them, so they are the reference's, oddities included
/// (supervisor-protocol, 5.3): the last failing item decides, successes reset nothing.
namespace sv::ctl::exit_status {

inline constexpr int kOk = 0;
inline constexpr int kGeneric = 1;
inline constexpr int kInvalidArguments = 2;
inline constexpr int kNoSupervisorNamespace = 3;
inline constexpr int kRefused = 4;
inline constexpr int kWrongApiVersion = 5;
inline constexpr int kNotRunning = 7;

/// `status` has its own meaning for two of them.
inline constexpr int kStatusNotRunning = 3;
inline constexpr int kStatusUnknown = 4;

}  // namespace sv::ctl::exit_status
