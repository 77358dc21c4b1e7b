#pragma once

#include <optional>
#include <string>
#include <vector>

namespace patronictl {

/// A line before and after a change; one of them alone where the other has none.
struct LinePair {
    /// A part of a line; `mark` is '-', '+' or '^' for what was removed, added or replaced.
    struct Part {
        std::u32string text;
        char mark = ' ';
    };
    using Line = std::vector<Part>;

    std::optional<Line> before;
    std::optional<Line> after;
    bool is_changed = false;
};

/// Python's difflib._mdiff without context: which lines belong to each other, and what is changed
/// in them. Lines have their ends.
std::vector<LinePair> line_pairs(const std::vector<std::u32string>& before,
                                 const std::vector<std::u32string>& after);

}  // namespace patronictl
