#pragma once

#include <patroni/value.hpp>

#include <cstdint>
#include <optional>

namespace patronictl {

/// A number as Patroni takes it from a key, whatever its type: decimal, `0x` or octal in a text or
/// as a number, fractions rounded half to even; nullopt for anything else, also with a unit.
std::optional<std::int64_t> lenient_integer(const patroni::Value& value);

/// Half to even, as Python's `round`.
std::int64_t round_half_even(double value);

}  // namespace patronictl
