#pragma once

#include <patroni/value.hpp>

#include <string>

namespace patroni::simulation {

/// What Python's `json.dumps(value)` prints: ", " and ": ", pure ASCII.
std::string python_json(const Value& value);
/// What `json.dumps(value, separators=(',', ':'))` prints: Patroni's keys in a store.
std::string compact_python_json(const Value& value);
/// What Go's `json.Marshal` prints: etcd's answers. No blanks, UTF-8, `<`, `>`, `&` escaped.
std::string go_json(const Value& value);

}  // namespace patroni::simulation
