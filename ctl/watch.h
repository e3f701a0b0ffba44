#pragma once

#include <functional>
#include <vector>

#include "ctl/session.h"
#include "ctl/watch_view.h"

namespace sv::ctl {

/// `status --watch`: the states on the whole terminal, kept up to date until q, Ctrl-C or Ctrl-D.
/// Asks the daemon after each of its events, and once a second where it has none. A daemon that
/// goes away is waited for.
///
/// `ask` fetches what is to be shown. The session's interrupts and deadline are used meanwhile.
void watch_status(Session& session,
                  const std::function<Outcome<std::vector<WatchedProgram>>()>& ask);

}  // namespace sv::ctl
