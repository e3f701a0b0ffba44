#pragma once

#include <string>
#include <string_view>

/// Path rules of the reference product, which are textual: nothing here follows links, and only
/// is_directory() looks at the file system.
namespace sv::config {

/// Everything before the last component, without trailing slashes; empty when there is no slash.
[[nodiscard]] std::string directory_part(std::string_view path);

/// `name` below `base`, or `name` itself when it is absolute. Not normalised.
[[nodiscard]] std::string join_path(std::string_view base, std::string_view name);

/// Without ".", "..", and repeated slashes ("" becomes "."; two leading slashes stay, as POSIX
/// reserves them).
[[nodiscard]] std::string normalized_path(std::string_view path);

/// `path` joined to the absolute directory `base` and normalised.
[[nodiscard]] std::string absolute_path(std::string_view path, std::string_view base);

[[nodiscard]] bool is_directory(const std::string& path);

}  // namespace sv::config
