#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "ctl/connection.h"
#include "ctl/failure.h"

/// XML-RPC over one kept-alive connection.
namespace sv::ctl {

/// Where the daemon is and who asks. Credentials are sent when both are set.
struct Endpoint {
  std::string server_url;
  std::optional<std::string> username;
  std::optional<std::string> password;
};

class RpcClient {
 public:
  /// Calls `method` and waits for the answer. A kept connection that turns out to be closed is
  /// replaced once; the server has not seen the request then. `members`, unless empty, names the
  /// members of structs the caller looks at; others may be missing from the value.
  [[nodiscard]] Outcome<wire::XmlRpcValue> call(const Endpoint& endpoint, std::string_view method,
                                                wire::XmlRpcArray params, const Patience& patience,
                                                std::span<const std::string_view> members = {});

  /// What a path of the server answers with. `target` is percent-encoded and may have a query.
  struct Page {
    int status = 0;
    std::string reason;
    std::string body;
  };
  [[nodiscard]] Outcome<Page> get(const Endpoint& endpoint, std::string_view target,
                                  const Patience& patience);

  /// Closes the connection; the next call opens a new one.
  void disconnect() { connection_.reset(); }

 private:
  using Reply = Page;

  [[nodiscard]] Outcome<Reply> exchange(const Endpoint& endpoint, const std::string& request,
                                        const Patience& patience);
  [[nodiscard]] Outcome<Reply> receive_reply(bool& nothing_received, const Patience& patience);

  std::optional<Connection> connection_;
};

/// A whole GET request.
[[nodiscard]] std::string get_request(const Endpoint& endpoint, std::string_view target);

/// "Authorization: Basic ...\r\n", or nothing without credentials.
[[nodiscard]] std::string authorization_header(const Endpoint& endpoint);

/// What stands in the Host header for a server URL.
[[nodiscard]] std::string host_header(std::string_view server_url);

}  // namespace sv::ctl
