#include "simulator/schedule_time.hpp"

#include "base/text.hpp"
#include "simulator/time_text.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>

namespace patroni::simulation {
namespace {

/// Takes numbers and signs from the front of a text.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    std::optional<int> number(std::size_t digits) {
        if (rest_.size() < digits) {
            return std::nullopt;
        }
        const auto value = parse_integer<int>(rest_.substr(0, digits));
        if (!value || !is_digit(rest_.front())) {
            return std::nullopt;
        }
        rest_.remove_prefix(digits);
        return value;
    }
    bool take(char c) {
        const bool there = rest_.starts_with(c);
        rest_.remove_prefix(there ? 1 : 0);
        return there;
    }
    bool take_digit(int& into) {
        if (rest_.empty() || !is_digit(rest_.front())) {
            return false;
        }
        into = rest_.front() - '0';
        rest_.remove_prefix(1);
        return true;
    }
    /// One or two digits.
    std::optional<int> short_number() {
        const bool two = rest_.size() > 1 && is_digit(rest_[1]);
        return number(two ? 2 : 1);
    }
    bool digit_follows() const { return !rest_.empty() && is_digit(rest_.front()); }
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

struct TimeOfDay {
    int hour = 0, minute = 0, second = 0, microsecond = 0;
};

/// "10", "10:00", "10:00:00", "1000", "100000", with a fraction of the second.
std::optional<TimeOfDay> read_clock(Reader& in) {
    TimeOfDay clock;
    const auto hour = in.short_number();
    if (!hour) {
        return std::nullopt;
    }
    clock.hour = *hour;
    const bool colons = in.take(':');
    if (colons || in.digit_follows()) {
        const auto minute = in.number(2);
        if (!minute) {
            return std::nullopt;
        }
        clock.minute = *minute;
        if (colons ? in.take(':') : in.digit_follows()) {
            const auto second = in.number(2);
            if (!second) {
                return std::nullopt;
            }
            clock.second = *second;
            if (in.take('.') || in.take(',')) {
                int digit = 0;
                for (int unit = 100'000; in.take_digit(digit); unit /= 10) {
                    clock.microsecond += digit * unit;
                }
            }
        }
    }
    const bool valid = clock.hour < 24 && clock.minute < 60 && clock.second < 60;
    return valid ? std::optional(clock) : std::nullopt;
}

/// "2035-01-31", "2035-1-31", "2035/01/31", "20350131".
std::optional<std::chrono::year_month_day> read_date(Reader& in) {
    using namespace std::chrono;
    const auto years = in.number(4);
    const char sign = in.rest().starts_with('/') ? '/' : '-';
    const bool compact = in.digit_follows();
    in.take(sign);
    const auto months = compact ? in.number(2) : in.short_number();
    in.take(sign);
    const auto days = compact ? in.number(2) : in.short_number();
    if (!years || !months || !days) {
        return std::nullopt;
    }
    const year_month_day date{year(*years), month(static_cast<unsigned>(*months)),
                              day(static_cast<unsigned>(*days))};
    return date.ok() ? std::optional(date) : std::nullopt;
}

bool is_zone_name(std::string_view text) {
    return text.size() >= 3 && text.size() <= 5 &&
           std::ranges::all_of(text, [](char c) { return c >= 'A' && c <= 'Z'; });
}

/// Minutes east of Greenwich; nullopt: no zone. `bad` is set for what is none.
std::optional<int> read_offset(Reader& in, bool& bad) {
    in.take(' ');
    if (in.rest().empty()) {
        return std::nullopt;
    }
    if (in.rest() == "Z" || in.rest() == "z" || in.rest() == "UTC" || in.rest() == "GMT") {
        return 0;
    }
    if (is_zone_name(in.rest())) {
        return std::nullopt;  // dateutil knows no other and takes the time for one without
    }
    const int sign = in.take('+') ? 1 : in.take('-') ? -1 : 0;
    const auto hours = in.number(2);
    in.take(':');
    const auto minutes = in.rest().empty() ? std::optional(0) : in.number(2);
    bad = sign == 0 || !hours || !minutes || *hours > 23 || !in.rest().empty();
    return bad ? 0 : sign * (*hours * 60 + *minutes);
}

std::string offset_text(int minutes) {
    std::array<char, 24> buffer{};
    const int size =
        std::snprintf(buffer.data(), buffer.size(), "%c%02d:%02d", minutes < 0 ? '-' : '+',
                      std::abs(minutes) / 60, std::abs(minutes) % 60);
    return {buffer.data(), static_cast<std::size_t>(size)};
}

}  // namespace

std::optional<ScheduleTime> parse_schedule_time(std::string_view text) {
    using namespace std::chrono;
    Reader in{trim(text)};
    const auto date = read_date(in);
    if (!date) {
        return std::nullopt;
    }
    TimeOfDay clock;
    std::optional<int> offset;
    bool bad = false;
    if (!in.rest().empty()) {
        const auto time = in.take('T') || in.take(' ') ? read_clock(in) : std::nullopt;
        if (!time) {
            return std::nullopt;
        }
        clock = *time;
        offset = read_offset(in, bad);
    }
    if (bad) {
        return std::nullopt;
    }
    const WallTime local = sys_days(*date) + hours(clock.hour) + minutes(clock.minute) +
                           seconds(clock.second) + microseconds(clock.microsecond);
    const std::string iso = iso_time(local);
    return ScheduleTime{
        .time = local - minutes(offset.value_or(0)),
        .has_zone = offset.has_value(),
        .text = iso.substr(0, iso.find('+')) + (offset ? offset_text(*offset) : std::string())};
}

}  // namespace patroni::simulation
