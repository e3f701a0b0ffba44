#pragma once

#include <sys/types.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "base/unique_fd.h"

/// The directory notices live in: names, and the few system calls on them. Several readers delete
/// files at any time, and so may the directory itself come and go.
namespace sv::navi {

/// Larger numbers are not ours (they are some other program's nanoseconds).
inline constexpr std::int64_t kLargestNumber = 999'999'999'999;

/// "1795400754.json" -> 1795400754; nullopt for every other form.
[[nodiscard]] std::optional<std::int64_t> notice_number(std::string_view file_name);

/// The reverse.
[[nodiscard]] std::string notice_name(std::int64_t number);

/// ".navi-<pid>-<n>.tmp", hidden from readers that look for *.json.
[[nodiscard]] std::string temporary_name(pid_t pid, std::uint64_t n);

/// The pid in such a name; nullopt for every other form.
[[nodiscard]] std::optional<pid_t> temporary_owner(std::string_view file_name);

/// Opens the directory; if it is missing tries once to create it (its parent must exist). A
/// symbolic link in its last component is refused: the writer may have more rights than who placed
/// it.
[[nodiscard]] Result<UniqueFd> open_directory(const std::string& path);

/// What is in it.
struct DirectoryListing {
  std::vector<std::int64_t> notices;     ///< ascending
  std::vector<std::string> temporaries;  ///< of any writer
};

[[nodiscard]] Result<DirectoryListing> list_directory(int directory);

/// How a finished temporary file gets its final name without ever replacing another.
enum class PublishMethod {
  link,               ///< linkat, then unlink
  rename_no_replace,  ///< renameat2(RENAME_NOREPLACE)
  rename,             ///< look, then rename: the only race left, on file systems without the others
};

/// Returns 0, or an errno value; EEXIST if the name is taken. On success the temporary is gone.
[[nodiscard]] int publish(int directory, const std::string& temporary, const std::string& name,
                          PublishMethod method);

/// What to try when `method` failed with `error`; nullopt if the error is not about the method.
[[nodiscard]] std::optional<PublishMethod> next_method(PublishMethod method, int error);

}  // namespace sv::navi
