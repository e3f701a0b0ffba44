#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "ctl/interrupts.h"

/// Standard input, output and error of the client.
namespace sv::ctl {

/// A buffer in front of a descriptor that it does not own. Whoever is about to wait flushes first,
/// so that lines appear as things happen and a long table still costs few writes.
class Output {
 public:
  /// With fd -1 nothing is written and the text stays in buffered(): for tests.
  explicit Output(int fd) : fd_(fd) {}
  ~Output() { flush(); }
  Output(const Output&) = delete;
  Output& operator=(const Output&) = delete;

  [[nodiscard]] int fd() const { return fd_; }

  void write(std::string_view text);
  void line(std::string_view text);
  void flush() noexcept;

  [[nodiscard]] const std::string& buffered() const { return buffer_; }

  /// errno of the first failed write, 0 if none. Text after a failure is dropped.
  [[nodiscard]] int error() const { return error_; }

 private:
  int fd_;
  int error_ = 0;
  std::string buffer_;
};

/// Lines from a descriptor that it does not own.
class LineInput {
 public:
  /// A longer line is handed out in pieces of this size.
  static constexpr std::size_t kMaxLineBytes = 1024UL * 1024;

  enum class Status {
    line,         ///< a line without its line feed (the last one may have had none)
    end,          ///< end of input, or it cannot be read
    interrupted,  ///< Ctrl-C
  };

  explicit LineInput(int fd) : fd_(fd) {}

  [[nodiscard]] int fd() const { return fd_; }

  /// Waits for a line.
  [[nodiscard]] Status read_line(std::string& line, Interrupts* interrupts);

  /// For callers that wait themselves: takes in what fd() has (one read), then take_line() until
  /// it returns false. fill() returns false at the end of input.
  bool fill();
  [[nodiscard]] bool take_line(std::string& line);

 private:
  int fd_;
  bool at_end_ = false;
  std::string buffer_;
};

struct Console {
  LineInput in{0};
  Output out{1};
  Output err{2};
};

}  // namespace sv::ctl
