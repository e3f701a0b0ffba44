#include "rpc/log_methods.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "rpc/group_pending.h"
#include "rpc/names.h"

namespace sv::rpc {
namespace {

using core::Channel;

std::uint64_t bytes(std::int64_t count) {
  return static_cast<std::uint64_t>(count);
}

/// The reference answers every failure but a missing file with a bare FAILED.
tl::unexpected<wire::XmlRpcFault> log_fault(const Error& error,
                                            std::optional<std::string_view> path = std::nullopt) {
  return error.code == ErrorCode::not_found ? refuse(FaultCode::no_file, path)
                                            : refuse(FaultCode::failed);
}

wire::XmlRpcReply read_file(Host& host, const std::string& path, LogSpan wanted) {
  const Result<std::uint64_t> size = host.log_size(path);
  if (!size) {
    return log_fault(size.error(), path);
  }
  const OrFault<LogSpan> span =
      read_span(static_cast<std::int64_t>(*size), wanted.offset, wanted.length);
  if (!span) {
    return tl::unexpected(span.error());
  }
  if (span->length == 0) {
    return std::string();
  }
  Result<std::string> text = host.read_log(path, bytes(span->offset), bytes(span->length));
  if (!text) {
    return log_fault(text.error(), path);
  }
  return std::move(*text);
}

wire::XmlRpcReply read_named_log(Services& services, std::string_view name, Channel channel,
                                 LogSpan wanted) {
  const auto process = find_process(services.host.supervisor(), name);
  if (!process) {
    return tl::unexpected(process.error());
  }
  return read_process_log(services.host, **process, channel, wanted);
}

wire::XmlRpcValue tail_result(std::string text, std::int64_t offset, bool overflow) {
  wire::XmlRpcArray result;  // built by hand: an initialiser list would copy the text
  result.reserve(3);
  result.emplace_back(std::move(text));
  result.emplace_back(offset);
  result.emplace_back(overflow);
  return result;
}

wire::XmlRpcReply tail_file(Host& host, const std::string& path, LogSpan wanted) {
  const Result<std::uint64_t> size = host.log_size(path);
  if (!size) {
    const bool missing = size.error().code == ErrorCode::not_found;
    return tail_result("", missing ? 0 : wanted.offset, false);
  }
  const auto end = static_cast<std::int64_t>(*size);
  const TailSpan tail = tail_span(end, wanted.offset, wanted.length);
  if (tail.span.length == 0) {
    return tail_result("", end, tail.overflow);
  }
  Result<std::string> text = host.read_log(path, bytes(tail.span.offset), bytes(tail.span.length));
  if (!text) {
    return tail_result("", wanted.offset, false);
  }
  return tail_result(std::move(*text), end, tail.overflow);
}

wire::XmlRpcReply tail_named_log(Services& services, std::string_view name, Channel channel,
                                 LogSpan wanted) {
  const auto process = find_process(services.host.supervisor(), name);
  if (!process) {
    return tl::unexpected(process.error());
  }
  const auto path = services.host.log_path((*process)->id, channel);
  if (!path) {
    return tail_result("", 0, false);
  }
  return tail_file(services.host, *path, wanted);
}

}  // namespace

OrFault<LogSpan> read_span(std::int64_t size, std::int64_t offset, std::int64_t length) {
  if (offset < 0) {
    if (length != 0) {
      return refuse(FaultCode::bad_arguments);
    }
    const std::int64_t count = std::min({-offset, size, kMaxLogReplyBytes});
    return LogSpan{size - count, count};
  }
  if (length < 0) {
    return refuse(FaultCode::bad_arguments);
  }
  const std::int64_t start = std::min(offset, size);
  const std::int64_t rest = size - start;
  return LogSpan{start, std::min({length == 0 ? rest : length, rest, kMaxLogReplyBytes})};
}

TailSpan tail_span(std::int64_t size, std::int64_t offset, std::int64_t length) {
  const bool overflow = size > offset + length;
  if (overflow) {
    offset = size - 1;
  }
  if (offset + length > size) {
    if (offset > size - 1) {
      length = 0;
    }
    offset = size - length;
  }
  offset = std::max<std::int64_t>(offset, 0);
  length = std::clamp<std::int64_t>(length, 0, std::max<std::int64_t>(size - offset, 0));
  if (length > kMaxLogReplyBytes) {
    offset += length - kMaxLogReplyBytes;
    length = kMaxLogReplyBytes;
  }
  return {{offset, length}, overflow};
}

wire::XmlRpcReply read_process_log(Host& host, const core::Process& process, Channel channel,
                                   LogSpan wanted) {
  const auto path = host.log_path(process.id, channel);
  if (!path) {
    return refuse(FaultCode::no_file);
  }
  return read_file(host, *path, wanted);
}

wire::XmlRpcReply read_main_log(Services& services, std::int64_t offset, std::int64_t length) {
  const auto path = services.host.main_log_path();
  if (!path) {
    return refuse(FaultCode::no_file, "syslog");
  }
  return read_file(services.host, *path, {offset, length});
}

wire::XmlRpcReply clear_main_log(Services& services) {
  const Result<void> cleared = services.host.clear_main_log();
  if (!cleared) {
    return log_fault(cleared.error());
  }
  return true;
}

wire::XmlRpcReply read_stdout_log(Services& services, std::string_view name, std::int64_t offset,
                                  std::int64_t length) {
  return read_named_log(services, name, Channel::standard_output, {offset, length});
}

wire::XmlRpcReply read_stderr_log(Services& services, std::string_view name, std::int64_t offset,
                                  std::int64_t length) {
  return read_named_log(services, name, Channel::standard_error, {offset, length});
}

wire::XmlRpcReply tail_stdout_log(Services& services, std::string_view name, std::int64_t offset,
                                  std::int64_t length) {
  return tail_named_log(services, name, Channel::standard_output, {offset, length});
}

wire::XmlRpcReply tail_stderr_log(Services& services, std::string_view name, std::int64_t offset,
                                  std::int64_t length) {
  return tail_named_log(services, name, Channel::standard_error, {offset, length});
}

wire::XmlRpcReply clear_process_logs(Services& services, std::string_view name) {
  const auto process = find_process(services.host.supervisor(), name);
  if (!process) {
    return tl::unexpected(process.error());
  }
  if (!services.host.clear_logs((*process)->id)) {
    return refuse(FaultCode::failed, name);
  }
  return true;
}

Outcome clear_all_process_logs(Services& services) {
  return for_each(all_in_start_order(services.host.supervisor()),
                  [&services](const core::Process&, const std::string& name) -> Outcome {
                    return clear_process_logs(services, name);
                  });
}

}  // namespace sv::rpc
