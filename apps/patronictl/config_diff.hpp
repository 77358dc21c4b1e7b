#pragma once

#include "patronictl/session.hpp"

#include <string_view>

namespace patronictl {

/// Shows what changes between two texts: plain lines, or on a terminal with colours through a pager
/// (`$PAGER`, `less` or `more`), which ends before this returns. Throws Fail without a pager.
void show_diff(const Session& session, std::string_view before, std::string_view after);

}  // namespace patronictl
