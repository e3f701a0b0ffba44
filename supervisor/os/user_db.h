#pragma once

#include <sys/types.h>

#include <optional>
#include <string>
#include <vector>

/// Users and groups from /etc/passwd and /etc/group alone: NSS in a static binary loads a second
/// libc and may crash (docs/design/architecture.md). Directory users need numeric ids.
namespace sv::os {

struct User {
  std::string name;
  uid_t uid = 0;
  gid_t gid = 0;
  std::string home;
  std::string shell;
};

struct UserDbPaths {
  std::string passwd = "/etc/passwd";
  std::string group = "/etc/group";
};

/// By name, or by decimal id.
[[nodiscard]] std::optional<User> find_user(const std::string& name_or_id,
                                            const UserDbPaths& paths = {});
[[nodiscard]] std::optional<User> find_user(uid_t uid, const UserDbPaths& paths = {});
[[nodiscard]] std::optional<gid_t> find_group(const std::string& name_or_id,
                                              const UserDbPaths& paths = {});

/// The primary group followed by every group that lists the user as a member.
[[nodiscard]] std::vector<gid_t> group_list(const User& user, const UserDbPaths& paths = {});

}  // namespace sv::os
