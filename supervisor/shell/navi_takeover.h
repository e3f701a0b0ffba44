#pragma once

#include "config/model.h"

namespace sv::shell {

/// Both notifiers configured: where [navi] is on, event listeners that run navi are taken out of
/// the configuration, and their events and options are the built-in notifier's from now on, so that
/// nothing is written twice. What [navi] says itself counts more, except for the events, which are
/// joined. Each is told among the configuration's infos.
void take_over_navi(config::Config& config);

}  // namespace sv::shell
