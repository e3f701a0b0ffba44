#pragma once

#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "ctl/arguments.h"
#include "ctl/lifecycle.h"
#include "ctl/session.h"
#include "ctl/state_changes.h"

namespace sv::ctl {

/// modctl's --wait: acts on all names at once, then waits until every process has got where it was
/// sent, and tells of each as it arrives. Retries of a start are waited for, too: only FATAL is a
/// failure. Lives for one command.
///
/// The session's deadline is the time limit; what has not arrived by then is an error. A request
/// made just before it may take StateChanges::kAnswerWithin all the same: the limit is meant for
/// the processes, and 0 means to act and to tell how things are.
class Settling {
 public:
  /// Reads the value of --wait and limits the session. False: it is no number, which has been said.
  [[nodiscard]] static bool limit(Session& session, const Arguments& arguments,
                                  std::string_view verb);

  /// `arguments` are those of the command, for the wording of the limit.
  Settling(Session& session, const Arguments& arguments);

  // All three answer whether nothing was late.

  [[nodiscard]] Outcome<bool> start(const std::vector<std::string>& names);
  [[nodiscard]] Outcome<bool> stop(const std::vector<std::string>& names);
  /// The processes of groups that were just added and start by themselves.
  [[nodiscard]] Outcome<bool> groups(const std::vector<std::string>& names);

 private:
  /// What the daemon says of the processes, by name as it is shown.
  using Infos = std::map<std::string, wire::XmlRpcValue, std::less<>>;

  struct Verdict {
    std::string text;                ///< behind "name: "; empty: nothing to say
    std::optional<int> exit_status;  ///< what it changes the exit status to
  };
  /// nullopt: not there yet.
  using Judge =
      std::function<std::optional<Verdict>(const std::string& name, const wire::XmlRpcValue& info)>;

  void allow_an_answer();
  [[nodiscard]] Outcome<Infos> infos();
  [[nodiscard]] Outcome<Infos> select(const std::vector<std::string>& names);
  [[nodiscard]] Outcome<bool> until(std::set<std::string> names, int status_if_late,
                                    const Judge& judge);
  void give_up(const std::set<std::string>& names, const Infos& infos, int status);
  void tell(const std::string& name, const Verdict& verdict);
  /// Acts at once; fills the answers by name. Other failures than the one expected are told.
  [[nodiscard]] Outcome<void> begin(Action action, const std::vector<std::string>& names,
                                    int expected, std::map<std::string, ProcessResult>& answers);

  Session& session_;
  std::string limit_;  ///< "5": seconds
  std::optional<MonoTime> until_;
  StateChanges changes_;
};

}  // namespace sv::ctl
