#pragma once

#include "config/configuration.hpp"

#include <patroni/value.hpp>

#include <string>
#include <string_view>

namespace patroni::config {

/// One source of a configuration, or several that were merged: a map, and where its keys were said.
struct Layer {
    Value value = Value::object();
    Configuration::Places places;

    /// Lays `over` over this one by Patroni's rule: a null removes the key, two maps are merged,
    /// any other value replaces unless Python writes both alike (then the old one stays, with its
    /// type and its place).
    void patch(const Layer& over);
    /// Sets a key (of a section, or of the first level), said at `place`.
    void set(std::string_view section, std::string_view key, Value value, const Place& place);
    /// Removes a key of the first level.
    void remove(std::string_view key);
};

/// Python's str() of a scalar: "True", "None", "2379".
std::string python_text(const Value& value);

/// Whether Python takes a value as true: no null, false, 0, or empty text, list, map.
bool is_truthy(const Value& value);

}  // namespace patroni::config
