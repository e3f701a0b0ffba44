#include "ctl/follow_many.h"

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <memory>
#include <utility>

#include "base/text.h"
#include "ctl/follow.h"
#include "ctl/log_stream.h"
#include "ctl/render.h"

namespace sv::ctl {
namespace {

/// What is held back for a joint is given out after this: the log was cut meanwhile.
constexpr int kJointMilliseconds = 1000;

class Followers {
 public:
  Followers(Session& session, std::vector<FollowedLog> logs) : session_(session) {
    for (FollowedLog& log : logs) {
      open(std::move(log));
    }
  }

  void run() {
    while (!followers_.empty()) {
      session_.console().out.flush();
      if (!wait()) {
        session_.say("");
        return;
      }
      std::erase_if(followers_,
                    [this](Follower& follower) { return follower.readable && !advance(follower); });
    }
  }

 private:
  struct Follower {
    LogStream stream;
    std::string target;
    LogJoint joint;
    LineLabels labels;
    bool readable = false;
  };

  void open(FollowedLog log) {
    auto stream =
        LogStream::open_target(session_.endpoint(), log.target, StreamText::raw, &interrupts_);
    if (!stream) {
      say_stream_problem(session_, log.target, stream.error());
      return;
    }
    followers_.push_back({std::move(*stream), std::move(log.target), std::move(log.joint),
                          LineLabels(std::move(log.label))});
  }

  // False: Ctrl-C.
  bool wait() {
    std::vector<pollfd> fds{{interrupts_.fd(), POLLIN, 0}};
    bool holds_back = false;
    for (const Follower& follower : followers_) {
      fds.push_back({follower.stream.fd(), POLLIN, 0});
      holds_back = holds_back || follower.joint.holds_back();
    }
    const int count = ::poll(fds.data(), fds.size(), holds_back ? kJointMilliseconds : -1);
    if (count == 0) {
      for (Follower& follower : followers_) {
        print(follower, follower.joint.end());
      }
    }
    for (std::size_t i = 0; i < followers_.size(); ++i) {
      followers_[i].readable = count > 0 && fds[i + 1].revents != 0;
    }
    return count <= 0 || fds[0].revents == 0 || !interrupts_.take();
  }

  bool advance(Follower& follower) {
    std::string text;
    const bool open = follower.stream.pump(text);
    print(follower, follower.joint.add(text));
    if (!open) {
      print(follower, follower.joint.end());
      session_.console().out.write(follower.labels.end());
      if (!follower.stream.problem().empty()) {
        say_stream_problem(session_, follower.target, follower.stream.problem());
      }
    }
    return open;
  }

  void print(Follower& follower, std::string_view text) {
    session_.console().out.write(follower.labels.add(text));
  }

  Session& session_;
  Interrupts interrupts_;
  std::vector<Follower> followers_;
};

}  // namespace

void follow_logs(Session& session, std::vector<FollowedLog> logs) {
  session.say(kFollowBanner);
  session.console().out.flush();
  session.disconnect();
  Followers(session, std::move(logs)).run();
}

std::vector<std::string> labels_for(const std::vector<std::string>& names, const Palette& palette) {
  std::size_t width = 0;
  for (const std::string& name : names) {
    width = std::max(width, display_width(name));
  }
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < names.size(); ++i) {
    labels.push_back(
        cat({palette.begin_source(i), names[i], std::string(width - display_width(names[i]), ' '),
             " |", palette.end(), " "}));
  }
  return labels;
}

}  // namespace sv::ctl
