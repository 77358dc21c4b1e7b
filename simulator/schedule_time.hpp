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

/// ISO 8601 with or without seconds, fraction and offset, `T` or a blank between date and time;
/// nullopt for all else. (The real parser, dateutil, takes many more forms.)
std::optional<ScheduleTime> parse_schedule_time(std::string_view text);

}  // namespace patroni::simulation
