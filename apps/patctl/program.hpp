#pragma once

#include "patctl/terminal.hpp"

#include <string>
#include <vector>

namespace patctl {

/// Runs one command line (without the program's name) and returns the exit code. Everything that
/// is printed goes through `terminal`.
int run(const std::vector<std::string>& arguments, Terminal& terminal);

}  // namespace patctl
