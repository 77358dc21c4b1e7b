#include "patronictl/output.hpp"

#include "codec/python_json.hpp"
#include "codec/python_yaml.hpp"

#include <algorithm>

namespace patronictl {
namespace {

using patroni::codec::python_str;
using patroni::codec::PythonValue;

PythonValue elements_of(const Output& output) {
    PythonValue::List elements;
    for (const auto& row : output.rows) {
        PythonValue::Dict element;
        for (std::size_t i = 0; i < output.columns.size() && i < row.size(); ++i) {
            if (output.title.empty() || !python_str(row[i]).empty()) {
                element.set(PythonValue(output.columns[i].name), row[i]);
            }
        }
        elements.emplace_back(std::move(element));
    }
    return PythonValue(std::move(elements));
}

void print_tsv(const Session& session, const Output& output) {
    std::string text;
    for (std::size_t i = 0; i < output.columns.size(); ++i) {
        text += (i == 0 ? std::string() : std::string(output.delimiter)) + output.columns[i].name;
    }
    text += output.columns.empty() ? "" : "\n";
    for (const auto& row : output.rows) {
        for (std::size_t i = 0; i < row.size(); ++i) {
            text += (i == 0 ? std::string() : std::string(output.delimiter)) + python_str(row[i]);
        }
        text += "\n";
    }
    session.streams().out(text);
}

/// Bytes, also in a list: prettytable copies its rows, and Python's memory cannot be copied.
bool is_memory(const Cell& cell) {
    if (const auto* list = cell.if_list()) {
        return std::ranges::any_of(*list, is_memory);
    }
    const auto* other = cell.if_other();
    return other != nullptr && other->str.starts_with("<memory at ");
}

void print_pretty(const Session& session, const Output& output) {
    PrettyTable table;
    table.title = output.title;
    table.columns = output.columns;
    const std::size_t fields = output.rows.empty() ? 0 : output.rows.front().size();
    while (output.columns.empty() && table.columns.size() < fields) {
        table.columns.push_back({"Field " + std::to_string(table.columns.size() + 1)});
    }
    for (const auto& row : output.rows) {
        std::vector<std::string> cells;
        for (const auto& cell : row) {
            if (is_memory(cell)) {
                throw Fail("A table cannot show bytea: encode() makes a text of it");
            }
            cells.push_back(python_str(cell));
            const auto* text = cell.if_text();
            table.rule_between_rows = table.rule_between_rows ||
                                      (text != nullptr && text->find('\n') != std::string::npos);
        }
        table.rows.push_back(std::move(cells));
    }
    session.streams().out(table.text());
}

}  // namespace

std::string config_yaml(const PythonValue& value, bool flow) {
    auto text = patroni::codec::dump_python_yaml(value, {.flow = flow});
    if (!text) {
        throw Fail(text.error().message);
    }
    return std::move(*text);
}

std::string config_yaml(const patroni::Value& value, bool flow) {
    return config_yaml(PythonValue(value), flow);
}

void print_output(const Session& session, const Output& output) {
    if (output.format == "json") {
        auto text = patroni::codec::dump_python_json(elements_of(output));
        if (!text) {
            throw Fail(text.error().message);
        }
        session.echo(*text);
    } else if (output.format == "yaml" || output.format == "yml") {
        session.echo(config_yaml(elements_of(output)));
    } else if (output.format == "tsv") {
        print_tsv(session, output);
    } else if (output.format == "pretty" || output.format == "topology") {
        print_pretty(session, output);
    }
}

}  // namespace patronictl
