#include "simulator/time_text.hpp"

#include <array>
#include <chrono>
#include <cstdio>

namespace patroni::simulation {
namespace {

struct Parts {
    int year;
    unsigned month, day, weekday;
    int hour, minute, second, microsecond;
};

Parts split(WallTime time) {
    using namespace std::chrono;
    const auto days = floor<std::chrono::days>(time);
    const year_month_day date{days};
    const hh_mm_ss clock{time - days};
    return {.year = static_cast<int>(date.year()),
            .month = static_cast<unsigned>(date.month()),
            .day = static_cast<unsigned>(date.day()),
            .weekday = weekday{days}.c_encoding(),
            .hour = static_cast<int>(clock.hours().count()),
            .minute = static_cast<int>(clock.minutes().count()),
            .second = static_cast<int>(clock.seconds().count()),
            .microsecond = static_cast<int>(clock.subseconds().count())};
}

template <class... Args>
std::string print(const char* format, Args... args) {
    std::array<char, 64> buffer{};
    const int length = std::snprintf(buffer.data(), buffer.size(), format, args...);
    return {buffer.data(), static_cast<std::size_t>(length)};
}

std::string date_and_time(const Parts& p, char separator) {
    return print("%04d-%02u-%02u%c%02d:%02d:%02d", p.year, p.month, p.day, separator, p.hour,
                 p.minute, p.second);
}

std::string fraction(const Parts& p) {
    return p.microsecond == 0 ? std::string() : print(".%06d", p.microsecond);
}

}  // namespace

std::string postgres_time(WallTime time) {
    const Parts p = split(time);
    return date_and_time(p, ' ') + print(".%03d UTC", p.microsecond / 1000);
}

std::string python_time(WallTime time) {
    const Parts p = split(time);
    return date_and_time(p, ' ') + fraction(p) + "+00:00";
}

std::string iso_time(WallTime time) {
    const Parts p = split(time);
    return date_and_time(p, 'T') + fraction(p) + "+00:00";
}

std::string http_date(WallTime time) {
    static constexpr std::array days{"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};
    static constexpr std::array months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    const Parts p = split(time);
    return print("%s, %02u %s %04d %02d:%02d:%02d GMT", days[p.weekday], p.day, months[p.month - 1],
                 p.year, p.hour, p.minute, p.second);
}

std::string go_time(WallTime time) {
    const Parts p = split(time);
    std::string digits = fraction(p);
    while (!digits.empty() && digits.back() == '0') {
        digits.pop_back();
    }
    return date_and_time(p, 'T') + digits + "Z";
}

std::int64_t epoch_seconds(WallTime time) {
    return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace patroni::simulation
