#pragma once

#include <map>
#include <stdexcept>
#include <string>
#include <utility>

#include "config/loader.h"
#include "support/temp_dir.h"

namespace sv::test {

/// A directory with a configuration file in it and a world for the loader to read from: user root,
/// two users, an environment of two variables, and a fixed host name.
class ConfigWorld {
 public:
  ConfigWorld() {
    context.environment = {{"HOME", "/home/someone"}, {"X", "from-os"}};
    context.current_directory = dir.path().string();
    context.host_node_name = "node";
    context.temp_directory = "/tmp";
    context.find_user = [](const std::string& name) -> std::optional<config::UserIds> {
      static const std::map<std::string, config::UserIds> kUsers{
          {"root", {0, 0}}, {"0", {0, 0}}, {"app", {1000, 1001}}, {"1000", {1000, 1001}}};
      const auto found = kUsers.find(name);
      return found == kUsers.end() ? std::nullopt : std::optional(found->second);
    };
    context.find_group = [](const std::string& name) -> std::optional<gid_t> {
      static const std::map<std::string, gid_t> kGroups{
          {"root", 0}, {"0", 0}, {"web", 33}, {"33", 33}};
      const auto found = kGroups.find(name);
      return found == kGroups.end() ? std::nullopt : std::optional(found->second);
    };
    context.find_home = [](const std::string& name) -> std::optional<std::string> {
      return name == "app" ? std::optional<std::string>("/home/app") : std::nullopt;
    };
  }

  /// Loads a file with this text, called s.conf.
  [[nodiscard]] tl::expected<config::Config, config::ConfigErrors> try_load(
      const std::string& text) {
    return config::load(dir.write("s.conf", text), context);
  }

  /// The configuration; a test that expects one fails with the errors.
  [[nodiscard]] config::Config load(const std::string& text) {
    auto loaded = try_load(text);
    if (!loaded) {
      throw std::runtime_error("not loaded: " + messages(loaded.error()));
    }
    return *std::move(loaded);
  }

  /// Messages, one per line, with the directory as <D>; "" when the text is valid.
  [[nodiscard]] std::string errors(const std::string& text) {
    const auto loaded = try_load(text);
    return loaded ? "" : messages(loaded.error());
  }

  /// `text` with the directory as <D>.
  [[nodiscard]] std::string relative(std::string text) const {
    const std::string name = dir.path().string();
    for (std::size_t at = text.find(name); at != std::string::npos; at = text.find(name)) {
      text.replace(at, name.size(), "<D>");
    }
    return text;
  }

  TempDir dir;
  config::LoadContext context;

 private:
  [[nodiscard]] std::string messages(const config::ConfigErrors& errors) const {
    std::string out;
    for (const config::ConfigError& error : errors) {
      out += (out.empty() ? "" : "\n") + relative(error.message);
    }
    return out;
  }
};

}  // namespace sv::test
