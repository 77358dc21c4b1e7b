#include "codec/free_date.hpp"

#include "base/text.hpp"
#include "codec/date_fields.hpp"
#include "codec/date_tokens.hpp"
#include "codec/date_words.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <utility>
#include <vector>

namespace patroni::codec {
namespace {

using namespace std::chrono;

/// A number of the text, exact as far as clocks need it.
struct Decimal {
    static constexpr std::int64_t k_one = 1'000'000'000'000'000;

    int whole = 0;              ///< The largest int stands for everything larger.
    std::int64_t fraction = 0;  ///< In units of 1 / k_one.
};

bool is_number(std::string_view token) {
    const auto fits = [](char c) { return is_digit(c) || c == '.'; };
    return !token.empty() && is_digit(token.front()) && std::ranges::all_of(token, fits);
}

/// Throws NoDate for a token that is no number.
Decimal decimal_of(std::string_view token) {
    if (!is_number(token)) {
        throw NoDate{};
    }
    const std::string_view whole = token.substr(0, token.find('.'));
    Decimal decimal{parse_integer<int>(whole).value_or(std::numeric_limits<int>::max()), 0};
    std::int64_t unit = Decimal::k_one / 10;
    for (const char c : token.substr(std::min(whole.size() + 1, token.size()))) {
        decimal.fraction += unit * (c - '0');
        unit /= 10;
    }
    return decimal;
}

class Reader {
public:
    explicit Reader(std::string_view text, int this_year)
        : tokens_(date_tokens(text)), this_year_(this_year) {}

    void run() {
        for (; at_ < tokens_.size(); ++at_) {
            read_token();
        }
        date = fields_.resolve();
        if (date.year) {
            date.year = full_year(*date.year, fields_.has_century());
        }
        settle_zone();
    }
    bool is_empty() const {
        return !date.year && !date.month && !date.day && !weekday && !hour && !minute && !second &&
               !zone_offset && zone_name.empty() && !half_;
    }

    DateFields::Date date;
    std::optional<int> weekday, hour, minute, second, microsecond;
    std::string zone_name;
    std::optional<int> zone_offset;  ///< Seconds.

private:
    const std::string& token(std::size_t index) const {
        if (index >= tokens_.size()) {
            throw NoDate{};
        }
        return tokens_[index];
    }
    bool has(std::size_t index) const { return index < tokens_.size(); }
    bool has(std::size_t index, std::string_view text) const {
        return has(index) && tokens_[index] == text;
    }

    void read_token() {
        const std::string& word = tokens_[at_];
        if (is_number(word)) {
            read_number();
        } else if (const auto day = weekday_of(word)) {
            weekday = day;
        } else if (const auto month = month_of(word)) {
            read_month(*month);
        } else if (const auto half = half_of(word)) {
            if (!hour || *hour > 12) {
                throw NoDate{};
            }
            hour = with_half(*hour, *half);
            half_ = half;
        } else if (can_be_zone(word)) {
            read_zone_name(word);
        } else if (hour && (word == "+" || word == "-")) {
            read_offset(word == "+" ? 1 : -1);
        } else if (!is_filler(word)) {
            throw NoDate{};
        }
    }

    /// "Jan-01-99", "Jan of 01", or the month alone.
    void read_month(int month) {
        fields_.add_month(month);
        if (has(at_ + 1, "-") || has(at_ + 1, "/")) {
            fields_.add(token(at_ + 2));
            if (has(at_ + 3, tokens_[at_ + 1])) {
                fields_.add(token(at_ + 4));
                at_ += 2;
            }
            at_ += 2;
        } else if (has(at_ + 4) && has(at_ + 1, " ") && has(at_ + 3, " ") &&
                   to_lower(tokens_[at_ + 2]) == "of") {
            const std::string& year = tokens_[at_ + 4];
            if (std::ranges::all_of(year, is_digit)) {
                fields_.add_year(std::to_string(full_year(date_number(year), false)));
            }
            at_ += 4;
        }
    }

    static int with_half(int hours, int half) {
        return hours < 12 && half == 1 ? hours + 12 : hours == 12 && half == 0 ? 0 : hours;
    }

    bool can_be_zone(std::string_view word) const {
        const auto is_upper = [](char c) { return c >= 'A' && c <= 'Z'; };
        return hour && zone_name.empty() && !zone_offset && word.size() <= 5 &&
               (std::ranges::all_of(word, is_upper) || word == "z");
    }

    void read_zone_name(const std::string& word) {
        zone_name = word;
        if (word == "z") {
            zone_offset = 0;
        }
        // "GMT+3" is meant as "my time + 3 is GMT": the sign is that of an offset turned round.
        if (has(at_ + 1, "+") || has(at_ + 1, "-")) {
            tokens_[at_ + 1] = tokens_[at_ + 1] == "+" ? "-" : "+";
            zone_offset.reset();
            if (is_utc(word)) {
                zone_name.clear();
            }
        }
    }

    /// "-0300", "-03:00", "-3", each perhaps with " (BRST)".
    void read_offset(int sign) {
        const std::string digits = token(at_ + 1);
        int hours_east = 0;
        int minutes_east = 0;
        if (digits.size() == 4) {
            hours_east = date_number(digits.substr(0, 2));
            minutes_east = date_number(digits.substr(2));
        } else if (has(at_ + 2, ":")) {
            hours_east = date_number(digits);
            minutes_east = date_number(token(at_ + 3));
            at_ += 2;
        } else if (digits.size() <= 2) {
            hours_east = date_number(digits);
        } else {
            throw NoDate{};
        }
        if (hours_east > 999 || minutes_east > 9999) {
            throw NoDate{};
        }
        zone_offset = sign * (hours_east * 3600 + minutes_east * 60);
        if (has(at_ + 5) && is_filler(tokens_[at_ + 2]) && tokens_[at_ + 3] == "(" &&
            tokens_[at_ + 5] == ")" && tokens_[at_ + 4].size() >= 3) {
            const auto offset = std::exchange(zone_offset, std::nullopt);
            if (can_be_zone(tokens_[at_ + 4])) {
                zone_name = tokens_[at_ + 4];
                at_ += 4;
            }
            zone_offset = offset;
        }
        ++at_;
    }

    void settle_zone() {
        if ((zone_offset == 0 && zone_name.empty()) || zone_name == "Z" || zone_name == "z") {
            zone_name = "UTC";
            zone_offset = 0;
        } else if (zone_offset != 0 && !zone_name.empty() && is_utc(zone_name)) {
            zone_offset = 0;
        }
    }

    int full_year(int year, bool has_century) const {
        if (year >= 100 || has_century) {
            return year;
        }
        year += this_year_ / 100 * 100;
        return year >= this_year_ + 50 ? year - 100 : year < this_year_ - 50 ? year + 100 : year;
    }

    void read_number() {
        const std::string text = tokens_[at_];
        const Decimal value = decimal_of(text);
        const std::size_t size = text.size();
        if (fields_.size() == 3 && (size == 2 || size == 4) && !hour &&
            (!has(at_ + 1) || (tokens_[at_ + 1] != ":" && !clock_unit_of(tokens_[at_ + 1])))) {
            hour = date_number(text.substr(0, 2));  // 19990101T23[59]
            if (size == 4) {
                minute = date_number(text.substr(2));
            }
        } else if (size == 6 || (size > 6 && text.find('.') == 6)) {
            read_six_digits(text);
        } else if (size == 8 || size == 12 || size == 14) {
            read_compact(text);
        } else if (const auto unit_at = find_clock_unit()) {
            read_with_unit(text, value, *unit_at);
        } else if (has(at_ + 1, ":") && has(at_ + 2)) {
            read_clock(value);
        } else if (has(at_ + 1, "-") || has(at_ + 1, "/") || has(at_ + 1, ".")) {
            read_separated(text);
        } else {
            read_lone(value);
        }
    }

    /// YYMMDD, or HHMMSS[.ss] behind a date.
    void read_six_digits(const std::string& text) {
        if (fields_.size() == 0 && text.find('.') == std::string::npos) {
            fields_.add(text.substr(0, 2));
            fields_.add(text.substr(2, 2));
            fields_.add(text.substr(4));
        } else {
            hour = date_number(text.substr(0, 2));
            minute = date_number(text.substr(2, 2));
            read_seconds(text.substr(4));
        }
    }

    /// YYYYMMDD[hhmm[ss]]
    void read_compact(const std::string& text) {
        fields_.add_year(text.substr(0, 4));
        fields_.add(text.substr(4, 2));
        fields_.add(text.substr(6, 2));
        if (text.size() > 8) {
            hour = date_number(text.substr(8, 2));
            minute = date_number(text.substr(10, 2));
            if (text.size() > 12) {
                second = date_number(text.substr(12));
            }
        }
    }

    /// Where the "h" of "12h", "12 h" or (for the minutes) "12h04" stands.
    std::optional<std::size_t> find_clock_unit() const {
        const auto is_unit = [this](std::size_t index) {
            return has(index) && clock_unit_of(tokens_[index]);
        };
        if (is_unit(at_ + 1)) {
            return at_ + 1;
        }
        if (has(at_ + 1, " ") && is_unit(at_ + 2)) {
            return at_ + 2;
        }
        if (at_ > 0 && is_unit(at_ - 1)) {
            return at_ - 1;
        }
        if (at_ > 1 && at_ + 1 == tokens_.size() && tokens_[at_ - 1] == " " && is_unit(at_ - 2)) {
            return at_ - 2;
        }
        return std::nullopt;
    }

    void read_with_unit(const std::string& text, const Decimal& value, std::size_t unit_at) {
        int unit = *clock_unit_of(tokens_[unit_at]);
        if (unit_at > at_) {
            at_ = unit_at;
        } else {
            ++unit;  // What follows the hours are minutes.
        }
        if (unit == 0) {
            hour = value.whole;
            if (value.fraction != 0) {
                minute = static_cast<int>(60 * value.fraction / Decimal::k_one);
            }
        } else if (unit == 1) {
            read_minutes(value);
        } else if (unit == 2) {
            read_seconds(text);
        }
    }

    /// Minutes with a fraction are minutes and seconds.
    void read_minutes(const Decimal& value) {
        minute = value.whole;
        second = value.fraction == 0
                     ? std::nullopt
                     : std::optional(static_cast<int>(60 * value.fraction / Decimal::k_one));
    }

    void read_seconds(std::string_view text) {
        const std::string_view whole = text.substr(0, text.find('.'));
        second = date_number(whole);
        microsecond = 0;
        if (whole.size() < text.size()) {
            std::string fraction(text.substr(whole.size() + 1));
            fraction.resize(6, '0');
            microsecond = date_number(fraction);
        }
    }

    /// HH:MM[:SS[.ss]]
    void read_clock(const Decimal& hours_read) {
        hour = hours_read.whole;
        read_minutes(decimal_of(token(at_ + 2)));
        if (has(at_ + 3, ":") && has(at_ + 4)) {
            read_seconds(tokens_[at_ + 4]);
            at_ += 2;
        }
        at_ += 2;
    }

    /// "01-01[-01]", "01-Jan[-01]"
    void read_separated(const std::string& text) {
        const std::string sign = tokens_[at_ + 1];
        fields_.add(text);
        if (has(at_ + 2) && !is_filler(tokens_[at_ + 2])) {
            add_part(tokens_[at_ + 2]);
            if (has(at_ + 3, sign)) {
                add_part(token(at_ + 4));
                at_ += 2;
            }
            ++at_;
        }
        ++at_;
    }

    void add_part(std::string_view text) {
        if (const auto month = month_of(text)) {
            fields_.add_month(*month);
        } else {
            fields_.add(text);
        }
    }

    /// "12am", "12 am", or a year, month or day.
    void read_lone(const Decimal& value) {
        if (!has(at_ + 1) || is_filler(tokens_[at_ + 1])) {
            const auto half = has(at_ + 2) ? half_of(tokens_[at_ + 2]) : std::nullopt;
            if (half) {
                hour = with_half(value.whole, *half);
                ++at_;
            } else {
                add_value(value);
            }
            ++at_;
        } else if (const auto half = half_of(tokens_[at_ + 1]); half && value.whole < 24) {
            hour = with_half(value.whole, *half);
            ++at_;
        } else if (fields_.could_be_day(value.whole, value.fraction != 0)) {
            add_value(value);
        } else {
            throw NoDate{};
        }
    }

    void add_value(const Decimal& value) {
        if (value.whole == 100 && value.fraction != 0) {
            fields_.add_year("100");
        } else {
            fields_.add(value.whole);
        }
    }

    std::vector<std::string> tokens_;
    int this_year_;
    std::size_t at_ = 0;
    DateFields fields_;
    std::optional<int> half_;
};

/// What is missing is that of today; a day that the month does not have becomes its last one.
local_days day_of(const Reader& read, const DateContext& context) {
    const int year_number = read.date.year.value_or(static_cast<int>(context.today.year()));
    const int month_number =
        read.date.month.value_or(static_cast<int>(static_cast<unsigned>(context.today.month())));
    const int last = days_of_month(year_number, month_number);
    const int today = static_cast<int>(static_cast<unsigned>(context.today.day()));
    const int day_number = read.date.day.value_or(std::min(today, last));
    if (year_number < 1 || year_number > 9999 || day_number < 1 || day_number > last) {
        throw NoDate{};
    }
    local_days day = local_days(year(year_number) / static_cast<int>(month_number) / day_number);
    if (read.weekday && !read.date.day) {
        const int now = static_cast<int>(weekday(day).iso_encoding()) - 1;
        day += days((7 - now + *read.weekday) % 7);
    }
    if (year_month_day(day).year() > year(9999)) {
        throw NoDate{};
    }
    return day;
}

microseconds time_of(const Reader& read) {
    const int hour = read.hour.value_or(0);
    const int minute = read.minute.value_or(0);
    const int second = read.second.value_or(0);
    if (hour > 23 || minute > 59 || second > 59) {
        throw NoDate{};
    }
    return hours(hour) + minutes(minute) + seconds(second) +
           microseconds(read.microsecond.value_or(0));
}

}  // namespace

std::optional<FreeDate> parse_free_date(std::string_view text, const DateContext& context) {
    try {
        Reader read(text, static_cast<int>(context.today.year()));
        read.run();
        if (read.is_empty()) {
            return std::nullopt;
        }
        FreeDate result{day_of(read, context), time_of(read), std::nullopt, {}};
        if (!read.zone_name.empty() && std::ranges::count(context.zone_names, read.zone_name) > 0) {
            result.zone_name = read.zone_name;
        } else if (read.zone_offset) {
            result.offset = seconds(*read.zone_offset);
            if (abs(*result.offset) >= days(1)) {
                return std::nullopt;
            }
        }
        return result;
    } catch (const NoDate&) {
        return std::nullopt;
    }
}

}  // namespace patroni::codec
