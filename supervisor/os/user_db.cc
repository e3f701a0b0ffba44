#include "os/user_db.h"

#include <grp.h>
#include <pwd.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <memory>

namespace sv::os {
namespace {

struct CloseFile {
  void operator()(std::FILE* file) const noexcept { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

File open_database(const std::string& path) {
  return File(std::fopen(path.c_str(), "re"));
}

/// A number as a user writes one; -1 as an id means "unchanged" to the kernel and is none.
std::optional<std::uint32_t> parse_id(const std::string& text) {
  std::uint32_t id = 0;
  const char* end = text.data() + text.size();
  const auto [stop, problem] = std::from_chars(text.data(), end, id);
  if (problem != std::errc{} || stop != end || id == static_cast<std::uint32_t>(-1)) {
    return std::nullopt;
  }
  return id;
}

/// The first entry that matches. fgetpwent() and fgetgrent() read the file they are given and know
/// nothing of NSS; what they return lives until their next call.
template <class Matches>
std::optional<User> first_user(const UserDbPaths& paths, Matches matches) {
  const File file = open_database(paths.passwd);
  if (file == nullptr) {
    return std::nullopt;
  }
  while (const passwd* entry = ::fgetpwent(file.get())) {
    if (matches(*entry)) {
      return User{entry->pw_name, entry->pw_uid, entry->pw_gid, entry->pw_dir, entry->pw_shell};
    }
  }
  return std::nullopt;
}

bool has_member(const group& entry, const std::string& name) {
  for (char** member = entry.gr_mem; member != nullptr && *member != nullptr; ++member) {
    if (name == *member) {
      return true;
    }
  }
  return false;
}

}  // namespace

std::optional<User> find_user(const std::string& name_or_id, const UserDbPaths& paths) {
  if (const auto id = parse_id(name_or_id)) {
    return find_user(uid_t{*id}, paths);
  }
  return first_user(paths, [&](const passwd& entry) { return name_or_id == entry.pw_name; });
}

std::optional<User> find_user(uid_t uid, const UserDbPaths& paths) {
  return first_user(paths, [&](const passwd& entry) { return entry.pw_uid == uid; });
}

std::optional<gid_t> find_group(const std::string& name_or_id, const UserDbPaths& paths) {
  const auto id = parse_id(name_or_id);
  const File file = open_database(paths.group);
  if (file == nullptr) {
    return std::nullopt;
  }
  while (const group* entry = ::fgetgrent(file.get())) {
    if (id ? entry->gr_gid == *id : name_or_id == entry->gr_name) {
      return entry->gr_gid;
    }
  }
  return std::nullopt;
}

std::vector<gid_t> group_list(const User& user, const UserDbPaths& paths) {
  std::vector<gid_t> groups{user.gid};
  const File file = open_database(paths.group);
  if (file == nullptr) {
    return groups;
  }
  while (const group* entry = ::fgetgrent(file.get())) {
    const bool known = std::find(groups.begin(), groups.end(), entry->gr_gid) != groups.end();
    if (!known && has_member(*entry, user.name)) {
      groups.push_back(entry->gr_gid);
    }
  }
  return groups;
}

}  // namespace sv::os
