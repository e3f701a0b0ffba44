#pragma once

#include <tl/expected.hpp>

#include "config/model.h"
#include "web/answer.h"

namespace sv::web {

/// Who gets into one server, and what he may do there: credentials, the role that only looks, and
/// what browsers say about the page that made them send a request.
///
/// A server on a loopback address without a password trusts whoever runs on this host. A browser on
/// this host would break that trust: a page of evil.example may have evil.example point to
/// 127.0.0.1 and is then no other site. So such a server answers to addresses and names of this
/// host only.
class Gate {
 public:
  explicit Gate(const config::HttpServerConfig& config);

  /// What the sender of the request may do, or the refusal of the whole request.
  [[nodiscard]] tl::expected<Permission, wire::HttpResponse> admit(
      const wire::HttpRequest& request) const;

 private:
  struct Credentials {
    std::string username;
    std::string password;
  };

  Credentials full_;
  Credentials read_only_;
  bool local_names_only_;
};

}  // namespace sv::web
