#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/log.h"
#include "base/time.h"
#include "shell/http_answer.h"
#include "shell/uv/stream.h"
#include "shell/uv/timer.h"
#include "wire/http_parser.h"

namespace sv::shell {

/// One client: reads requests, one at a time, and writes their answers in order.
///
///   reading    -> answering   a request is complete
///   answering  -> reading     the answer is sent and the connection stays
///   answering  -> closing     the answer was the last one
///   answering  -> streaming   the answer comes piece by piece
///   streaming  -> closing     it has ended (a log that is followed never does)
///
/// While an answer waits nothing further is read, so a client cannot queue work. Owned by the
/// server, which is told when the connection is over.
class HttpConnection final : public uv::StreamOwner {
 public:
  /// A request must be complete this long after its first byte; else 408.
  static constexpr std::chrono::seconds kRequestTimeout{10};
  /// A connection without a request is closed after this.
  static constexpr std::chrono::minutes kIdleTimeout{10};
  /// Further requests wait while this much of earlier answers waits for the client.
  static constexpr std::size_t kAnswerBacklog = 256 * 1024;
  /// A stream is given more only while less than this waits for its client.
  static constexpr std::size_t kStreamBacklog = 256 * 1024;
  static constexpr std::size_t kStreamPiece = 64 * 1024;
  /// Then others have their turn, however fast the client is.
  static constexpr int kPiecesPerTurn = 8;

  /// References outlive the connection.
  struct Parts {
    uv::Loop& loop;
    HttpHandler& handler;
    ActivityLog& log;
    const Clock& clock;
  };
  /// Called once, as the last thing the connection does; may destroy it.
  using OnOver = std::function<void(HttpConnection&)>;

  [[nodiscard]] static Result<std::unique_ptr<HttpConnection>> create(const Parts& parts,
                                                                      UniqueFd socket,
                                                                      std::string peer,
                                                                      OnOver on_over);
  ~HttpConnection() override;

  /// Looks again at an answer that waits. Harmless otherwise. May end the connection.
  void poll();
  [[nodiscard]] std::optional<MonoTime> deadline() const;
  [[nodiscard]] bool is_waiting() const { return pending_ != nullptr; }
  /// Between requests: to close it loses nothing.
  [[nodiscard]] bool is_idle() const {
    return state_ == State::reading && input_.empty() && parser_.is_idle() &&
           stream_->unsent_bytes() == 0;
  }

 private:
  HttpConnection(const Parts& parts, std::string peer, OnOver on_over);

  void on_bytes(std::string_view bytes) override;
  void on_sent() override;
  void on_closed(const std::optional<Error>& error) override;

  void advance();
  void answer_request();
  void send(wire::HttpResponse response);
  void start_streaming(StreamAnswer answer);
  void pump();
  void on_timer();
  void refuse(int status);
  void rearm();
  void over();

  enum class State { reading, answering, streaming, closing };
  /// What the timer is armed for. Bytes that trickle in do not renew it.
  enum class Limit { none, idle, request, farewell };

  Parts parts_;
  std::string peer_;
  OnOver on_over_;
  std::unique_ptr<uv::Stream> stream_;
  uv::Timer timer_;
  wire::HttpRequestParser parser_;
  State state_ = State::reading;
  Limit limit_ = Limit::none;
  std::string input_;  ///< received, not yet parsed: the rest behind the request being answered
  wire::HttpRequest request_;
  std::unique_ptr<PendingAnswer> pending_;
  std::unique_ptr<StreamSource> source_;
};

}  // namespace sv::shell
