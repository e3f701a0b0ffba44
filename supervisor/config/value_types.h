#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/log.h"
#include "base/result.h"
#include "config/loader.h"
#include "config/model.h"

/// Value types that belong to the configuration alone, with the messages of the reference product
/// (supervisor-config, sections 2 and 3). Those that everybody needs are in base/parse.h.
namespace sv::config {

/// A name of a program, group or process: trimmed; a space, ':' or '/' is an error.
[[nodiscard]] Result<std::string> parse_name(std::string_view text);

[[nodiscard]] Result<AutoRestart> parse_autorestart(std::string_view text);

/// Where standard error goes: nullopt is `auto`, with what standard output gets unless the program
/// asks for something of its own.
[[nodiscard]] Result<std::optional<bool>> parse_redirection(std::string_view text);

[[nodiscard]] Result<OnExit> parse_on_exit(std::string_view text);
/// "HUP, USR1": those that may be passed on instead of being acted on.
[[nodiscard]] Result<SignalSet> parse_forward_signals(std::string_view text);
[[nodiscard]] Result<OnFatal> parse_on_fatal(std::string_view text);
[[nodiscard]] Result<ExitOn> parse_exit_on(std::string_view text);

[[nodiscard]] Result<Level> parse_log_level(std::string_view text);

/// Pieces between commas, trimmed; empty text gives an empty list.
[[nodiscard]] std::vector<std::string> parse_list(std::string_view text);

/// 1 to 65535.
[[nodiscard]] Result<std::uint16_t> parse_port(std::string_view text);

/// Where an HTTP server listens. Host names other than localhost are refused: resolving them
/// needs the system's name service, which this program does without.
[[nodiscard]] Result<InetAddress> parse_inet_address(std::string_view text);

/// `unix://` or `tcp://`; only url and address are set.
[[nodiscard]] Result<FcgiSocketConfig> parse_fcgi_socket(std::string_view text);

/// The names a listener may subscribe to, sorted.
[[nodiscard]] std::span<const std::string_view> event_names();

/// Event names, upper-cased, sorted, without duplicates. The error is the unknown name, bare.
[[nodiscard]] Result<std::vector<std::string>> parse_event_names(std::string_view text);

/// An integer brought into the range of int, for counts where nothing beyond it makes sense.
[[nodiscard]] Result<int> parse_int(std::string_view text);

/// Seconds, limited to about 31 years either way, so that deadlines cannot overflow.
[[nodiscard]] Result<std::chrono::seconds> parse_seconds(std::string_view text);

/// A byte size where negative means 0.
[[nodiscard]] Result<std::uint64_t> parse_size(std::string_view text);

/// An integer where negative means 0.
[[nodiscard]] Result<std::uint64_t> parse_count(std::string_view text);

/// `~` and `~user` at the front; unknown users leave the text as it is.
[[nodiscard]] std::string expand_user(std::string_view path, const LoadContext& context);

/// A directory that exists now. The value is the path with `~` expanded.
[[nodiscard]] Result<std::string> parse_existing_directory(std::string_view text,
                                                           const LoadContext& context);

/// A file name whose directory exists now.
[[nodiscard]] Result<std::string> parse_file_path(std::string_view text,
                                                  const LoadContext& context);

[[nodiscard]] Result<UserIds> find_user_ids(std::string_view text, const LoadContext& context);
[[nodiscard]] Result<UserRef> parse_user(std::string_view text, const LoadContext& context);

/// user[:group]; the message is for the caller to make.
[[nodiscard]] Result<Ownership> parse_ownership(std::string_view text, const LoadContext& context);

}  // namespace sv::config
