#include "patronictl/pretty_table.hpp"

#include "base/text.hpp"
#include "patronictl/cell_width.hpp"

#include <algorithm>
#include <cstddef>

namespace patronictl {
namespace {

std::vector<std::string_view> lines_of(std::string_view text) {
    std::vector<std::string_view> lines;
    while (true) {
        const std::size_t end = std::min(text.find('\n'), text.size());
        lines.push_back(text.substr(0, end));
        if (end == text.size()) {
            return lines;
        }
        text.remove_prefix(end + 1);
    }
}

int widest_line(std::string_view text) {
    int width = -1;
    for (const auto line : lines_of(text)) {
        width = std::max(width, cell_width(line));
    }
    return width;
}

std::string padded(std::string_view text, int width, bool right) {
    const std::string blanks(static_cast<std::size_t>(std::max(0, width - cell_width(text))), ' ');
    return " " + (right ? blanks + std::string(text) : std::string(text) + blanks) + " ";
}

/// Replaces the characters of an ASCII rule from its second one on, never its last.
std::string with_title(const std::string& rule, std::string_view title) {
    std::size_t end = 0;  // In bytes, of as many code points as fit.
    std::size_t count = 0;
    while (end < title.size() && count + 2 < rule.size()) {
        end += std::max<std::size_t>(patroni::utf8_length(title, end), 1);
        ++count;
    }
    return rule.substr(0, 1) + std::string(title.substr(0, end)) + rule.substr(1 + count);
}

std::string row_text(const std::vector<PrettyTable::Column>& columns,
                     const std::vector<int>& widths, const std::vector<std::string>& cells) {
    std::vector<std::vector<std::string_view>> lines;
    std::size_t height = 1;
    for (const auto& cell : cells) {
        lines.push_back(lines_of(cell));
        height = std::max(height, lines.back().size());
    }
    std::string text;
    for (std::size_t y = 0; y < height; ++y) {
        text += "|";
        for (std::size_t i = 0; i < columns.size(); ++i) {
            const auto line = y < lines[i].size() ? lines[i][y] : std::string_view();
            text += padded(line, widths[i], columns[i].right) + "|";
        }
        text += "\n";
    }
    return text;
}

}  // namespace

std::string PrettyTable::text() const {
    std::vector<int> widths;
    std::vector<std::string> headings;
    for (const auto& column : columns) {
        widths.push_back(widest_line(column.name));
        headings.push_back(column.name);
    }
    for (const auto& row : rows) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            widths[i] = std::max(widths[i], widest_line(row[i]));
        }
    }
    std::string rule = "+";
    for (const int width : widths) {
        rule += std::string(static_cast<std::size_t>(std::max(0, width + 2)), '-') + "+";
    }
    if (columns.empty()) {
        rule += "+";
        return with_title(rule, title) + "\n||\n" + rule + "\n" + std::string(rows.size(), '\n') +
               rule + "\n";
    }
    std::string out = with_title(rule, title) + "\n" + row_text(columns, widths, headings);
    out += rule + "\n";
    for (const auto& row : rows) {
        out += row_text(columns, widths, row);
        out += rule_between_rows ? rule + "\n" : "";
    }
    return rule_between_rows && !rows.empty() ? out : out + rule + "\n";
}

}  // namespace patronictl
