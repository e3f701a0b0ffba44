#include "base/wait_status.h"

#include <cstdio>

#include "base/signals.h"

namespace sv {

std::string WaitStatus::describe() const {
  if (exited()) {
    return "exit status " + std::to_string(exit_code());
  }
  if (signaled()) {
    return "terminated by " + signal_name(signal()) + (core_dumped() ? " (core dumped)" : "");
  }
  char text[48];
  std::snprintf(text, sizeof text, "unknown termination cause 0x%04x",
                static_cast<unsigned>(raw_) & 0xFFFFU);
  return text;
}

}  // namespace sv
