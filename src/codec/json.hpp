#pragma once

#include <patroni/result.hpp>
#include <patroni/value.hpp>

#include <string>
#include <string_view>

namespace patroni::codec {

/// Reads one JSON document (strict, depth at most 32, UTF-8). Errors: `decode` with the byte
/// offset, `limit` when it is nested too deeply.
Result<Value> parse_json(std::string_view text);

/// JSON on one line without blanks; non-ASCII as UTF-8, numbers as they were written.
std::string to_json(const Value& value);
/// JSON with line breaks and an indentation of two.
std::string to_pretty_json(const Value& value);

}  // namespace patroni::codec
