#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patctl::render {

/// A table of text: two blanks between columns, no lines. Cells are never cut.
class Table {
public:
    enum class Align { left, right };

    void add_column(std::string heading, Align align = Align::left);
    /// One cell for each column.
    void add_row(std::vector<std::string> cells);
    /// The whole text, with a heading; each line starts with `indent`, no blanks at its end.
    std::string text(std::string_view indent = "") const;

private:
    std::vector<std::string> headings_;
    std::vector<Align> alignment_;
    std::vector<std::vector<std::string>> rows_;
};

}  // namespace patctl::render
