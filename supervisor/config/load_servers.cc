#include <utility>

#include "base/parse.h"
#include "base/text.h"
#include "config/load_state.h"
#include "config/paths.h"
#include "config/value_types.h"

/// HTTP servers and the URL under which children reach them (supervisor-config, 3.3 and 3.4).
namespace sv::config {
namespace {

/// Credentials of those who may only look. Ours; the reference ignores the keys.
void read_readonly_role(const SectionReader& reader, HttpServerConfig& server) {
  const std::optional<std::string> username = reader.text("readonly_username");
  const std::optional<std::string> password = reader.text("readonly_password");
  if (!username && !password) {
    return;
  }
  const char* key = username ? "readonly_username" : "readonly_password";
  if (!username || !password || username->empty() || password->empty()) {
    reader.fail(key, "readonly_username and readonly_password go together, and neither is empty");
  } else if (server.username.empty()) {
    reader.fail(key, "without username and password everybody may do everything; set those, too");
  } else if (*username == server.username) {
    reader.fail(key, "must be another name than username");
  }
  server.readonly_username = username.value_or("");
  server.readonly_password = password.value_or("");
}

void read_authentication(const SectionReader& reader, HttpServerConfig& server) {
  const std::optional<std::string> username = reader.text("username");
  const std::optional<std::string> password = reader.text("password");
  if (reader.has("username") != reader.has("password")) {
    reader.fail(cat({"Section [", reader.section().name,
                     "] contains incomplete authentication: If a username or a password is "
                     "specified, both the username and password must be specified"}));
  }
  server.username = username.value_or("");
  server.password = password.value_or("");
  read_readonly_role(reader, server);
}

/// Who reaches such a server starts what he likes as the daemon's user, which is mostly root. The
/// place is part of the message, because the reference's form of a single error has none.
void refuse_open_server(const SectionReader& reader, const HttpServerConfig& server) {
  const bool is_half_configured = reader.has("username") != reader.has("password");
  if (!server.username.empty() || is_half_configured || server.allow_unauthenticated ||
      std::get<InetAddress>(server.address).is_loopback()) {
    return;
  }
  const IniSection& section = reader.section();
  const IniOption* port = section.find("port");
  reader.fail("port",
              cat({"everybody who can reach port ", reader.text("port").value_or(""),
                   " could control the programs: set username and password, listen on 127.0.0.1, "
                   "or say allow_unauthenticated=true (",
                   port != nullptr ? port->file : section.file, ":",
                   std::to_string(port != nullptr ? port->line : section.line), ")"}));
}

HttpServerConfig load_inet_server(LoadState& state, const IniSection& section) {
  const SectionReader reader = reader_of(state, section, state.env_names);
  HttpServerConfig server;
  server.section = section.name;
  read_authentication(reader, server);
  if (!reader.has("port")) {
    reader.fail("port", cat({"section [", section.name, "] has no port value"}));
  }
  server.allow_unauthenticated = reader.value("allow_unauthenticated", parse_boolean);
  if (std::optional<InetAddress> address = reader.optional_value("port", parse_inet_address)) {
    server.address = *std::move(address);
    refuse_open_server(reader, server);
  } else {
    server.address = InetAddress{};
  }
  return server;
}

HttpServerConfig load_unix_server(LoadState& state, const IniSection& section) {
  const SectionReader reader = reader_of(state, section, state.env_names);
  HttpServerConfig server;
  server.section = section.name;
  UnixAddress address;
  if (!reader.has("file")) {
    reader.fail("file", cat({"section [", section.name, "] has no file value"}));
  }
  const std::string file = reader.with_names(state.names).text("file").value_or("");
  address.path =
      absolute_path(expand_user(trim(file), state.context), state.context.current_directory);
  read_authentication(reader, server);
  const auto ownership = [&state](std::string_view text) {
    return parse_ownership(text, state.context).map_error([text](Error error) {
      error.message = cat({"Invalid sockchown value ", text});
      return error;
    });
  };
  const auto mode = [](std::string_view text) {
    return parse_octal(text).map_error([text](Error error) {
      error.message = cat({"Invalid chmod value ", text});
      return error;
    });
  };
  address.owner = reader.optional_value("chown", ownership);
  address.mode = reader.value("chmod", mode);
  server.address = std::move(address);
  return server;
}

std::string inet_url(const InetAddress& address) {
  std::string host = address.host.empty() ? "localhost" : address.host;
  if (host.find(':') != std::string::npos) {
    host = cat({"[", host, "]"});
  }
  return cat({"http://", host, ":", std::to_string(address.port)});
}

/// The first unix server, else the last inet server.
std::optional<std::string> default_url(const std::vector<HttpServerConfig>& servers) {
  std::optional<std::string> url;
  for (const HttpServerConfig& server : servers) {
    if (const auto* unix_address = std::get_if<UnixAddress>(&server.address)) {
      return cat({"unix://", unix_address->path});
    }
    url = inet_url(std::get<InetAddress>(server.address));
  }
  return url;
}

}  // namespace

void load_servers(LoadState& state) {
  std::vector<HttpServerConfig>& servers = state.config.servers;
  for (const IniSection* section : sections_of(state.document, "inet_http_server")) {
    servers.push_back(load_inet_server(state, *section));
  }
  for (const IniSection* section : sections_of(state.document, "unix_http_server")) {
    servers.push_back(load_unix_server(state, *section));
  }
  state.config.default_server_url = default_url(servers);
}

}  // namespace sv::config
