#pragma once

#include "codec/python_value.hpp"

#include <patroni/result.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace patroni::codec {

/// Reads one YAML 1.1 document as PyYAML's safe_load does, with keys of any type, dates, binary
/// data and sets; what an alias stands for is one container at several places. Error `config` names
/// line and column, `file` is used as its endpoint.
Result<PythonValue> load_python_yaml(std::string_view text, std::string_view file);

/// How `dump_python_yaml` writes.
struct PythonYamlStyle {
    bool flow = false;        ///< `{a: [1, 2]}` instead of lines.
    std::size_t width = 200;  ///< A blank beyond it becomes a line end.
    bool sort_keys = true;    ///< Where they can be compared; else in their order.
};

/// Writes what PyYAML's safe_dump(default_flow_style=flow, allow_unicode=True, width=width,
/// sort_keys=sort_keys) writes, with the line end. Error `unsupported` for a value that YAML cannot
/// hold (an interval, a decimal).
Result<std::string> dump_python_yaml(const PythonValue& value, const PythonYamlStyle& style = {});

}  // namespace patroni::codec
