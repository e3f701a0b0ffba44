#pragma once

#include <string>
#include <string_view>

#include "ctl/connection.h"
#include "ctl/http_response.h"
#include "ctl/rpc_client.h"

namespace sv::ctl {

/// Turns the chunks of a log stream into what is printed. A chunk that is not UTF-8 is shown as the
/// reference shows it; a character cut in two by a chunk border is put together again.
class ChunkText {
 public:
  [[nodiscard]] std::string next(std::string chunk);
  /// What is left at the end of the stream.
  [[nodiscard]] std::string end();

 private:
  std::string held_;  ///< the first bytes of a character, at most three
};

/// How the bytes of a stream become text.
enum class StreamText {
  chunks,  ///< by ChunkText, as the reference shows them
  raw,     ///< not at all
};

/// One GET on a log stream of the daemon (supervisor-protocol, 2.7). Never waits after open();
/// whoever owns it polls fd() and calls pump().
class LogStream {
 public:
  /// Connects and asks for `path`, which is sent percent-encoded.
  [[nodiscard]] static Outcome<LogStream> open(const Endpoint& endpoint, std::string path,
                                               const Patience& patience);
  /// The same for a target that is encoded already and may have a query.
  [[nodiscard]] static Outcome<LogStream> open_target(const Endpoint& endpoint,
                                                      std::string_view target, StreamText form,
                                                      const Patience& patience);

  [[nodiscard]] int fd() const { return connection_.fd(); }

  /// Reads what is there and appends it to `text`. False: the stream has ended.
  [[nodiscard]] bool pump(std::string& text);

  /// Whether the server has begun to answer with what was asked for.
  [[nodiscard]] bool is_answered() const { return parser_.has_head(); }

  /// After the end: why there was nothing to read ("Cannot read, status code 404"), or empty.
  [[nodiscard]] const std::string& problem() const { return problem_; }

 private:
  LogStream(Connection connection, StreamText form)
      : connection_(std::move(connection)), form_(form) {}

  bool feed(std::string_view bytes, std::string& text);
  void append(std::string body, std::string& text);

  Connection connection_;
  StreamText form_;
  HttpResponseParser parser_;
  ChunkText chunks_;
  std::string problem_;
};

}  // namespace sv::ctl
