#pragma once

#include "codec/python_value.hpp"

#include <patroni/result.hpp>
#include <patroni/value.hpp>

#include <string>
#include <string_view>

namespace patroni::codec {

/// Patroni's own rule for one configuration over another: a null removes the key, maps go into
/// maps, new keys are added as they are (with the nulls in them), and a value stays when the new
/// one has the same text (`"30"` over `30`). Precondition: no container of `config` stands at two
/// places; else what is put at one place could come to contain itself.
void patch_config(PythonValue::Dict& config, const PythonValue::Dict& patch);

/// The same for objects; `patch` or `config` that is none is left alone.
void patch_config(Value& config, const Value& patch);

/// Whether both have the same text to Python's `str`: then a patch keeps the old one.
bool same_text(const Value& left, const Value& right);

/// Carries one `KEY=VALUE` of `edit-config --set` out: the key's parts are separated by dots, but
/// below `postgresql.parameters` the rest is one name; a null removes the key and the maps that are
/// empty then; what is no map on the way becomes one. Error `config` for a pair without `=` or a
/// value that is no YAML.
Result<void> set_config_pair(PythonValue::Dict& config, std::string_view pair);

}  // namespace patroni::codec
