#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "rpc/pending.h"
#include "rpc/services.h"
#include "wire/xmlrpc_value.h"

/// Reading and clearing logs over the interface. Offsets and lengths are bytes; what they mean is
/// supervisor-protocol, 1.9.6. Texts may hold anything, XML is the writer's concern.
namespace sv::rpc {

/// More than this is never put into one answer; the rest can be asked for by offset. Room for a
/// whole log of the default size.
inline constexpr std::int64_t kMaxLogReplyBytes = std::int64_t{64} * 1024 * 1024;

/// A piece of a file: `length` bytes from `offset`.
struct LogSpan {
  std::int64_t offset = 0;
  std::int64_t length = 0;

  friend bool operator==(const LogSpan&, const LogSpan&) = default;
};

/// What read*Log gives of a file of `size` bytes; BAD_ARGUMENTS for combinations without meaning.
[[nodiscard]] OrFault<LogSpan> read_span(std::int64_t size, std::int64_t offset,
                                         std::int64_t length);

/// What tail*Log gives: the span, and whether the caller has missed something.
struct TailSpan {
  LogSpan span;
  bool overflow = false;

  friend bool operator==(const TailSpan&, const TailSpan&) = default;
};
[[nodiscard]] TailSpan tail_span(std::int64_t size, std::int64_t offset, std::int64_t length);

/// A piece of a process log, as read*Log: NO_FILE, FAILED, BAD_ARGUMENTS.
[[nodiscard]] wire::XmlRpcReply read_process_log(Host& host, const core::Process& process,
                                                 core::Channel channel, LogSpan wanted);

// Methods

[[nodiscard]] wire::XmlRpcReply read_main_log(Services& services, std::int64_t offset,
                                              std::int64_t length);
[[nodiscard]] wire::XmlRpcReply clear_main_log(Services& services);
[[nodiscard]] wire::XmlRpcReply read_stdout_log(Services& services, std::string_view name,
                                                std::int64_t offset, std::int64_t length);
[[nodiscard]] wire::XmlRpcReply read_stderr_log(Services& services, std::string_view name,
                                                std::int64_t offset, std::int64_t length);
[[nodiscard]] wire::XmlRpcReply tail_stdout_log(Services& services, std::string_view name,
                                                std::int64_t offset, std::int64_t length);
[[nodiscard]] wire::XmlRpcReply tail_stderr_log(Services& services, std::string_view name,
                                                std::int64_t offset, std::int64_t length);
[[nodiscard]] wire::XmlRpcReply clear_process_logs(Services& services, std::string_view name);
[[nodiscard]] Outcome clear_all_process_logs(Services& services);

}  // namespace sv::rpc
