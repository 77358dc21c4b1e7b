#include "base/text.hpp"

#include <patroni/timestamp.hpp>

#include <cstdint>
#include <cstdio>

namespace patroni {
namespace {

using namespace std::chrono;

/// Reads text from the left; a failed step leaves `ok` false.
class Reader {
public:
    explicit Reader(std::string_view text) : rest_(text) {}

    bool ok() const { return ok_; }
    std::string_view rest() const { return rest_; }
    char peek() const { return rest_.empty() ? '\0' : rest_.front(); }

    bool accept(char c) {
        if (rest_.empty() || rest_.front() != c) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }
    void expect(char c) {
        if (!accept(c)) {
            ok_ = false;
        }
    }
    /// Exactly `digits` digits with a value in [low, high].
    int number(std::size_t digits, int low, int high) {
        int value = 0;
        for (std::size_t i = 0; i < digits; ++i) {
            if (!is_digit(peek())) {
                ok_ = false;
                return low;
            }
            value = value * 10 + (peek() - '0');
            rest_.remove_prefix(1);
        }
        if (value < low || value > high) {
            ok_ = false;
            return low;
        }
        return value;
    }
    /// The digits behind a decimal point, as microseconds; more than six are cut.
    microseconds fraction() {
        int value = 0;
        int digits = 0;
        for (; is_digit(peek()) && digits < 9; ++digits) {
            if (digits < 6) {
                value = value * 10 + (peek() - '0');
            }
            rest_.remove_prefix(1);
        }
        if (digits == 0 || is_digit(peek())) {
            ok_ = false;
        }
        for (; digits < 6; ++digits) {
            value *= 10;
        }
        return microseconds(value);
    }

private:
    std::string_view rest_;
    bool ok_ = true;
};

/// `+HH`, `+HHMM`, `+HH:MM` or `+HH:MM:SS` behind the sign.
seconds read_offset(Reader& reader) {
    seconds offset = hours(reader.number(2, 0, 23));
    const bool colon = reader.accept(':');
    if (colon || is_digit(reader.peek())) {
        offset += minutes(reader.number(2, 0, 59));
    }
    if (colon && reader.accept(':')) {
        offset += seconds(reader.number(2, 0, 59));
    }
    return offset;
}

/// True for what can be the name of a time zone: letters first, then also digits and `+-/_`.
bool is_zone_name(std::string_view text) {
    if (text.empty() || text.size() > 64 || !is_letter(text.front())) {
        return false;
    }
    for (const char c : text) {
        if (!is_letter(c) && !is_digit(c) && c != '+' && c != '-' && c != '/' && c != '_') {
            return false;
        }
    }
    return true;
}

std::string format(WallTime time, bool with_microseconds) {
    const auto day = floor<days>(time);
    const year_month_day date(day);
    const hh_mm_ss clock(time - day);
    const auto fraction = clock.subseconds().count();
    char buffer[64];
    const int size = std::snprintf(
        buffer, sizeof buffer, "%04d-%02u-%02uT%02d:%02d:%02d.%0*dZ", static_cast<int>(date.year()),
        static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), with_microseconds ? 6 : 3,
        static_cast<int>(with_microseconds ? fraction : fraction / 1000));
    return std::string(buffer, static_cast<std::size_t>(size));
}

}  // namespace

std::string to_iso(WallTime time) {
    return format(time, false);
}

std::string Timestamp::iso() const {
    return time ? format(*time, time->time_since_epoch().count() % 1000 != 0) : text;
}

std::optional<Timestamp> Timestamp::parse(std::string_view text) {
    Reader reader(text);
    const year year_part(reader.number(4, 0, 9999));
    reader.expect('-');
    const month month_part(static_cast<unsigned>(reader.number(2, 1, 12)));
    reader.expect('-');
    const day day_part(static_cast<unsigned>(reader.number(2, 1, 31)));
    const year_month_day date(year_part, month_part, day_part);
    if (!reader.accept('T') && !reader.accept('t')) {
        reader.expect(' ');
    }
    const hours hour(reader.number(2, 0, 23));
    reader.expect(':');
    const minutes minute(reader.number(2, 0, 59));
    reader.expect(':');
    const seconds second(reader.number(2, 0, 59));
    const microseconds fraction = reader.accept('.') ? reader.fraction() : microseconds(0);
    if (!reader.ok() || !date.ok()) {
        return std::nullopt;
    }
    const WallTime local = sys_days(date) + hour + minute + second + fraction;

    reader.accept(' ');
    Timestamp result{std::string(text), std::nullopt};
    const std::string_view zone = reader.rest();
    if (reader.accept('+')) {
        result.time = local - read_offset(reader);
    } else if (reader.accept('-')) {
        result.time = local + read_offset(reader);
    } else if (zone == "Z" || zone == "z" || zone == "UTC" || zone == "GMT") {
        result.time = local;
        return result;
    } else {
        // Without a zone, or with an abbreviation that several zones share, the instant is unknown.
        return zone.empty() || is_zone_name(zone) ? std::optional(std::move(result)) : std::nullopt;
    }
    if (!reader.ok() || !reader.rest().empty()) {
        return std::nullopt;
    }
    return result;
}

}  // namespace patroni
