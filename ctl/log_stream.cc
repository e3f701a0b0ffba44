#include "ctl/log_stream.h"

#include <utility>

#include "base/text.h"
#include "wire/http_message.h"

namespace sv::ctl {
namespace {

/// Length of the sequence a UTF-8 lead byte begins; 0 for any other byte.
std::size_t sequence_length(unsigned char lead) {
  if (lead >= 0xC2 && lead <= 0xDF) {
    return 2;
  }
  if (lead >= 0xE0 && lead <= 0xEF) {
    return 3;
  }
  return lead >= 0xF0 && lead <= 0xF4 ? 4 : 0;
}

/// Bytes at the end of `text` that begin a character without finishing it.
std::size_t unfinished_tail(std::string_view text) {
  for (std::size_t length = 1; length <= 3 && length <= text.size(); ++length) {
    const auto byte = static_cast<unsigned char>(text[text.size() - length]);
    if (sequence_length(byte) > length) {
      return length;
    }
    if ((byte & 0xC0U) != 0x80U) {
      return 0;
    }
  }
  return 0;
}

std::string shown(std::string_view bytes) {
  return is_valid_utf8(bytes) ? std::string(bytes)
                              : cat({"Undecodable: ", python_bytes_repr(bytes)});
}

}  // namespace

std::string ChunkText::next(std::string chunk) {
  chunk.insert(0, std::exchange(held_, {}));
  const std::size_t tail = unfinished_tail(chunk);
  if (tail > 0 && is_valid_utf8(std::string_view(chunk).substr(0, chunk.size() - tail))) {
    held_ = chunk.substr(chunk.size() - tail);
    chunk.resize(chunk.size() - tail);
  }
  return shown(chunk);
}

std::string ChunkText::end() {
  const std::string rest = std::exchange(held_, {});
  return rest.empty() ? rest : shown(rest);
}

Outcome<LogStream> LogStream::open(const Endpoint& endpoint, std::string path,
                                   const Patience& patience) {
  return open_target(endpoint, wire::percent_encode(path), StreamText::chunks, patience);
}

Outcome<LogStream> LogStream::open_target(const Endpoint& endpoint, std::string_view target,
                                          StreamText form, const Patience& patience) {
  auto connection = Connection::open(endpoint.server_url, patience);
  if (!connection) {
    return failed(std::move(connection.error()));
  }
  LogStream stream(std::move(*connection), form);
  if (auto sent = stream.connection_.send(get_request(endpoint, target), patience); !sent) {
    return failed(std::move(sent.error()));
  }
  return stream;
}

bool LogStream::pump(std::string& text) {
  std::string bytes;
  auto received = connection_.read_some(bytes);
  if (received && *received == Connection::Received::nothing) {
    return true;
  }
  if (received && *received == Connection::Received::bytes && feed(bytes, text)) {
    return true;
  }
  append(problem_.empty() ? parser_.take_body() : std::string(), text);
  text += chunks_.end();
  return false;
}

void LogStream::append(std::string body, std::string& text) {
  if (!body.empty()) {
    text += form_ == StreamText::chunks ? chunks_.next(std::move(body)) : body;
  }
}

bool LogStream::feed(std::string_view bytes, std::string& text) {
  using Status = HttpResponseParser::Status;
  Status status = Status::need_more;
  while (!bytes.empty()) {
    std::size_t used = 0;
    status = parser_.feed(bytes, used);
    bytes.remove_prefix(used);
    if (parser_.has_head() && parser_.code() != 200) {
      problem_ = cat({"Cannot read, status code ", std::to_string(parser_.code())});
      return false;
    }
    if (status == Status::failed) {
      problem_ = cat({"Cannot read, ", parser_.problem()});
      return false;
    }
    if (status == Status::chunk || status == Status::complete || form_ == StreamText::raw ||
        !parser_.in_chunk()) {
      append(parser_.take_body(), text);
    }
    if (status == Status::complete) {
      return false;
    }
  }
  return true;
}

}  // namespace sv::ctl
