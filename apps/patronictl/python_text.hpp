#pragma once

#include <patroni/value.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// What Python's `str` and `repr` give for a value: `None`, `True`, `1.5`, `{'a': [1]}`.
std::string python_str(const patroni::Value& value);
std::string python_repr(const patroni::Value& value);
std::string python_repr(std::string_view text);
inline std::string python_repr(const std::string& text) {
    return python_repr(std::string_view(text));
}

/// Whether Python takes the value for true; nullptr is false.
bool python_truth(const patroni::Value* value);

/// Python's `int(text)` and `float(text)`: blanks around, single underscores between digits.
std::optional<std::int64_t> python_int(std::string_view text);
std::optional<double> python_float(std::string_view text);

/// JSON as Python's `json.dumps` writes it: `, ` and `: ` between, only ASCII.
std::string python_json(const patroni::Value& value);

}  // namespace patronictl
