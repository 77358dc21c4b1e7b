#include "codec/python_time.hpp"

#include "base/text.hpp"

#include <chrono>
#include <cstdlib>
#include <string>

namespace patroni::codec {
namespace {

using Kind = PythonValue::Other::Kind;

constexpr std::int64_t day_seconds = 86400;
constexpr std::int64_t second_microseconds = 1'000'000;

std::string padded(std::int64_t number, std::size_t width) {
    std::string digits = std::to_string(number);
    return std::string(width > digits.size() ? width - digits.size() : 0, '0') + digits;
}

std::string zone_text(int seconds) {
    const int size = std::abs(seconds);
    std::string text =
        (seconds < 0 ? "-" : "+") + padded(size / 3600, 2) + ':' + padded(size / 60 % 60, 2);
    return size % 60 == 0 ? text : text + ':' + padded(size % 60, 2);
}

std::string clock_text(const PythonClock& clock) {
    std::string text =
        padded(clock.hour, 2) + ':' + padded(clock.minute, 2) + ':' + padded(clock.second, 2);
    if (clock.microsecond != 0) {
        text += '.' + padded(clock.microsecond, 6);
    }
    return clock.zone_seconds ? text + zone_text(*clock.zone_seconds) : text;
}

std::string date_text(const PythonDate& date) {
    return padded(date.year, 4) + '-' + padded(date.month, 2) + '-' + padded(date.day, 2);
}

std::string date_arguments(const PythonDate& date) {
    return std::to_string(date.year) + ", " + std::to_string(date.month) + ", " +
           std::to_string(date.day);
}

std::string clock_arguments(const PythonClock& clock) {
    std::string out = std::to_string(clock.hour) + ", " + std::to_string(clock.minute);
    if (clock.second != 0 || clock.microsecond != 0) {
        out += ", " + std::to_string(clock.second);
    }
    if (clock.microsecond != 0) {
        out += ", " + std::to_string(clock.microsecond);
    }
    if (clock.zone_seconds) {
        out += ", tzinfo=datetime.timezone";
        out += *clock.zone_seconds == 0
                   ? ".utc"
                   : '(' + python_interval(0, *clock.zone_seconds * second_microseconds).repr + ')';
    }
    return out;
}

}  // namespace

bool PythonDate::is_valid() const {
    const std::chrono::year_month_day date{std::chrono::year(year),
                                           std::chrono::month(static_cast<unsigned>(month)),
                                           std::chrono::day(static_cast<unsigned>(day))};
    return year >= 1 && year <= 9999 && month >= 1 && day >= 1 && date.ok();
}

bool PythonClock::is_valid() const {
    return hour >= 0 && hour < 24 && minute >= 0 && minute < 60 && second >= 0 && second < 60 &&
           (!zone_seconds || std::abs(*zone_seconds) < day_seconds);
}

PythonValue::Other python_date(const PythonDate& date) {
    return {Kind::date, date_text(date), "datetime.date(" + date_arguments(date) + ')'};
}

PythonValue::Other python_time(const PythonClock& clock) {
    return {Kind::time, clock_text(clock), "datetime.time(" + clock_arguments(clock) + ')'};
}

PythonValue::Other python_datetime(const PythonDate& date, const PythonClock& clock) {
    return {clock.zone_seconds ? Kind::timestamp_with_zone : Kind::timestamp,
            date_text(date) + ' ' + clock_text(clock),
            "datetime.datetime(" + date_arguments(date) + ", " + clock_arguments(clock) + ')'};
}

PythonValue::Other python_interval(std::int64_t days, std::int64_t microseconds) {
    // As a timedelta keeps it: only the days can be negative.
    const std::int64_t day_microseconds = day_seconds * second_microseconds;
    std::int64_t whole = microseconds / day_microseconds;
    std::int64_t rest = microseconds % day_microseconds;
    if (rest < 0) {
        --whole;
        rest += day_microseconds;
    }
    days += whole;
    const std::int64_t seconds = rest / second_microseconds;
    const std::int64_t fraction = rest % second_microseconds;
    std::string text;
    if (days != 0) {
        text = std::to_string(days) + (days == 1 || days == -1 ? " day, " : " days, ");
    }
    text += std::to_string(seconds / 3600) + ':' + padded(seconds / 60 % 60, 2) + ':' +
            padded(seconds % 60, 2);
    text += fraction == 0 ? "" : '.' + padded(fraction, 6);
    std::string arguments;
    const auto add = [&](std::string_view name, std::int64_t value) {
        if (value != 0) {
            arguments += arguments.empty() ? "" : ", ";
            arguments += std::string(name) + '=' + std::to_string(value);
        }
    };
    add("days", days);
    add("seconds", seconds);
    add("microseconds", fraction);
    return {Kind::interval, text,
            "datetime.timedelta(" + (arguments.empty() ? "0" : arguments) + ')'};
}

std::optional<int> take_digits(std::string_view& text, std::size_t most) {
    std::size_t end = 0;
    while (end < text.size() && is_digit(text[end])) {
        ++end;
    }
    if (end == 0 || end > most) {
        return std::nullopt;
    }
    const auto number = parse_integer<int>(text.substr(0, end));
    text.remove_prefix(end);
    return number;
}

bool take(std::string_view& text, std::string_view word) {
    if (!text.starts_with(word)) {
        return false;
    }
    text.remove_prefix(word.size());
    return true;
}

int take_microseconds(std::string_view& text) {
    int value = 0;
    int scale = 100'000;
    while (!text.empty() && is_digit(text.front())) {
        value += scale * (text.front() - '0');
        scale /= 10;
        text.remove_prefix(1);
    }
    return value;
}

std::optional<PythonValue::Other> python_yaml_time(std::string_view text) {
    // The classifier of plain scalars has seen to the form.
    PythonDate date;
    date.year = take_digits(text).value_or(0);
    take(text, "-");
    date.month = take_digits(text).value_or(0);
    take(text, "-");
    date.day = take_digits(text).value_or(0);
    if (!date.is_valid()) {
        return std::nullopt;
    }
    if (text.empty()) {
        return python_date(date);
    }
    const auto skip_blanks = [&] {
        while (text.starts_with(' ') || text.starts_with('\t')) {
            text.remove_prefix(1);
        }
    };
    text.remove_prefix(1);
    skip_blanks();
    PythonClock clock;
    clock.hour = take_digits(text).value_or(99);
    take(text, ":");
    clock.minute = take_digits(text).value_or(99);
    take(text, ":");
    clock.second = take_digits(text).value_or(99);
    if (take(text, ".")) {
        clock.microsecond = take_microseconds(text);
    }
    skip_blanks();
    if (text == "Z") {
        clock.zone_seconds = 0;
    } else if (!text.empty()) {
        const int sign = text.front() == '-' ? -1 : 1;
        text.remove_prefix(1);
        const int hours = take_digits(text).value_or(0);
        const int minutes = take(text, ":") ? take_digits(text).value_or(0) : 0;
        clock.zone_seconds = sign * (hours * 3600 + minutes * 60);
    }
    return clock.is_valid() ? std::optional(python_datetime(date, clock)) : std::nullopt;
}

}  // namespace patroni::codec
