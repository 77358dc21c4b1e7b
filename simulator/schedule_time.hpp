#pragma once

#include <patroni/timestamp.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace patroni::simulation {

/// A time that somebody asked for, and Python's isoformat() of it.
struct ScheduleTime {
    WallTime time{};
    bool has_zone = false;
    std::string text = {};
};

/// ISO 8601 with `-`, `/` or nothing within the date, `:` or nothing within the time, as dateutil
/// reads it; a zone by name is known if it is UTC or GMT. nullopt for all else. (dateutil takes
/// more: names of months, weekdays, 10pm.)
std::optional<ScheduleTime> parse_schedule_time(std::string_view text);

}  // namespace patroni::simulation
