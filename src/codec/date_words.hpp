#pragma once

#include <optional>
#include <string_view>

namespace patroni::codec {

// The English words of a date, in any case; nullopt: another word.

/// 0: Monday.
std::optional<int> weekday_of(std::string_view word);
/// 1: January.
std::optional<int> month_of(std::string_view word);
/// 0: hours, 1: minutes, 2: seconds.
std::optional<int> clock_unit_of(std::string_view word);
/// 0: before noon, 1: after noon.
std::optional<int> half_of(std::string_view word);
bool is_utc(std::string_view word);
/// What means nothing between the parts of a date.
bool is_filler(std::string_view word);

}  // namespace patroni::codec
