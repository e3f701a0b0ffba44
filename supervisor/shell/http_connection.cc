#include "shell/http_connection.h"

#include <utility>
#include <variant>

#include "base/text.h"

namespace sv::shell {

HttpConnection::HttpConnection(const Parts& parts, std::string peer, OnOver on_over)
    : parts_(parts),
      peer_(std::move(peer)),
      on_over_(std::move(on_over)),
      timer_(parts.loop, [this] { on_timer(); }),
      parser_(parts.handler.limits()) {}

Result<std::unique_ptr<HttpConnection>> HttpConnection::create(const Parts& parts, UniqueFd socket,
                                                               std::string peer, OnOver on_over) {
  std::unique_ptr<HttpConnection> connection(
      new HttpConnection(parts, std::move(peer), std::move(on_over)));
  auto stream = uv::Stream::create(parts.loop, std::move(socket), *connection);
  if (!stream) {
    return tl::unexpected(std::move(stream.error()));
  }
  connection->stream_ = std::move(*stream);
  connection->rearm();
  return connection;
}

HttpConnection::~HttpConnection() = default;

void HttpConnection::on_bytes(std::string_view bytes) {
  if (state_ == State::reading) {
    input_ += bytes;
    advance();
  }
  // A client that talks while its log streams, or after its last answer, has nothing to say.
}

/// Parses what is there until a request is being answered or more bytes are needed.
void HttpConnection::advance() {
  while (state_ == State::reading && !input_.empty()) {
    if (stream_->unsent_bytes() >= kAnswerBacklog) {
      stream_->pause_reading();
      break;  // on_sent() goes on
    }
    std::size_t consumed = 0;
    const wire::HttpRequestParser::Status status = parser_.feed(input_, consumed);
    input_.erase(0, consumed);
    switch (status) {
      case wire::HttpRequestParser::Status::need_more:
        break;
      case wire::HttpRequestParser::Status::complete:
        request_ = parser_.take();
        answer_request();
        break;
      case wire::HttpRequestParser::Status::failed:
        refuse(parser_.error_status());
        break;
    }
    if (status == wire::HttpRequestParser::Status::need_more) {
      break;
    }
  }
  rearm();
}

void HttpConnection::answer_request() {
  state_ = State::answering;
  limit_ = Limit::none;  // the next request has its own time
  HttpAnswer answer = parts_.handler.answer(request_);
  if (const auto* response = std::get_if<wire::HttpResponse>(&answer)) {
    send(std::move(*response));
  } else if (auto* pending = std::get_if<std::unique_ptr<PendingAnswer>>(&answer)) {
    pending_ = std::move(*pending);
    stream_->pause_reading();
  } else {
    start_streaming(std::move(std::get<StreamAnswer>(answer)));
  }
}

void HttpConnection::poll() {
  if (pending_ == nullptr) {
    return;
  }
  if (std::optional<wire::HttpResponse> response = pending_->poll()) {
    pending_.reset();
    stream_->resume_reading();
    send(*std::move(response));
    advance();
  }
}

std::optional<MonoTime> HttpConnection::deadline() const {
  return pending_ != nullptr ? pending_->deadline() : std::nullopt;
}

void HttpConnection::send(wire::HttpResponse response) {
  // A small body goes out in one piece with its head, a large one is not copied.
  constexpr std::size_t kLargeBody = std::size_t{32} * 1024;
  std::string bytes = wire::serialise_head(response, request_, parts_.clock.now().wall);
  const bool stays = wire::keeps_connection(response, request_);
  std::string body =
      wire::sends_body(response, request_) ? std::move(response.body) : std::string();
  if (parts_.log.enabled(Level::trace)) {
    parts_.log.trace(
        cat({peer_, " - - \"", request_.method, " ", request_.target, "\" ",
             std::to_string(response.status), " ", std::to_string(bytes.size() + body.size())}));
  }
  if (body.size() < kLargeBody) {
    bytes += body;
    stream_->write(std::move(bytes));
  } else {
    stream_->write(std::move(bytes));
    stream_->write(std::move(body));
  }
  if (stays) {
    state_ = State::reading;
  } else {
    state_ = State::closing;
    stream_->finish();
  }
}

void HttpConnection::refuse(int status) {
  request_ = wire::HttpRequest{};
  stream_->write(wire::serialise(wire::error_response(status), request_, parts_.clock.now().wall));
  state_ = State::closing;
  stream_->finish();
}

void HttpConnection::start_streaming(StreamAnswer answer) {
  state_ = State::streaming;
  stream_->write(wire::serialise_stream_head(answer.head, request_, parts_.clock.now().wall));
  source_ = std::move(answer.source);
  source_->begin([this] { pump(); });
  pump();
}

/// Sends what the source has, as long as the client takes it.
void HttpConnection::pump() {
  if (state_ != State::streaming) {
    return;
  }
  for (int piece = 0; piece < kPiecesPerTurn; ++piece) {
    if (stream_->unsent_bytes() >= kStreamBacklog) {
      return;  // on_sent() goes on
    }
    const std::string bytes = source_->next(kStreamPiece);
    if (!bytes.empty()) {
      stream_->write(wire::serialise_stream_piece(bytes, request_));
      continue;
    }
    if (source_->ended()) {
      stream_->write(std::string(wire::serialise_stream_end(request_)));
      state_ = State::closing;
      stream_->finish();
      rearm();
    }
    return;
  }
  timer_.arm(Duration::zero());
}

void HttpConnection::on_timer() {
  if (state_ == State::streaming) {
    pump();
  } else if (limit_ == Limit::request) {
    refuse(408);
    rearm();
  } else {
    over();
  }
}

void HttpConnection::on_sent() {
  if (state_ == State::reading) {
    stream_->resume_reading();
    advance();
  } else {
    pump();
  }
}

void HttpConnection::on_closed(const std::optional<Error>& /*error*/) {
  if (pending_ != nullptr) {
    // What was asked for goes on; nobody is left to hear of it.
    pending_.reset();
  }
  over();
}

void HttpConnection::rearm() {
  Limit limit = Limit::none;
  if (state_ == State::reading) {
    limit = parser_.is_idle() ? Limit::idle : Limit::request;
  } else if (state_ == State::closing) {
    limit = Limit::farewell;  // a peer that never closes does not keep the descriptor
  }
  if (std::exchange(limit_, limit) == limit) {
    return;
  }
  if (limit == Limit::none) {
    timer_.stop();
  } else {
    timer_.arm(limit == Limit::idle ? Duration(kIdleTimeout) : Duration(kRequestTimeout));
  }
}

void HttpConnection::over() {
  const OnOver on_over = std::move(on_over_);
  if (on_over) {
    on_over(*this);
  }
}

}  // namespace sv::shell
