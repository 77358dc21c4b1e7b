#pragma once

#include "codec/python_value.hpp"
#include "patronictl/pretty_table.hpp"
#include "patronictl/session.hpp"

#include <patroni/value.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patronictl {

using Cell = patroni::codec::PythonValue;

/// Rows of values in one of patronictl's formats.
struct Output {
    std::vector<PrettyTable::Column>
        columns;  ///< None: "Field 1" and so on, and no first line of tsv.
    std::vector<std::vector<Cell>> rows;
    std::string_view format = "pretty";  ///< pretty, topology, tsv, json, yaml, yml.
    /// Stands over the table; with one, json and yaml leave out what is empty.
    std::string title = {};
    std::string_view delimiter = "\t";
};

/// Prints it; nothing for a format that there is not.
void print_output(const Session& session, const Output& output);

/// A value as YAML as patronictl shows it: keys sorted, folded after column 200; `flow`: on one
/// line. Throws Fail for what YAML cannot hold.
std::string config_yaml(const patroni::codec::PythonValue& value, bool flow = false);
std::string config_yaml(const patroni::Value& value, bool flow = false);

}  // namespace patronictl
