#include "config/ini_source.h"

#include <fcntl.h>
#include <ini.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cerrno>
#include <cstring>
#include <optional>
#include <utility>

#include "base/text.h"
#include "base/unicode.h"
#include "base/unique_fd.h"
#include "config/ini_builder.h"
#include "config/ini_lines.h"

namespace sv::config {
namespace {

/// inih cuts names at this length without a word.
constexpr std::size_t kLongestName = 49;

/// Stands for a parked section, key or value. Nobody looks for it in what comes back, so a file may
/// contain it: what is parked is known without.
constexpr std::string_view kStandIn = "-";

/// The name in a header, which reaches to the last bracket; nullopt if `text` is no header.
std::optional<std::string_view> header_name(std::string_view text) {
  const std::size_t end = text.rfind(']');
  if (!text.starts_with('[') || end == std::string_view::npos || end < 2) {
    return std::nullopt;
  }
  return text.substr(1, end - 1);
}

/// Sits between a text and inih, as its reader and its handler. Both run in lock-step on one
/// thread: inih asks for a line, offers what it found in it, asks for the next. So the line at
/// hand gives every value its position, one slot per kind is enough to park what inih cannot
/// hold, and a line for which nothing was offered is malformed.
///
/// inih is never asked to be right about what it does not know: comments, blank lines and
/// indentation are dealt with here, by the reference product's rules.
class Feeder {
 public:
  Feeder(std::string_view text, const std::string& file, std::size_t verbatim_bytes,
         std::span<const std::string_view> only)
      : lines_(text), file_(file), verbatim_bytes_(verbatim_bytes), builder_(file, only) {}

  tl::expected<IniDocument, ConfigErrors> run() {
    const int status = ini_parse_stream(&Feeder::read_line, this, &Feeder::handle, this);
    // A positive status names the first malformed line, which is known here already.
    if (status < 0) {
      return tl::unexpected(ConfigErrors{{file_, 0, "", "", "cannot parse: out of memory"}});
    }
    if (missing_header_) {
      return tl::unexpected(ConfigErrors{*std::move(missing_header_)});
    }
    if (bad_lines_) {
      return tl::unexpected(ConfigErrors{*std::move(bad_lines_)});
    }
    return builder_.take();
  }

 private:
  /// What inih was given last.
  enum class Fed {
    nothing,
    header,        ///< inih remembers the name and offers nothing
    probe,         ///< an entry made up to be offered the name of the header before it
    entry,         ///< a key with its value, or a malformed line
    continuation,  ///< a further line of the open option
  };

  // Called through C code, which exceptions cannot cross; the only one there is, no memory, ends
  // the program.
  static char* read_line(char* to, int capacity, void* self) noexcept {
    return static_cast<Feeder*>(self)->feed(to, static_cast<std::size_t>(capacity));
  }
  static int handle(void* self, const char* section, const char* name, const char* value) noexcept {
    static_cast<Feeder*>(self)->take_offer(section, name, value);
    return 1;
  }

  char* feed(char* to, std::size_t capacity) {
    if (fed_ == Fed::entry && !offered_) {
      note_bad_line();
    }
    offered_ = false;
    if (fed_ == Fed::header) {
      return give(Fed::probe, {kStandIn, "="}, to, capacity);
    }
    while (!missing_header_) {
      const std::optional<IniLine> line = lines_.next();
      if (!line) {
        break;
      }
      line_ = *line;
      if (!line_.text.empty()) {
        return feed_line(to, capacity);
      }
      if (builder_.has_open_option() && !line_.has_comment) {
        builder_.append("");
      }
    }
    fed_ = Fed::nothing;
    return nullptr;
  }

  char* feed_line(char* to, std::size_t capacity) {
    const std::string_view text = line_.text;
    // One byte for the blank before a continuation, one for the end of the string.
    const bool fits = text.size() <= std::min(verbatim_bytes_, capacity - 2);
    if (builder_.has_open_option() && line_.indent > level_) {
      parked_value_ = fits ? std::nullopt : std::optional(text);
      return give(Fed::continuation, {" ", fits ? text : kStandIn}, to, capacity);
    }
    level_ = line_.indent;
    if (const std::optional<std::string_view> name = header_name(text)) {
      const bool verbatim =
          fits && name->size() <= kLongestName && name->find(']') == std::string_view::npos;
      parked_name_ = verbatim ? std::nullopt : name;
      return verbatim ? give(Fed::header, {text}, to, capacity)
                      : give(Fed::header, {"[", kStandIn, "]"}, to, capacity);
    }
    return feed_entry(fits, to, capacity);
  }

  char* feed_entry(bool fits, char* to, std::size_t capacity) {
    const std::string_view text = line_.text;
    const std::size_t separator = text.find_first_of("=:");
    const bool has_separator = separator != std::string_view::npos;
    // A bracket that opens no header would open one for inih.
    if (fits && !text.starts_with('[') && (!has_separator || separator <= kLongestName)) {
      parked_name_.reset();
      parked_value_.reset();
      return give(Fed::entry, {text}, to, capacity);
    }
    if (!has_separator) {
      return give(Fed::entry, {kStandIn}, to, capacity);  // as malformed as the line it stands for
    }
    parked_name_ = text.substr(0, separator);
    parked_value_ = text.substr(separator + 1);
    return give(Fed::entry, {kStandIn, "=", kStandIn}, to, capacity);
  }

  char* give(Fed kind, std::initializer_list<std::string_view> pieces, char* to,
             [[maybe_unused]] std::size_t capacity) {
    const std::string line = cat(pieces);
    assert(line.size() < capacity);
    std::memcpy(to, line.c_str(), line.size() + 1);
    fed_ = kind;
    return to;
  }

  void take_offer(std::string_view section, std::string_view name, std::string_view value) {
    offered_ = true;
    switch (fed_) {
      case Fed::probe:
        builder_.open_section(parked_name_.value_or(section), line_.number);
        break;
      case Fed::entry:
        take_entry(parked_name_.value_or(name), parked_value_.value_or(value));
        break;
      case Fed::continuation:
        builder_.append(parked_value_.value_or(value));
        break;
      case Fed::nothing:
      case Fed::header:
        break;
    }
  }

  void take_entry(std::string_view name, std::string_view value) {
    std::string key = unicode_lower(trim_unicode_right(name));
    if (!builder_.has_section() || key.empty()) {
      builder_.close_option();
      note_bad_line();
      return;
    }
    builder_.open_option(std::move(key), trim_unicode(value), line_.number);
  }

  /// A line that is neither header nor option: the end of the parse before the first header,
  /// one of a list of complaints after it.
  void note_bad_line() {
    const std::string number = std::to_string(line_.number);
    if (!builder_.has_section()) {
      missing_header_ =
          ConfigError{file_, line_.number, "", "",
                      cat({"File contains no section headers.\nfile: ", python_repr(file_),
                           ", line: ", number, "\n", line_.quoted()})};
      return;
    }
    if (!bad_lines_) {
      bad_lines_ = ConfigError{file_, line_.number, "", "",
                               "Source contains parsing errors: " + python_repr(file_)};
    }
    bad_lines_->message +=
        cat({"\n\t[line ", number.size() < 2 ? " " : "", number, "]: ", line_.quoted()});
  }

  IniLines lines_;
  const std::string& file_;
  std::size_t verbatim_bytes_;
  IniBuilder builder_;

  IniLine line_;           // the line at hand
  std::size_t level_ = 0;  // indentation of the line that opened the current level
  Fed fed_ = Fed::nothing;
  bool offered_ = false;  // inih found something in what it was given last

  std::optional<std::string_view> parked_name_;   // of a section or a key
  std::optional<std::string_view> parked_value_;  // of an option or a continuation line

  std::optional<ConfigError> missing_header_;
  std::optional<ConfigError> bad_lines_;
};

int line_of(std::string_view text, std::size_t position) {
  IniLines lines(text);
  int number = 1;
  while (const std::optional<IniLine> line = lines.next()) {
    const auto end = static_cast<std::size_t>(line->raw.data() - text.data()) + line->raw.size();
    number = line->number;
    if (position <= end) {
      break;
    }
  }
  return number;
}

std::optional<ConfigError> find_unusable_text(std::string_view text, const std::string& file,
                                              std::size_t limit) {
  if (text.size() > limit) {
    return ConfigError{
        file, 0, "", "",
        cat({"cannot use config file ", file, ": larger than ", std::to_string(limit), " bytes"})};
  }
  if (const std::optional<Utf8Error> bad = find_utf8_error(text)) {
    return ConfigError{file, line_of(text, bad->position), "", "", bad->message};
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string_view::npos) {
    const int line = line_of(text, nul);
    return ConfigError{
        file, line, "", "",
        cat({"cannot use config file ", file, ": NUL byte in line ", std::to_string(line)})};
  }
  return std::nullopt;
}

/// All of a file, or one byte more than the limit, or nullopt when the system refuses.
std::optional<std::string> read_some(int fd, std::size_t limit) {
  std::string content;
  struct stat about {};
  if (::fstat(fd, &about) == 0 && about.st_size > 0) {  // 0 for pipes and the files of /proc
    content.reserve(std::min(limit, static_cast<std::size_t>(about.st_size)) + 1);
  }
  std::array<char, 16384> buffer{};
  while (content.size() <= limit) {
    const std::size_t room = std::min(buffer.size(), limit + 1 - content.size());
    const ssize_t count = ::read(fd, buffer.data(), room);
    if (count < 0 && errno == EINTR) {
      continue;
    }
    if (count < 0) {
      return std::nullopt;
    }
    if (count == 0) {
      break;
    }
    content.append(buffer.data(), static_cast<std::size_t>(count));
  }
  return content;
}

}  // namespace

tl::expected<IniDocument, ConfigErrors> parse_ini(std::string_view text, const std::string& file,
                                                  const IniLimits& limits,
                                                  std::span<const std::string_view> only) {
  if (std::optional<ConfigError> error = find_unusable_text(text, file, limits.file_bytes)) {
    return tl::unexpected(ConfigErrors{*std::move(error)});
  }
  return Feeder(text, file, limits.verbatim_bytes, only).run();
}

tl::expected<IniDocument, ConfigErrors> read_ini_file(const std::string& path,
                                                      const IniLimits& limits,
                                                      std::span<const std::string_view> only) {
  const auto refused = [&path](std::string_view what) {
    return tl::unexpected(ConfigErrors{{path, 0, "", "", cat({what, path})}});
  };
  struct stat ignored {};
  if (::stat(path.c_str(), &ignored) != 0) {  // also for a directory that cannot be searched
    return refused("could not find config file ");
  }
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY));
  if (!fd) {
    return refused("could not read config file ");
  }
  const std::optional<std::string> content = read_some(fd.get(), limits.file_bytes);
  if (!content) {
    return refused("could not read config file ");
  }
  return parse_ini(*content, path, limits, only);
}

}  // namespace sv::config
