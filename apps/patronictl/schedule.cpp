#include "patronictl/schedule.hpp"

#include "base/text.hpp"
#include "codec/free_date.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/local_zone.hpp"

#include <cstdio>
#include <cstdlib>
#include <ctime>

namespace patronictl {
namespace {

using namespace std::chrono;

std::tm local_time(system_clock::time_point now) {
    const std::time_t time = system_clock::to_time_t(now);
    std::tm parts{};
    localtime_r(&time, &parts);
    return parts;
}

year_month_day day_of(const std::tm& parts) {
    return year(parts.tm_year + 1900) / (parts.tm_mon + 1) / parts.tm_mday;
}

/// "+02:00"; with seconds where an old zone has them.
std::string offset_text(seconds offset) {
    const long long size = std::llabs(offset.count());
    char text[64];
    std::snprintf(text, sizeof text, "%c%02lld:%02lld", offset.count() < 0 ? '-' : '+', size / 3600,
                  size / 60 % 60);
    std::string result(text);
    if (size % 60 != 0) {
        std::snprintf(text, sizeof text, ":%02lld", size % 60);
        result += text;
    }
    return result;
}

std::string iso_text(local_days day, microseconds time, std::optional<seconds> offset) {
    const year_month_day date(day);
    const hh_mm_ss clock(time);
    char text[80];
    std::snprintf(text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d", static_cast<int>(date.year()),
                  static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                  static_cast<int>(clock.hours().count()),
                  static_cast<int>(clock.minutes().count()),
                  static_cast<int>(clock.seconds().count()));
    std::string result(text);
    if (const auto fraction = clock.subseconds().count(); fraction != 0) {
        std::snprintf(text, sizeof text, ".%06d", static_cast<int>(fraction));
        result += text;
    }
    return result + (offset ? offset_text(*offset) : std::string());
}

/// A zone name of ours that is not the one of that day, but of Greenwich, is Greenwich.
seconds offset_of(const patroni::codec::FreeDate& date, const LocalZone& zone) {
    if (date.offset) {
        return *date.offset;
    }
    const local_seconds time = date.day + floor<seconds>(date.time);
    const bool is_greenwich = date.zone_name == "UTC" || date.zone_name == "GMT" ||
                              date.zone_name == "Z" || date.zone_name == "z";
    if (is_greenwich && zone.name(time, date.zone_name) != date.zone_name) {
        return seconds(0);
    }
    return zone.offset(time, date.zone_name);
}

}  // namespace

std::optional<Schedule> parse_schedule(std::string_view text, system_clock::time_point now) {
    if (text.empty() || text == "now") {
        return std::nullopt;
    }
    const LocalZone zone = LocalZone::at(now);
    const auto date =
        patroni::codec::parse_free_date(text, {day_of(local_time(now)), zone.names()});
    if (!date) {
        throw Fail("Unable to parse scheduled timestamp (" + std::string(text) +
                   "). It should be in an unambiguous format (e.g. ISO 8601)");
    }
    Schedule schedule;
    schedule.iso = iso_text(date->day, date->time, offset_of(*date, zone));
    schedule.text = schedule.iso;
    schedule.text[schedule.text.find('T')] = ' ';
    return schedule;
}

std::string iso_of_stored(std::string_view text, system_clock::time_point now) {
    const LocalZone zone = LocalZone::at(now);
    const auto date =
        patroni::codec::parse_free_date(text, {day_of(local_time(now)), zone.names()});
    if (!date) {
        throw Fail("The store holds a time that is none: " + patroni::escape_untrusted(text, 100));
    }
    const bool has_zone = date->offset || !date->zone_name.empty();
    return iso_text(date->day, date->time,
                    has_zone ? std::optional(offset_of(*date, zone)) : std::nullopt);
}

std::string next_hour(system_clock::time_point now) {
    const std::tm parts = local_time(now);
    const local_seconds later =
        local_days(day_of(parts)) + hours(parts.tm_hour + 1) + minutes(parts.tm_min);
    const local_days day = floor<days>(later);
    return iso_text(day, later - day, seconds(0)).substr(0, 16);
}

}  // namespace patronictl
