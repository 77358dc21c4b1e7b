#pragma once

#include <patroni/value.hpp>

#include <string_view>

namespace patroni::codec {

/// What a plain YAML scalar means to PyYAML's safe_load (YAML 1.1).
enum class ScalarKind { text, null, boolean, integer, real, timestamp, merge, default_value };

ScalarKind classify_plain_scalar(std::string_view text);

/// The typed value of a plain scalar. Dates stay text: JSON cannot hold them. Floats have the form
/// that Python prints them in, with the JSON words `Infinity`, `-Infinity` and `NaN`.
Value resolve_plain_scalar(std::string_view text);

}  // namespace patroni::codec
