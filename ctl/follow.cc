#include "ctl/follow.h"

#include <poll.h>

#include <array>
#include <cerrno>
#include <memory>
#include <optional>
#include <utility>

#include "base/text.h"
#include "ctl/log_stream.h"
#include "ctl/process_state.h"
#include "ctl/render.h"

namespace sv::ctl {
void say_stream_problem(Session& session, const std::string& path, std::string_view problem) {
  session.console().out.flush();
  session.console().err.line(cat({session.endpoint().server_url, path, " ", problem}));
  session.console().err.flush();
}

void say_stream_problem(Session& session, const std::string& path, const Failure& failure) {
  if (!std::holds_alternative<Interrupted>(failure)) {
    say_stream_problem(session, path, cat({"Cannot connect, error: ", describe(failure)}));
  }
}

namespace {

/// Opens a stream; says so on stderr when that fails.
std::optional<LogStream> open_stream(Session& session, const std::string& path,
                                     Interrupts& interrupts) {
  auto stream = LogStream::open(session.endpoint(), path, &interrupts);
  if (stream) {
    return std::move(*stream);
  }
  say_stream_problem(session, path, stream.error());
  return std::nullopt;
}

}  // namespace

void follow_log(Session& session, const std::string& path) {
  Interrupts interrupts;
  session.say(kFollowBanner);
  session.console().out.flush();
  session.disconnect();
  std::optional<LogStream> stream = open_stream(session, path, interrupts);
  while (stream) {
    if (wait_for(stream->fd(), POLLIN, &interrupts) == Wait::interrupted) {
      session.say("");
      return;
    }
    std::string text;
    const bool open = stream->pump(text);
    session.console().out.write(text);
    session.console().out.flush();
    if (!open) {
      if (!stream->problem().empty()) {
        say_stream_problem(session, path, stream->problem());
      }
      return;
    }
  }
}

namespace {

/// The parts of foreground mode while it runs.
class Foreground {
 public:
  Foreground(Session& session, std::string_view name) : session_(session), name_(name) {
    for (std::size_t i = 0; i < streams_.size(); ++i) {
      streams_[i].path = cat({"/logtail/", name_, i == 0 ? "/stdout" : "/stderr"});
      streams_[i].stream = open_stream(session_, streams_[i].path, interrupts_);
    }
  }

  /// Returns when the mode is over.
  void run() {
    while (wait()) {
      for (Channel& channel : streams_) {
        show(channel);
      }
    }
    session_.say("Exiting foreground");
  }

 private:
  struct Channel {
    std::string path;
    std::optional<LogStream> stream;
    bool readable = false;
  };

  // Waits for anything and handles input; false ends the mode.
  bool wait() {
    session_.console().out.flush();
    std::array<pollfd, 4> fds{{{interrupts_.fd(), POLLIN, 0},
                               {session_.console().in.fd(), POLLIN, 0},
                               {fd_of(streams_[0]), POLLIN, 0},
                               {fd_of(streams_[1]), POLLIN, 0}}};
    // Lines that came together with an earlier one are waiting in the buffer, not in poll().
    std::string line;
    if (session_.console().in.take_line(line)) {
      return send(line);
    }
    if (::poll(fds.data(), fds.size(), -1) < 0) {
      return errno == EINTR;
    }
    if (fds[0].revents != 0 && interrupts_.take()) {
      return false;
    }
    streams_[0].readable = fds[2].revents != 0;
    streams_[1].readable = fds[3].revents != 0;
    if (fds[1].revents == 0) {
      return true;
    }
    const bool more = session_.console().in.fill();
    return session_.console().in.take_line(line) ? send(line) : more;
  }

  // Sends one line; false when the process is gone.
  bool send(std::string& line) {
    line += '\n';
    auto sent = session_.call("supervisor.sendProcessStdin", {name_, line});
    if (!sent) {
      return say_why(sent.error());
    }
    auto info = session_.call("supervisor.getProcessInfo", {name_});
    if (!info) {
      return say_why(info.error());
    }
    if (integer_of(*info, "state") != process_state::kRunning) {
      session_.say("Process got killed");
      return false;
    }
    return true;
  }

  bool say_why(const Failure& failure) {
    session_.say(fault_code(failure) == fault::kNotRunning ? std::string("Process got killed")
                                                           : cat({"ERROR: ", describe(failure)}));
    return false;
  }

  void show(Channel& channel) {
    if (!channel.stream || !std::exchange(channel.readable, false)) {
      return;
    }
    std::string text;
    const bool open = channel.stream->pump(text);
    session_.console().out.write(text);
    if (!open) {
      if (!channel.stream->problem().empty()) {
        say_stream_problem(session_, channel.path, channel.stream->problem());
      }
      channel.stream.reset();
    }
  }

  [[nodiscard]] static int fd_of(const Channel& channel) {
    return channel.stream ? channel.stream->fd() : -1;
  }

  Session& session_;
  std::string name_;
  Interrupts interrupts_;
  std::array<Channel, 2> streams_;
};

}  // namespace

void run_in_foreground(Session& session, std::string_view name) {
  session.say(kFollowBanner);
  session.console().out.flush();
  Foreground(session, name).run();
}

}  // namespace sv::ctl
