#pragma once

#include "codec/python_value.hpp"

#include <patroni/result.hpp>

#include <cstdint>
#include <string_view>

namespace patroni::codec {

/// A value that PostgreSQL sent as text (with `DateStyle` ISO), as psycopg2 hands it to Python by
/// the OID of its type: numbers, dates, intervals, arrays and ranges of them; any other type is its
/// text. Errors: `decode` for what Python cannot hold (a year before 1 or after 9999),
/// `unsupported` with psycopg2's words for a form that it does not read (dates of another style).
Result<PythonValue> postgres_value(std::uint32_t type, std::string_view text);

}  // namespace patroni::codec
