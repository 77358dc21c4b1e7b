#pragma once

#include <patroni/value.hpp>

#include <string>

namespace patroni::codec {

/// What Python's `json.dumps(value)` writes: `, ` and `: ` between, only ASCII; what patronictl
/// sends to members. A byte that is no UTF-8 is the lone surrogate that Python makes of it.
std::string to_python_json(const Value& value);
/// The same without blanks: what Patroni writes to its store.
std::string to_compact_python_json(const Value& value);

}  // namespace patroni::codec
