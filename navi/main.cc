#include <signal.h>
#include <sys/random.h>
#include <unistd.h>

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>
#include <vector>

#include "base/text.h"
#include "base/time.h"
#include "navi/listener.h"
#include "navi/log.h"
#include "navi/notice_queue.h"
#include "navi/notify.h"
#include "navi/options.h"

namespace {

constexpr int kUsageError = 2;

void print(std::FILE* stream, std::string_view text) {
  std::fwrite(text.data(), 1, text.size(), stream);
}

/// Tells this run apart from others; the time does where there is no randomness.
std::uint32_t random_run(const sv::Clock& clock) {
  std::uint32_t run = 0;
  if (::getrandom(&run, sizeof run, GRND_NONBLOCK) != static_cast<ssize_t>(sizeof run)) {
    run = static_cast<std::uint32_t>(sv::unix_seconds(clock.now().wall));
  }
  return run;
}

int listen(const sv::navi::Options& options) {
  ::signal(SIGPIPE, SIG_IGN);  // a daemon that is gone shows as EPIPE
  const sv::SystemClock clock;
  const sv::navi::Log log(STDERR_FILENO, options.log, clock);
  sv::navi::NoticeWriter writer({.directory = options.output,
                                 .max_files = options.max_files,
                                 .max_bytes = options.max_bytes});
  sv::navi::NoticeQueue queue([&writer](const std::string& content, sv::WallTime now) {
    return writer.write(content, now);
  });
  sv::navi::Listener listener({.in = STDIN_FILENO, .out = STDOUT_FILENO}, queue, log, clock,
                              random_run(clock));
  return listener.run();
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const sv::Result<sv::navi::Options> options = sv::navi::parse_options(arguments);
  if (!options) {
    // Never on standard output: there it would be an answer to the daemon.
    print(stderr, sv::cat({"navi: ", options.error().message, "\nFor help, use navi --help\n"}));
    return kUsageError;
  }
  switch (options->action) {
    case sv::navi::Options::Action::show_help:
      print(stdout, sv::navi::help_text());
      return 0;
    case sv::navi::Options::Action::show_version:
      print(stdout, sv::navi::version_text());
      return 0;
    case sv::navi::Options::Action::listen:
      return listen(*options);
  }
  return kUsageError;
}
