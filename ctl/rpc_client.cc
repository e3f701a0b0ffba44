#include "ctl/rpc_client.h"

#include <cerrno>
#include <utility>

#include "base/text.h"
#include "ctl/http_response.h"
#include "ctl/reply_scanner.h"
#include "wire/basic_auth.h"
#include "wire/server_url.h"
#include "wire/xmlrpc_reader.h"
#include "wire/xmlrpc_writer.h"

namespace sv::ctl {
namespace {

std::string make_request(const Endpoint& endpoint, const wire::XmlRpcCall& call) {
  const std::string body = wire::write_call(call);
  return cat({"POST /RPC2 HTTP/1.1\r\nHost: ", host_header(endpoint.server_url),
              "\r\nUser-Agent: modctl\r\nContent-Type: text/xml\r\nAccept: text/xml\r\n",
              authorization_header(endpoint), "Content-Length: ", std::to_string(body.size()),
              "\r\n\r\n", body});
}

// A kept connection was closed between two calls: the server has not seen this request.
bool is_stale(const Failure& failure) {
  const int err = system_error(failure);
  return err == EPIPE || err == ECONNRESET;
}

}  // namespace

std::string get_request(const Endpoint& endpoint, std::string_view target) {
  return cat({"GET ", target, " HTTP/1.1\r\nHost: ", host_header(endpoint.server_url),
              "\r\nUser-Agent: modctl\r\nAccept: */*\r\n", authorization_header(endpoint), "\r\n"});
}

std::string authorization_header(const Endpoint& endpoint) {
  if (!endpoint.username || !endpoint.password) {
    return {};
  }
  return cat({"Authorization: ", wire::basic_authorization(*endpoint.username, *endpoint.password),
              "\r\n"});
}

std::string host_header(std::string_view server_url) {
  const auto url = wire::parse_server_url(server_url);
  const auto* inet = url ? std::get_if<wire::InetEndpoint>(&*url) : nullptr;
  if (inet == nullptr) {
    return "localhost";
  }
  const bool ipv6 = inet->host.find(':') != std::string::npos;
  return cat({ipv6 ? "[" : "", inet->host, ipv6 ? "]:" : ":", std::to_string(inet->port)});
}

Outcome<RpcClient::Reply> RpcClient::receive_reply(bool& nothing_received,
                                                   const Patience& patience) {
  HttpResponseParser parser;
  std::string bytes;
  for (;;) {
    bytes.clear();
    auto received = connection_->receive(bytes, patience);
    if (!received) {
      return failed(std::move(received.error()));
    }
    using Status = HttpResponseParser::Status;
    Status status = Status::need_more;
    if (*received == Connection::Received::end) {
      if (nothing_received) {
        return failed(OtherFailure{"http.client.RemoteDisconnected",
                                   "Remote end closed connection without response"});
      }
      status = parser.finish();
    }
    nothing_received = false;
    std::string_view rest = bytes;
    while (!rest.empty() && status != Status::complete && status != Status::failed) {
      std::size_t used = 0;
      status = parser.feed(rest, used);
      rest.remove_prefix(used);
    }
    if (status == Status::failed) {
      return failed(OtherFailure{"http.client.HTTPException", parser.problem()});
    }
    if (status == Status::complete) {
      Reply reply{parser.code(), parser.reason(), parser.take_body()};
      // Bytes behind the response belong to nothing we asked for.
      if (!parser.keeps_connection() || !rest.empty() || reply.status != 200) {
        connection_.reset();
      }
      return reply;
    }
  }
}

Outcome<RpcClient::Reply> RpcClient::exchange(const Endpoint& endpoint, const std::string& request,
                                              const Patience& patience) {
  for (;;) {
    const bool kept = connection_.has_value();
    if (!kept) {
      auto connection = Connection::open(endpoint.server_url, patience);
      if (!connection) {
        return failed(std::move(connection.error()));
      }
      connection_.emplace(std::move(*connection));
    }
    bool nothing_received = true;
    auto sent = connection_->send(request, patience);
    auto reply = sent ? receive_reply(nothing_received, patience)
                      : Outcome<Reply>(failed(std::move(sent.error())));
    if (reply) {
      return reply;
    }
    connection_.reset();
    const bool disconnected = std::holds_alternative<OtherFailure>(reply.error());
    if (!kept || !nothing_received || !(disconnected || is_stale(reply.error()))) {
      return reply;
    }
  }
}

Outcome<RpcClient::Page> RpcClient::get(const Endpoint& endpoint, std::string_view target,
                                        const Patience& patience) {
  return exchange(endpoint, get_request(endpoint, target), patience);
}

Outcome<wire::XmlRpcValue> RpcClient::call(const Endpoint& endpoint, std::string_view method,
                                           wire::XmlRpcArray params, const Patience& patience,
                                           std::span<const std::string_view> members) {
  auto reply = exchange(endpoint, make_request(endpoint, {std::string(method), std::move(params)}),
                        patience);
  if (!reply) {
    return failed(std::move(reply.error()));
  }
  if (reply->status != 200) {
    return failed(HttpFailure{reply->status, std::move(reply->reason)});
  }
  if (auto scanned = scan_reply(reply->body, members)) {
    return *std::move(scanned);
  }
  auto value = wire::read_reply(reply->body);
  if (!value) {
    return failed(OtherFailure{"xml.parsers.expat.ExpatError", value.error().message});
  }
  if (!*value) {
    return failed(std::move(value->error()));
  }
  return std::move(**value);
}

}  // namespace sv::ctl
