#pragma once

#include "codec/python_value.hpp"

#include <patroni/result.hpp>

#include <functional>
#include <string_view>

namespace patroni::codec {

/// An array as PostgreSQL writes it: `{1,NULL}`, `{{1,2},{3,4}}`, `[0:1]={1,2}`, as lists of what
/// `item` makes of each text. Error `decode` for what is no array, or what `item` returns.
Result<PythonValue> postgres_array(
    std::string_view text, const std::function<Result<PythonValue>(std::string_view)>& item);

}  // namespace patroni::codec
