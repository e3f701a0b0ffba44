#include "navi/notice_text.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>

#include "base/duration_text.h"
#include "base/text.h"

namespace sv::navi {
namespace {

/// One digit behind the point.
std::string decimal(std::uint64_t tenths) {
  return cat({std::to_string(tenths / 10), ".", std::to_string(tenths % 10)});
}

std::string bytes_text(std::uint64_t bytes) {
  constexpr std::array<std::string_view, 5> kUnits{"bytes", "KiB", "MiB", "GiB", "TiB"};
  std::size_t unit = 0;
  std::uint64_t whole = bytes;
  std::uint64_t rest = 0;
  while (whole >= 1024 && unit + 1 < kUnits.size()) {
    rest = whole % 1024;
    whole /= 1024;
    ++unit;
  }
  return unit == 0 ? cat({std::to_string(whole), " bytes"})
                   : cat({decimal(whole * 10 + rest * 10 / 1024), " ", kUnits.at(unit)});
}

std::string memory_text(const MemoryFacts& memory) {
  std::string text = cat({" (", verdict_name(memory.verdict)});
  if (!memory.runtime.empty()) {
    text += cat({": ", memory.runtime, " says \"", memory.pattern, "\""});
  }
  if (memory.limit_bytes) {
    text +=
        cat({memory.runtime.empty() ? ": limit " : ", limit ", bytes_text(*memory.limit_bytes)});
  }
  if (memory.peak_bytes) {
    text += cat({", peak ", bytes_text(*memory.peak_bytes)});
  }
  return text + ")";
}

std::string what_happened(const Notice& notice) {
  const bool has_status = notice.process && notice.process->status;
  const std::string status = has_status ? notice.process->status->describe() : std::string();
  switch (notice.kind.value_or(Kind::exit)) {
    case Kind::oom:
      if (notice.memory && notice.memory->source == MemoryFacts::Source::runtime) {
        return cat({"ran out of memory", memory_text(*notice.memory), ", ", status});
      }
      if (notice.memory && !notice.memory->attributed) {
        return cat({"a descendant was killed for memory", memory_text(*notice.memory)});
      }
      return cat({"was killed for memory", notice.memory ? memory_text(*notice.memory) : ""});
    case Kind::fatal:
      return "is not started any more";
    case Kind::crash:
      return cat({notice.phase == Phase::starting ? "did not come up" : "crashed",
                  has_status ? ": " : "", status});
    case Kind::exit:
      return cat({"ended", has_status ? ": " : "", status});
    case Kind::lost:
      return cat({std::to_string(notice.suppressed), " notices were lost"});
    case Kind::pressure:
      return "memory is getting short";
    case Kind::container:
      return "the container's previous run ended without a clean stop";
  }
  return {};
}

std::string name_of(const ProcessFacts& process) {
  return process.group.empty() || process.group == process.name
             ? process.name
             : cat({process.group, ":", process.name});
}

/// The end of a text, without the line that is cut.
std::string_view end_of(std::string_view text, std::size_t limit) {
  if (text.size() <= limit) {
    return text;
  }
  text.remove_prefix(text.size() - limit);
  const std::size_t line = text.find('\n');
  return line == std::string_view::npos ? text : text.substr(line + 1);
}

/// At most so many bytes, and no half character.
std::string cut(std::string text, std::size_t limit) {
  if (text.size() > limit) {
    while (limit > 0 && (static_cast<unsigned char>(text[limit]) & 0xC0U) == 0x80U) {
      --limit;
    }
    text.resize(limit);
  }
  return text;
}

}  // namespace

std::string headline(const Notice& notice) {
  std::string line = notice.process ? cat({name_of(*notice.process), " "}) : std::string();
  line += what_happened(notice);
  if (notice.process) {
    if (notice.process->uptime) {
      line += cat({" after ", decimal_seconds(*notice.process->uptime), " s"});
    }
    if (notice.process->will_restart) {
      line += *notice.process->will_restart ? "; it is started again" : "; it is not started again";
    }
  }
  line = to_valid_utf8(line);
  std::ranges::replace_if(
      line, [](char c) { return static_cast<unsigned char>(c) < ' '; }, ' ');
  return line;
}

std::string last_message(const Notice& notice, std::size_t limit) {
  std::string text = headline(notice) + "\n";
  if (notice.output) {
    const auto& err = notice.output->err;
    const auto& words = err && !err->tail.empty() ? err : notice.output->out;
    if (words && text.size() < limit) {
      // Bytes that are replaced grow to three.
      std::string tail = to_valid_utf8(end_of(words->tail, limit - text.size()));
      text += end_of(tail, limit - text.size());
    }
  }
  return cut(std::move(text), limit);
}

}  // namespace sv::navi
