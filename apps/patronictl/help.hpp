#pragma once

#include "patronictl/grammar.hpp"

#include <span>
#include <string>
#include <string_view>

namespace patronictl {

/// "Usage: patronictl list [OPTIONS] [CLUSTER_NAMES]..." with its line end, folded to the width.
std::string usage_line(std::string_view program, const CommandSpec* command, std::size_t width);

/// The help of a command, or with none of the program. As wide as the terminal, at most 78.
std::string help_text(std::string_view program, std::span<const OptionSpec> global_options,
                      const CommandSpec* command, std::size_t width);

/// max(min(columns, 80) - 2, 50).
std::size_t help_width(std::size_t terminal_columns);

}  // namespace patronictl
