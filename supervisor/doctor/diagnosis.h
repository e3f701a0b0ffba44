#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "config/model.h"
#include "os/container_facts.h"

/// `modinit doctor`: what this container permits, and which configured settings cannot work in it.
/// Pure judgements of facts; shell/doctor.cc gathers them and prints.
namespace sv::doctor {

enum class Grade : std::uint8_t {
  good,
  note,     ///< works, but somebody may want to know
  problem,  ///< something asked for cannot work
};

struct Finding {
  Grade grade = Grade::good;
  std::string subject;  ///< a few words, or "[section] key=value"
  std::string text;     ///< one line
  std::string remedy;   ///< the option of docker or Kubernetes that changes it; may be empty

  friend bool operator==(const Finding&, const Finding&) = default;
};

/// The container by itself, in the order in which it is read.
[[nodiscard]] std::vector<Finding> examine(const os::ContainerFacts& facts);

/// A time-out that my_init's environment sets (docs/process-one.md).
struct KillTimeout {
  std::string variable;
  std::chrono::seconds time{};  ///< zero: for ever
};

/// Whether there is as much time; `shutdown_deadline` is the configuration's, if it has one.
[[nodiscard]] std::vector<Finding> examine(
    std::span<const KillTimeout> timeouts,
    const std::optional<std::chrono::seconds>& shutdown_deadline);

/// Questions about the file system, asked as the user that will write there.
struct Probes {
  /// Why a file cannot be written: an errno value; 0: it can.
  std::function<int(const std::string& path)> why_not_writable;
};

/// The settings that depend on what the container permits; a good finding for each that works.
[[nodiscard]] std::vector<Finding> examine(const os::ContainerFacts& facts,
                                           const config::Config& config, const Probes& probes);

}  // namespace sv::doctor
