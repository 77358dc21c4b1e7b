#pragma once

#include "codec/python_value.hpp"

#include <patroni/result.hpp>

#include <string>

namespace patroni::codec {

/// What Python's json.dumps writes: ASCII only, `NaN` and `Infinity` as words, keys that are
/// numbers as texts, with blanks behind `,` and `:` unless it is `compact`. Error `unsupported` for
/// a value that JSON cannot hold (a date, binary data, a set).
Result<std::string> dump_python_json(const PythonValue& value, bool compact = false);

}  // namespace patroni::codec
