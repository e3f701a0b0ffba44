#pragma once

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/un.h>

#include <array>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "base/unique_fd.h"
#include "support/temp_dir.h"
#include "wire/http_parser.h"
#include "wire/xmlrpc_reader.h"
#include "wire/xmlrpc_writer.h"

namespace sv::test {

/// A daemon's HTTP server on a Unix socket, answering as told, one connection at a time, on a
/// thread of its own. It ends with the object; nothing in it waits for time.
class FakeDaemon {
 public:
  using Handler = std::function<wire::XmlRpcReply(const wire::XmlRpcArray&)>;

  FakeDaemon() : socket_path_(dir_ / "s"), stop_(::eventfd(0, EFD_CLOEXEC)) {
    answer("supervisor.getVersion", "3.0");
    listener_.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    socket_path_.copy(static_cast<char*>(address.sun_path), sizeof address.sun_path - 1);
    if (::bind(listener_.get(), reinterpret_cast<sockaddr*>(&address), sizeof address) != 0 ||
        ::listen(listener_.get(), 16) != 0) {
      throw std::runtime_error("cannot listen");
    }
    thread_ = std::thread([this] { serve(); });
  }

  ~FakeDaemon() {
    (void)::eventfd_write(stop_.get(), 1);
    thread_.join();
  }

  FakeDaemon(const FakeDaemon&) = delete;
  FakeDaemon& operator=(const FakeDaemon&) = delete;

  [[nodiscard]] std::string url() const { return "unix://" + socket_path_; }
  [[nodiscard]] const TempDir& dir() const { return dir_; }

  void on(const std::string& method, Handler handler) {
    const std::lock_guard lock(mutex_);
    handlers_[method] = std::move(handler);
  }

  void answer(const std::string& method, wire::XmlRpcValue value) {
    on(method, [value](const wire::XmlRpcArray&) { return wire::XmlRpcReply(value); });
  }

  void refuse(const std::string& method, int code, const std::string& text) {
    on(method, [code, text](const wire::XmlRpcArray&) {
      return wire::XmlRpcReply(tl::unexpected(wire::XmlRpcFault{code, text}));
    });
  }

  /// The next request, whatever it is, is answered with these bytes, and its connection is closed.
  void answer_raw(std::string bytes) {
    const std::lock_guard lock(mutex_);
    raw_.push_back(std::move(bytes));
  }

  /// GET requests for this path are answered with these bytes, and the connection is closed. Others
  /// get a 404.
  void answer_get(const std::string& path, std::string bytes) {
    const std::lock_guard lock(mutex_);
    streams_[path] = std::move(bytes);
  }

  /// From now on every connection is closed after its first answer, without saying so before.
  void close_after_each_answer() {
    const std::lock_guard lock(mutex_);
    closes_ = true;
  }

  /// "supervisor.startProcess(cat)", in the order they came.
  [[nodiscard]] std::vector<std::string> calls() const {
    const std::lock_guard lock(mutex_);
    return calls_;
  }

  [[nodiscard]] std::size_t connections() const {
    const std::lock_guard lock(mutex_);
    return connections_;
  }

  /// The headers of the last request.
  [[nodiscard]] wire::HttpRequest last_request() const {
    const std::lock_guard lock(mutex_);
    return last_request_;
  }

 private:
  // False when the object is going away.
  [[nodiscard]] bool wait_for(int fd) const {
    std::array<pollfd, 2> fds{{{fd, POLLIN, 0}, {stop_.get(), POLLIN, 0}}};
    return ::poll(fds.data(), fds.size(), -1) > 0 && fds[1].revents == 0;
  }

  void serve() {
    while (wait_for(listener_.get())) {
      const UniqueFd peer(::accept4(listener_.get(), nullptr, nullptr, SOCK_CLOEXEC));
      {
        const std::lock_guard lock(mutex_);
        ++connections_;
      }
      wire::HttpRequestParser parser;
      while (answer_one(peer.get(), parser)) {
      }
    }
  }

  // Reads and answers one request; false: close the connection.
  bool answer_one(int peer, wire::HttpRequestParser& parser) {
    using Status = wire::HttpRequestParser::Status;
    std::array<char, 65536> bytes;
    Status status = Status::need_more;
    while (status == Status::need_more) {
      if (!wait_for(peer)) {
        return false;
      }
      const ssize_t count = ::recv(peer, bytes.data(), bytes.size(), 0);
      if (count <= 0) {
        return false;
      }
      std::size_t used = 0;
      status = parser.feed({bytes.data(), static_cast<std::size_t>(count)}, used);
    }
    if (status == Status::failed) {
      return false;
    }
    const std::lock_guard lock(mutex_);
    last_request_ = parser.take();
    bool closes = closes_;
    std::string answer;
    if (!raw_.empty()) {
      answer = std::move(raw_.front());
      raw_.erase(raw_.begin());
      closes = true;
    } else if (last_request_.method == "GET") {
      const auto stream = streams_.find(last_request_.path);
      answer = stream != streams_.end() ? stream->second
                                        : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
      closes = true;
    } else {
      answer = answer_to(last_request_);
    }
    (void)::send(peer, answer.data(), answer.size(), MSG_NOSIGNAL);
    return !closes;
  }

  std::string answer_to(const wire::HttpRequest& request) {
    const auto call = wire::read_call(request.body);
    if (!call) {
      return "HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n";
    }
    calls_.push_back(call->method + "(" + shown(call->params) + ")");
    const auto handler = handlers_.find(call->method);
    const std::string body = wire::write_reply(
        handler != handlers_.end() ? handler->second(call->params)
                                   : tl::unexpected(wire::XmlRpcFault{1, "UNKNOWN_METHOD"}));
    return "HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  }

  static std::string shown(const wire::XmlRpcArray& params) {
    std::string text;
    for (const wire::XmlRpcValue& value : params) {
      text += text.empty() ? "" : ", ";
      if (const auto* string = value.get_if<std::string>()) {
        text += *string;
      } else if (const auto* number = value.get_if<std::int64_t>()) {
        text += std::to_string(*number);
      }
    }
    return text;
  }

  TempDir dir_;
  std::string socket_path_;
  UniqueFd stop_;
  UniqueFd listener_;
  mutable std::mutex mutex_;
  std::map<std::string, Handler> handlers_;
  std::vector<std::string> raw_;
  std::map<std::string, std::string> streams_;
  std::vector<std::string> calls_;
  std::size_t connections_ = 0;
  bool closes_ = false;
  wire::HttpRequest last_request_;
  std::thread thread_;
};

}  // namespace sv::test
