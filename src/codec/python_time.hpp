#pragma once

#include "codec/python_value.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::codec {

/// The fields of Python's date, time and datetime.
struct PythonDate {
    int year = 1;
    int month = 1;
    int day = 1;
    bool is_valid() const;
};
struct PythonClock {
    int hour = 0;
    int minute = 0;
    int second = 0;
    int microsecond = 0;
    std::optional<int> zone_seconds = std::nullopt;  ///< East of UTC; nullopt: no zone.
    bool is_valid() const;
};

PythonValue::Other python_date(const PythonDate& date);
PythonValue::Other python_time(const PythonClock& clock);
PythonValue::Other python_datetime(const PythonDate& date, const PythonClock& clock);
/// A timedelta: "1 day, 2:03:04".
PythonValue::Other python_interval(std::int64_t days, std::int64_t microseconds);

/// A date or time as YAML 1.1 writes it; nullopt when the calendar does not have it.
std::optional<PythonValue::Other> python_yaml_time(std::string_view text);

/// Reads a run of digits at the front of `text` and removes it; nullopt for none or too many.
std::optional<int> take_digits(std::string_view& text, std::size_t most = 9);
/// Removes `word` from the front; false when it is not there.
bool take(std::string_view& text, std::string_view word);
/// Digits behind a decimal point as microseconds; those beyond the sixth are dropped.
int take_microseconds(std::string_view& text);

}  // namespace patroni::codec
