#include "patctl/render/table.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace patctl::render {
namespace {

/// Code points, which is what terminals count for the text of this program.
std::size_t width_of(std::string_view text) {
    std::size_t width = 0;
    for (std::size_t i = 0; i < text.size();) {
        i += std::max<std::size_t>(patroni::utf8_length(text, i), 1);
        ++width;
    }
    return width;
}

}  // namespace

void Table::add_column(std::string heading, Align align) {
    headings_.push_back(std::move(heading));
    alignment_.push_back(align);
}

void Table::add_row(std::vector<std::string> cells) {
    rows_.push_back(std::move(cells));
}

std::string Table::text(std::string_view indent) const {
    std::vector<std::size_t> widths;
    for (const auto& heading : headings_) {
        widths.push_back(width_of(heading));
    }
    for (const auto& row : rows_) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            widths[i] = std::max(widths[i], width_of(row[i]));
        }
    }
    std::string result;
    const auto append = [&](const std::vector<std::string>& cells) {
        std::string line(indent);
        for (std::size_t i = 0; i < cells.size(); ++i) {
            const std::string padding(widths[i] - width_of(cells[i]), ' ');
            line += i == 0 ? "" : "  ";
            line += alignment_[i] == Align::right ? padding + cells[i] : cells[i] + padding;
        }
        line.erase(line.find_last_not_of(' ') + 1);
        result += line + "\n";
    };
    append(headings_);
    for (const auto& row : rows_) {
        append(row);
    }
    return result;
}

}  // namespace patctl::render
