#include "simulator/schedule_time.hpp"

#include "base/text.hpp"
#include "simulator/time_text.hpp"

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
    std::string_view rest() const { return rest_; }

private:
    std::string_view rest_;
};

struct TimeOfDay {
    int hour = 0, minute = 0, second = 0, microsecond = 0;
};

std::optional<TimeOfDay> read_clock(Reader& in) {
    TimeOfDay clock;
    const auto hour = in.number(2);
    if (!hour || !in.take(':')) {
        return std::nullopt;
    }
    const auto minute = in.number(2);
    if (!minute) {
        return std::nullopt;
    }
    clock.hour = *hour;
    clock.minute = *minute;
    if (in.take(':')) {
        const auto second = in.number(2);
        if (!second) {
            return std::nullopt;
        }
        clock.second = *second;
        if (in.take('.')) {
            int digit = 0;
            for (int unit = 100'000; in.take_digit(digit); unit /= 10) {
                clock.microsecond += digit * unit;
            }
        }
    }
    const bool valid = clock.hour < 24 && clock.minute < 60 && clock.second < 60;
    return valid ? std::optional(clock) : std::nullopt;
}

/// Minutes east of Greenwich; nullopt: no zone. `bad` is set for what is none.
std::optional<int> read_offset(Reader& in, bool& bad) {
    in.take(' ');
    if (in.rest().empty()) {
        return std::nullopt;
    }
    if (in.rest() == "Z" || in.rest() == "UTC" || in.rest() == "GMT") {
        return 0;
    }
    const int sign = in.take('+') ? 1 : in.take('-') ? -1 : 0;
    const auto hours = in.number(2);
    in.take(':');
    const auto minutes = in.rest().empty() ? std::optional(0) : in.number(2);
    bad = sign == 0 || !hours || !minutes || !in.rest().empty();
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
    const auto years = in.number(4);
    in.take('-');
    const auto months = in.number(2);
    in.take('-');
    const auto days = in.number(2);
    if (!years || !months || !days) {
        return std::nullopt;
    }
    const year_month_day date{year(*years), month(static_cast<unsigned>(*months)),
                              day(static_cast<unsigned>(*days))};
    if (!date.ok()) {
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
    const WallTime local = sys_days(date) + hours(clock.hour) + minutes(clock.minute) +
                           seconds(clock.second) + microseconds(clock.microsecond);
    const std::string iso = iso_time(local);
    return ScheduleTime{
        .time = local - minutes(offset.value_or(0)),
        .has_zone = offset.has_value(),
        .text = iso.substr(0, iso.find('+')) + (offset ? offset_text(*offset) : std::string())};
}

}  // namespace patroni::simulation
