#include "patronictl/output.hpp"

#include "patronictl/python_text.hpp"

#include "codec/yaml.hpp"

#include <algorithm>

namespace patronictl {
namespace {

using patroni::Value;

Value elements_of(const Output& output) {
    Value elements = Value::array();
    for (const auto& row : output.rows) {
        Value element = Value::object();
        for (std::size_t i = 0; i < output.columns.size() && i < row.size(); ++i) {
            if (output.title.empty() || !python_str(row[i]).empty()) {
                element.set(output.columns[i].name, row[i]);
            }
        }
        elements.push_back(std::move(element));
    }
    return elements;
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
            cells.push_back(python_str(cell));
            const auto* text = cell.if_string();
            table.rule_between_rows = table.rule_between_rows ||
                                      (text != nullptr && text->find('\n') != std::string::npos);
        }
        table.rows.push_back(std::move(cells));
    }
    session.streams().out(table.text());
}

void sort_keys(Value& value) {
    if (auto* object = value.if_object()) {
        std::stable_sort(object->begin(), object->end(),
                         [](const auto& a, const auto& b) { return a.first < b.first; });
        for (auto& [key, item] : *object) {
            sort_keys(item);
        }
    } else if (auto* array = value.if_array()) {
        for (auto& item : *array) {
            sort_keys(item);
        }
    }
}

}  // namespace

std::string config_yaml(const patroni::Value& value, bool flow) {
    Value sorted = value;
    sort_keys(sorted);
    return flow ? python_json(sorted) : patroni::codec::to_yaml(sorted);
}

void print_output(const Session& session, const Output& output) {
    if (output.format == "json") {
        session.echo(python_json(elements_of(output)));
    } else if (output.format == "yaml" || output.format == "yml") {
        session.echo(config_yaml(elements_of(output)));
    } else if (output.format == "tsv") {
        print_tsv(session, output);
    } else if (output.format == "pretty" || output.format == "topology") {
        print_pretty(session, output);
    }
}

}  // namespace patronictl
