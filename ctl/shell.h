#pragma once

#include "ctl/session.h"

namespace sv::ctl {

/// The interactive shell: shows the status, then runs line after line until quit, Ctrl-D or Ctrl-C
/// (supervisor-protocol, 5.4). The exit code of a shell is always 0.
void run_shell(Session& session);

}  // namespace sv::ctl
