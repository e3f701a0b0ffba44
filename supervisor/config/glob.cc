#include "config/glob.h"

#include <dirent.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "base/text.h"
#include "config/paths.h"

namespace sv::config {
namespace {

bool has_wildcards(std::string_view text) {
  return text.find_first_of("*?[") != std::string_view::npos;
}

/// Bytes of the UTF-8 sequence at the front of `text`; a stray byte counts as one.
std::size_t code_point_size(std::string_view text) {
  std::size_t size = 1;
  while (size < text.size() && (static_cast<unsigned char>(text[size]) & 0xC0U) == 0x80U) {
    ++size;
  }
  return size;
}

/// UTF-8 sorts like code points, so ranges can be compared as bytes.
bool in_bracket(std::string_view character, std::string_view set) {
  while (!set.empty()) {
    const std::string_view low = set.substr(0, code_point_size(set));
    set.remove_prefix(low.size());
    std::string_view high = low;
    if (set.size() > 1 && set.front() == '-') {
      set.remove_prefix(1);
      high = set.substr(0, code_point_size(set));
      set.remove_prefix(high.size());
    }
    if (low <= character && character <= high) {
      return true;
    }
  }
  return false;
}

/// One step of a pattern: how much of it is consumed, and whether it takes `character`.
struct Step {
  std::size_t length = 1;
  bool matches = false;
};

Step match_one(std::string_view character, std::string_view pattern) {
  if (pattern.front() == '?') {
    return {1, true};
  }
  if (pattern.front() == '[') {
    const bool negated = pattern.size() > 1 && pattern[1] == '!';
    const std::size_t begin = negated ? 2 : 1;
    // A bracket right at the beginning belongs to the set.
    const std::size_t end = pattern.find(']', begin + 1);
    if (end != std::string_view::npos) {
      const std::string_view set = pattern.substr(begin, end - begin);
      return {end + 1, in_bracket(character, set) != negated};
    }
  }
  const std::size_t size = code_point_size(pattern);
  return {size, pattern.substr(0, size) == character};
}

/// The classic two-cursor match: on a mismatch, only the last star takes one character more.
bool matches_here(std::string_view name, std::string_view pattern) {
  std::string_view star_name;
  std::string_view star_pattern;
  bool star_seen = false;
  while (!name.empty()) {
    if (!pattern.empty() && pattern.front() == '*') {
      pattern.remove_prefix(1);
      star_name = name;
      star_pattern = pattern;
      star_seen = true;
      continue;
    }
    const std::string_view character = name.substr(0, code_point_size(name));
    const Step step = pattern.empty() ? Step{} : match_one(character, pattern);
    if (step.matches) {
      name.remove_prefix(character.size());
      pattern.remove_prefix(step.length);
      continue;
    }
    if (!star_seen) {
      return false;
    }
    star_name.remove_prefix(code_point_size(star_name));
    name = star_name;
    pattern = star_pattern;
  }
  return pattern.find_first_not_of('*') == std::string_view::npos;
}

bool exists(const std::string& path) {
  struct stat info {};
  return ::lstat(path.c_str(), &info) == 0;
}

std::vector<std::string> entries_of(const std::string& directory) {
  std::vector<std::string> names;
  const std::unique_ptr<DIR, int (*)(DIR*)> stream(
      ::opendir(directory.empty() ? "." : directory.c_str()), &::closedir);
  if (stream == nullptr) {
    return names;
  }
  while (const dirent* entry = ::readdir(stream.get())) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") {
      names.emplace_back(name);
    }
  }
  return names;
}

std::vector<std::string> expand_pattern(const std::string& pattern) {
  if (!has_wildcards(pattern)) {
    return exists(pattern) ? std::vector<std::string>{pattern} : std::vector<std::string>{};
  }
  const std::size_t slash = pattern.rfind('/');
  const std::string head = slash == std::string::npos ? "" : pattern.substr(0, slash + 1);
  const std::string last = slash == std::string::npos ? pattern : pattern.substr(slash + 1);

  std::vector<std::string> directories{head};
  if (has_wildcards(head)) {
    directories = expand_pattern(directory_part(pattern));
    std::erase_if(directories, [](const std::string& path) { return !is_directory(path); });
    for (std::string& directory : directories) {
      directory += '/';
    }
  }
  std::vector<std::string> found;
  for (const std::string& directory : directories) {
    if (!has_wildcards(last)) {
      if (exists(directory + last)) {
        found.push_back(directory + last);
      }
      continue;
    }
    for (const std::string& name : entries_of(directory)) {
      if (matches_component(name, last)) {
        found.push_back(directory + name);
      }
    }
  }
  return found;
}

}  // namespace

bool matches_component(std::string_view name, std::string_view pattern) {
  if (name.starts_with('.') && !pattern.starts_with('.')) {
    return false;
  }
  return matches_here(name, pattern);
}

std::vector<std::string> glob(std::string_view pattern) {
  std::vector<std::string> found = expand_pattern(std::string(pattern));
  std::ranges::sort(found);
  return found;
}

}  // namespace sv::config
