#include "patronictl/commands.hpp"
#include "patronictl/output.hpp"
#include "patronictl/session.hpp"

#include <array>

namespace patronictl {
namespace {

std::vector<Cell> row_of(const patroni::Value& line, std::size_t width) {
    const auto* cells = line.if_array();
    if (cells == nullptr) {
        throw Fail("The history key holds a line that is no list");
    }
    std::vector<Cell> row(cells->begin(), cells->end());
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
        output.rows.push_back(row_of(line, output.columns.size()));
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
