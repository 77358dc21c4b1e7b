#pragma once

#include "patronictl/session.hpp"

namespace patronictl {

/// Switches the maintenance mode of `pause` and `resume`. Returns the exit code.
int set_pause(Session& session, const Parsed& parsed, bool on);

}  // namespace patronictl
