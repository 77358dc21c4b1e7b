#pragma once

#include <string>
#include <vector>

namespace patronictl {

/// The lines of a unified diff with colours for a terminal, as the ydiff program marks them: pairs
/// of lines that are much alike have their changed parts underlined. One text, with line ends.
std::string marked_diff(const std::vector<std::string>& diff);

}  // namespace patronictl
