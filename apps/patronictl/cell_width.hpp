#pragma once

#include <string_view>

namespace patronictl {

/// How many cells of a terminal one line takes: 2 for wide characters, 0 for those that join the
/// one before; -1 for a line with a control character. As wcwidth 0.2.5 counts (Unicode 13), after
/// removal of colours, because the tables of patronictl are laid out by it.
int cell_width(std::string_view line);

}  // namespace patronictl
