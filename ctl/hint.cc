#include "ctl/hint.h"

#include <sys/stat.h>

#include <cerrno>

#include "base/text.h"
#include "wire/server_url.h"

namespace sv::ctl {
namespace {

AddressFacts::Kind kind_of_path(const std::string& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) == 0) {
    return S_ISSOCK(status.st_mode) ? AddressFacts::Kind::socket : AddressFacts::Kind::not_a_socket;
  }
  if (errno == EACCES) {
    return AddressFacts::Kind::hidden;
  }
  const std::size_t slash = path.rfind('/');
  const std::string directory = slash == std::string::npos ? "." : path.substr(0, slash + 1);
  return ::stat(directory.c_str(), &status) == 0 ? AddressFacts::Kind::missing
                                                 : AddressFacts::Kind::no_directory;
}

std::string address_source(const std::optional<std::string>& config_file) {
  return config_file ? cat({"serverurl in ", *config_file}) : std::string("the address (-s URL)");
}

}  // namespace

AddressFacts inspect_address(const std::string& server_url, int connect_error) {
  AddressFacts facts;
  facts.server_url = server_url;
  facts.connect_error = connect_error;
  if (const auto url = wire::parse_server_url(server_url)) {
    if (const auto* local = std::get_if<wire::UnixEndpoint>(&*url)) {
      facts.path = local->path;
      facts.kind = kind_of_path(local->path);
    } else {
      facts.kind = AddressFacts::Kind::inet;
    }
  }
  return facts;
}

std::string unreachable_hint(const AddressFacts& facts,
                             const std::optional<std::string>& config_file) {
  const std::string source = address_source(config_file);
  if (facts.connect_error == EACCES || facts.connect_error == EPERM) {
    return cat({"hint: no permission to use ", facts.path,
                ". Run modctl as the socket's owner or root, "
                "or let others in with chmod= or chown= in [unix_http_server]."});
  }
  switch (facts.kind) {
    case AddressFacts::Kind::socket:
      return cat({"hint: ", facts.path,
                  " was left behind by a daemon that is gone. Start the "
                  "daemon again; it replaces the file."});
    case AddressFacts::Kind::not_a_socket:
      return cat({"hint: ", facts.path, " is not a socket, so the path is wrong. Compare ", source,
                  " with file= in [unix_http_server]."});
    case AddressFacts::Kind::missing:
      return cat({"hint: there is no ", facts.path,
                  ": the daemon is not running, or it listens "
                  "elsewhere. Start it, or compare ",
                  source, " with file= in [unix_http_server]."});
    case AddressFacts::Kind::no_directory:
      return cat({"hint: the directory of ", facts.path,
                  " does not exist, so the path is probably "
                  "wrong. Compare ",
                  source, " with file= in [unix_http_server]."});
    case AddressFacts::Kind::hidden:
      return cat({"hint: no permission to look at ", facts.path,
                  ". Run modctl as the daemon's user "
                  "or root."});
    case AddressFacts::Kind::inet:
      return cat({"hint: nothing listens at ", facts.server_url,
                  ": the daemon is not running, or "
                  "it listens elsewhere. Start it, or compare ",
                  source,
                  " with port= in "
                  "[inet_http_server]; for a Unix socket the address is unix:///path."});
    case AddressFacts::Kind::unusable:
      return {};
  }
  return {};
}

std::string hint_for(const Failure& failure, const std::string& server_url,
                     const std::optional<std::string>& config_file) {
  const auto* http = std::get_if<HttpFailure>(&failure);
  if (http != nullptr && http->status == 401) {
    return "hint: give -u NAME and -p PASSWORD, or username= and password= in [supervisorctl].";
  }
  const int err = system_error(failure);
  if (err == ENOENT || err == ECONNREFUSED || err == EACCES || err == EPERM) {
    return unreachable_hint(inspect_address(server_url, err), config_file);
  }
  return {};
}

}  // namespace sv::ctl
