#pragma once

#include <array>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::codec {

/// What a date that is not complete depends on.
struct DateContext {
    std::chrono::year_month_day today;      ///< In the local zone.
    std::array<std::string, 2> zone_names;  ///< Of the local zone: standard time, summer time.
};

/// A date and time with the zone that was written behind it.
struct FreeDate {
    std::chrono::local_days day;
    std::chrono::microseconds time{0};  ///< Since midnight.
    /// East of Greenwich; nullopt: the local zone.
    std::optional<std::chrono::seconds> offset;
    /// The name of the local zone as it was written, such as "CEST"; else empty.
    std::string zone_name;
};

/// Reads what people and programs write for a date, exactly as `dateutil.parser.parse` of
/// python-dateutil 2.8 does with its defaults: ISO 8601, "Jan 1 2030 10am", "01/02/2030" (month
/// first), "10:30" (today), a weekday (the next one). A zone name that is not known is ignored.
/// nullopt: no date.
std::optional<FreeDate> parse_free_date(std::string_view text, const DateContext& context);

}  // namespace patroni::codec
