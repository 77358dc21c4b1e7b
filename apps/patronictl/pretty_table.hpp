#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patronictl {

/// A table as prettytable 3.6 draws it, with a title over its first rule.
struct PrettyTable {
    struct Column {
        std::string name;
        bool right = false;  ///< Aligned to the right; its heading, too.
    };
    std::string title;  ///< With a blank at both ends; empty: a plain rule.
    std::vector<Column> columns;
    std::vector<std::vector<std::string>> rows;  ///< As many cells as columns.
    bool rule_between_rows = false;

    /// With the end of the last line.
    std::string text() const;
};

}  // namespace patronictl
