#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/duration_text.h"
#include "base/overloaded.h"
#include "base/text.h"
#include "init/sequence.h"

/// init::Sequence in sentences.
namespace sv::init {

using Words = std::vector<std::string>;

inline std::string to_text(const Effect& effect) {
  const auto set_name = [](ScriptSet set) {
    return set == ScriptSet::boot           ? "boot"
           : set == ScriptSet::pre_shutdown ? "pre_shutdown"
                                            : "post_shutdown";
  };
  return std::visit(Overloaded{
                        [](const effect::Say& e) {
                          return cat({e.warning ? "! " : "", e.text});
                        },
                        [&](const effect::ListScripts& e) {
                          return cat({"list ", set_name(e.set)});
                        },
                        [](const effect::RunScript& e) {
                          return cat({"run ", e.path});
                        },
                        [](const effect::StartMain&) { return std::string("start main"); },
                        [](const effect::ImportEnvironment&) { return std::string("import"); },
                        [](const effect::StartServices&) { return std::string("start services"); },
                        [](const effect::Survey&) { return std::string("survey"); },
                        [](const effect::StopServices& e) {
                          return e.within
                                     ? cat({"stop services within ", decimal_seconds(*e.within)})
                                     : std::string("stop services");
                        },
                        [](const effect::Kill& e) {
                          return cat({e.to_group ? "kill group " : "kill ", std::to_string(e.pid),
                                      " ", std::to_string(e.signal)});
                        },
                        [](const effect::KillAll& e) {
                          return cat({"kill all ", std::to_string(e.signal)});
                        },
                        [](const effect::End& e) {
                          return cat({"end ", std::to_string(e.status)});
                        },
                    },
                    effect);
}

/// Sentences about one sequence: each step returns what it asked for.
class Story {
 public:
  explicit Story(Options options = {}, Tuning tuning = {},
                 std::optional<std::chrono::seconds> default_deadline = {})
      : sequence({std::move(options), std::move(tuning), true, default_deadline}) {}

  Words feed(const Stimulus& stimulus) {
    Words texts;
    for (const Effect& effect : sequence.feed(stimulus, now)) {
      std::string text = to_text(effect);
      if (text.starts_with("Ended in ")) {
        summary = std::move(text);  // for the tests that are about it
      } else {
        texts.push_back(std::move(text));
      }
    }
    return texts;
  }
  Words scripts(Words paths) { return feed(stimulus::Scripts{std::move(paths)}); }
  Words spawned(pid_t pid) { return feed(stimulus::Spawned{pid}); }
  Words exited(pid_t pid, int code) {
    return feed(stimulus::Exited{pid, WaitStatus::from_exit(code)});
  }
  Words killed(pid_t pid, int signal) {
    return feed(stimulus::Exited{pid, WaitStatus::from_signal(signal)});
  }
  Words wait(Duration duration) {
    now.mono += duration;
    return feed(stimulus::Deadline{});
  }
  /// Boots without scripts until the daemon serves (and the main command runs as 50).
  Words serve() {
    feed(stimulus::Begin{});
    scripts({});
    Words asked = feed(stimulus::ServicesUp{});
    spawned(50);
    return asked;
  }

  Now now{MonoTime{} + std::chrono::hours{100}, WallTime{} + std::chrono::seconds{1795400296}};
  Sequence sequence;
  std::string summary;
};

inline Options with_main() {
  Options options;
  options.main_command = {"app", "-x"};
  return options;
}

}  // namespace sv::init
