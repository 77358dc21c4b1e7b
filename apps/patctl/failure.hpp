#pragma once

#include "patctl/terminal.hpp"

#include <patroni/error.hpp>

namespace patctl {

/// Prints why a command could not do its work, and returns its exit code: 2 for configuration and
/// what this build cannot do, 5 for what could not be reached or read.
int report_failure(const patroni::Error& error, Terminal& terminal);

}  // namespace patctl
