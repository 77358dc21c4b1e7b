#include "base/text.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/output.hpp"
#include "patronictl/session.hpp"

#include <algorithm>
#include <array>

namespace patronictl {
namespace {

/// Python makes a list of whatever the line is: of the characters of a text, of the keys of a map.
std::vector<Cell> cells_of(const patroni::Value& line) {
    std::vector<Cell> cells;
    if (const auto* list = line.if_array()) {
        cells = std::vector<Cell>(list->begin(), list->end());
    } else if (const auto* text = line.if_string()) {
        for (std::size_t i = 0; i < text->size();) {
            const std::size_t length = std::max<std::size_t>(patroni::utf8_length(*text, i), 1);
            cells.emplace_back(text->substr(i, length));
            i += length;
        }
    } else if (const auto* map = line.if_object()) {
        for (const auto& [key, value] : *map) {
            cells.emplace_back(key);
        }
    } else {
        throw Fail("The history key holds a line that is no list");
    }
    return cells;
}

std::vector<Cell> row_of(const patroni::Value& line, std::size_t width, bool is_drawn) {
    std::vector<Cell> row = cells_of(line);
    if (is_drawn && row.size() > width) {
        throw Fail("The history key holds a line of " + std::to_string(row.size()) +
                   " values, for which the table has no columns");
    }
    if (row.size() < width) {
        row.resize(width, Cell(""));
    }
    return row;
}

int run_history(Session& session, const Parsed& parsed) {
    const auto cluster =
        session.read_cluster(session.scope(parsed), session.group_or_configured(parsed));
    Output output;
    const std::string format = parsed.text("format").value_or("pretty");
    output.format = format;
    output.columns = {{"TL", true}, {"LSN", true}, {"Reason"}, {"Timestamp"}, {"New Leader"}};
    for (const auto& line : cluster.history) {
        output.rows.push_back(row_of(line, output.columns.size(), format == "pretty"));
    }
    print_output(session, output);
    return 0;
}

constexpr std::array k_options{shared::group, shared::format};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_history{"history", "Show how the timelines of a cluster ended", k_arguments,
                            k_options, &run_history};

}  // namespace patronictl
