// An event listener that writes one line for each event to a FIFO: "EVENTNAME payload", line feeds
// in the payload as spaces. tap FIFO

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <string>

#include "wire/event_frame.h"

namespace {

bool write_all(int fd, const std::string& text) {
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t n = ::write(fd, text.data() + done, text.size() - done);
    if (n <= 0) {
      return false;
    }
    done += static_cast<std::size_t>(n);
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 2) {
    return 2;
  }
  const int out = ::open(argv[1], O_WRONLY | O_CLOEXEC);
  if (out < 0 || !write_all(STDOUT_FILENO, "READY\n")) {
    return 1;
  }
  sv::wire::EventFrameReader reader;
  char buffer[4096];
  for (;;) {
    const ssize_t n = ::read(STDIN_FILENO, buffer, sizeof buffer);
    if (n <= 0) {
      return 0;
    }
    reader.feed({buffer, static_cast<std::size_t>(n)});
    for (;;) {
      auto frame = reader.next();
      if (!frame) {
        return 1;
      }
      if (!frame->has_value()) {
        break;
      }
      std::string payload = (*frame)->payload;
      std::ranges::replace(payload, '\n', ' ');
      const auto name = sv::wire::find_token((*frame)->header, "eventname");
      if (!write_all(out, std::string(name.value_or("?")) + " " + payload + "\n") ||
          !write_all(STDOUT_FILENO, "RESULT 2\nOKREADY\n")) {
        return 0;
      }
    }
  }
}
