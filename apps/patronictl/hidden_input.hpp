#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// One line that is typed at the terminal `tty` and not shown; nullopt at the end of input. The
/// terminal shows again what is typed when this returns, and before Ctrl-C has its usual effect.
std::optional<std::string> read_hidden(int tty, std::string_view prompt);

}  // namespace patronictl
