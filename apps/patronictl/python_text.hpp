#pragma once

#include "codec/python_value.hpp"

#include <patroni/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// What Python's `str` and `repr` give for a value of JSON; see codec/python_value.hpp.
std::string python_str(const patroni::Value& value);
std::string python_repr(const patroni::Value& value);
inline std::string python_repr(std::string_view text) {
    return patroni::codec::python_repr(text);
}
inline std::string python_repr(const std::string& text) {
    return patroni::codec::python_repr(std::string_view(text));
}

/// JSON as `json.dumps` writes it: `, ` and `: ` between, ASCII only.
std::string python_json(const patroni::Value& value);

/// Whether Python takes the value for true; nullptr is false.
bool python_truth(const patroni::Value* value);

/// Python's `int(text)` and `float(text)`: blanks around, single underscores between digits.
std::optional<std::int64_t> python_int(std::string_view text);
std::optional<double> python_float(std::string_view text);

}  // namespace patronictl
