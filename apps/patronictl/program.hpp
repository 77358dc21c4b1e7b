#pragma once

#include "patronictl/streams.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace patronictl {

/// Runs one command line and returns the exit code. `name` is what usage lines call the program.
int run(std::string_view name, const std::vector<std::string>& arguments, Streams& streams);

/// The same on the streams of the process; Ctrl-C and a closed pipe end it as patronictl does.
int run_process(std::string_view name, const std::vector<std::string>& arguments);

}  // namespace patronictl
