#include "codec/postgres_value.hpp"

#include "base/text.hpp"
#include "codec/json.hpp"
#include "codec/postgres_array.hpp"
#include "codec/postgres_number.hpp"
#include "codec/python_time.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <optional>
#include <string>
#include <utility>

namespace patroni::codec {
namespace {

using Other = PythonValue::Other;
using Kind = Other::Kind;

enum class Type {
    text,
    boolean,
    bytes,
    integer,
    real,
    decimal,
    date,
    time,
    timestamp,
    timestamp_with_zone,
    interval,
    json,
    range,
};

/// A type of pg_type and the arrays of it; `element` is what a range is made of.
struct Row {
    std::uint32_t oid;
    std::uint32_t array;
    Type type;
    std::uint32_t element = 0;
    std::string_view range_name = {};
};

constexpr std::array<Row, 35> rows{{
    {16, 1000, Type::boolean},
    {17, 1001, Type::bytes},
    {18, 1002, Type::text},
    {19, 1003, Type::text},
    {20, 1016, Type::integer},
    {21, 1005, Type::integer},
    {0, 1006, Type::integer},  // int2vector is text, an array of it is not.
    {23, 1007, Type::integer},
    {25, 1009, Type::text},
    {26, 1028, Type::integer},
    {0, 1013, Type::integer},  // The same with oidvector.
    {114, 199, Type::json},
    {650, 651, Type::text},
    {700, 1021, Type::real},
    {701, 1022, Type::real},
    {704, 0, Type::interval},
    {829, 1040, Type::text},
    {869, 1041, Type::text},
    {1042, 1014, Type::text},
    {1043, 1015, Type::text},
    {1082, 1182, Type::date},
    {1083, 1183, Type::time},
    {1114, 1115, Type::timestamp},
    {1184, 1185, Type::timestamp_with_zone},
    {1186, 1187, Type::interval},
    {1266, 1270, Type::time},
    {1700, 1231, Type::decimal},
    {3802, 3807, Type::json},
    {3904, 3905, Type::range, 23, "NumericRange"},
    {3906, 3907, Type::range, 1700, "NumericRange"},
    {3908, 3909, Type::range, 1114, "DateTimeRange"},
    {3910, 3911, Type::range, 1184, "DateTimeTZRange"},
    {3912, 3913, Type::range, 1082, "DateRange"},
    {3926, 3927, Type::range, 20, "NumericRange"},
}};

Error out_of_range(std::string_view text) {
    Error error;
    error.kind = ErrorKind::decode;
    error.message = "a value that Python cannot hold: " + escape_untrusted(text, 80);
    return error;
}

/// A form that psycopg2 itself cannot read.
Error unreadable(std::string_view what) {
    Error error;
    error.kind = ErrorKind::unsupported;
    error.message = what;
    return error;
}

// Dates and times

std::optional<PythonDate> take_date(std::string_view& text) {
    const auto year = take_digits(text);
    const bool first = take(text, "-");
    const auto month = take_digits(text);
    const bool second = take(text, "-");
    const auto day = take_digits(text);
    if (!year || !first || !month || !second || !day) {
        return std::nullopt;
    }
    const PythonDate date{*year, *month, *day};
    return date.is_valid() ? std::optional(date) : std::nullopt;
}

/// `+05`, `-03:30`, `+01:17:30`, or nothing.
bool take_zone(std::string_view& text, PythonClock& clock) {
    if (text.empty()) {
        return true;
    }
    const int sign = text.front() == '-' ? -1 : 1;
    if (text.front() != '-' && text.front() != '+') {
        return false;
    }
    text.remove_prefix(1);
    const auto hours = take_digits(text);
    const int minutes = take(text, ":") ? take_digits(text).value_or(0) : 0;
    const int seconds = take(text, ":") ? take_digits(text).value_or(0) : 0;
    if (!hours || *hours > 24 || minutes > 59 || seconds > 59) {
        return false;
    }
    clock.zone_seconds = sign * (*hours * 3600 + minutes * 60 + seconds);
    return text.empty();
}

std::optional<PythonClock> take_clock(std::string_view& text) {
    const auto hour = take_digits(text);
    const bool first = take(text, ":");
    const auto minute = take_digits(text);
    const bool second_follows = take(text, ":");
    const auto second = take_digits(text);
    if (!hour || !first || !minute || !second_follows || !second) {
        return std::nullopt;
    }
    PythonClock clock{*hour, *minute, *second};
    if (take(text, ".")) {
        clock.microsecond = take_microseconds(text);
    }
    if (clock.second == 60) {  // As psycopg2 does with a leap second.
        ++clock.minute;
        clock.second = 0;
    }
    return take_zone(text, clock) ? std::optional(clock) : std::nullopt;
}

std::optional<Other> date_of(std::string_view text) {
    if (text == "infinity") {
        return python_date({9999, 12, 31});
    }
    if (text == "-infinity") {
        return python_date({1, 1, 1});
    }
    const auto date = take_date(text);
    return date && text.empty() ? std::optional(python_date(*date)) : std::nullopt;
}

std::optional<Other> time_of(std::string_view text) {
    auto clock = take_clock(text);
    if (clock && clock->hour == 24) {
        clock->hour = 0;
    }
    return clock && clock->is_valid() ? std::optional(python_time(*clock)) : std::nullopt;
}

std::optional<Other> timestamp_of(std::string_view text, bool has_zone) {
    const std::optional<int> zone = has_zone ? std::optional(0) : std::nullopt;
    if (text == "infinity") {
        return python_datetime({9999, 12, 31}, {23, 59, 59, 999'999, zone});
    }
    if (text == "-infinity") {
        return python_datetime({1, 1, 1}, {0, 0, 0, 0, zone});
    }
    const auto date = take_date(text);
    take(text, " ");
    const auto clock = take_clock(text);
    const bool is_valid = date && clock && clock->is_valid();
    return is_valid ? std::optional(python_datetime(*date, *clock)) : std::nullopt;
}

std::int64_t take_sign(std::string_view& text) {
    const bool negative = take(text, "-");
    take(text, "+");
    return negative ? -1 : 1;
}

/// `1 year 2 mons -3 days 04:05:06.5`: a month is 30 days, a year 365.
std::optional<Other> interval_of(std::string_view text) {
    std::int64_t days = 0;
    std::int64_t microseconds = 0;
    while (!text.empty()) {
        const std::int64_t sign = take_sign(text);
        const auto number = take_digits(text);
        if (!number) {
            return std::nullopt;
        }
        if (take(text, ":")) {
            const std::int64_t minutes = take_digits(text).value_or(0);
            take(text, ":");
            const std::int64_t seconds = take_digits(text).value_or(0);
            const std::int64_t fraction = take(text, ".") ? take_microseconds(text) : 0;
            microseconds =
                sign * (((*number * 60LL + minutes) * 60 + seconds) * 1'000'000 + fraction);
        } else if (take(text, " year")) {
            days += sign * *number * 365;
        } else if (take(text, " mon")) {
            days += sign * *number * 30;
        } else if (take(text, " day")) {
            days += sign * *number;
        } else {
            return std::nullopt;
        }
        take(text, "s");
        take(text, " ");
    }
    return python_interval(days, microseconds);
}

// Numbers

Result<PythonValue> decimal_of(std::string_view text) {
    if (!is_postgres_number(text)) {
        return unreadable("no number for Decimal()");
    }
    std::string str = decimal_text(text);
    std::string repr = "Decimal('" + str + "')";
    return PythonValue(Other{Kind::decimal, std::move(str), std::move(repr)});
}

Result<PythonValue> real_of(std::string_view text) {
    if (!is_postgres_number(text)) {
        return unreadable("could not convert string to float");
    }
    // "Infinity" and "NaN" are the words of JSON, too.
    const bool is_whole = text.find_first_not_of("-0123456789") == std::string_view::npos;
    return PythonValue(is_whole ? PythonValue(Value::Number{std::string(text)}.as_double())
                                : PythonValue(Value(Value::Number{std::string(text)})));
}

/// Python shows where its bytes are.
PythonValue bytes_of(std::string_view text) {
    char address[40];
    std::snprintf(address, sizeof address, "<memory at %p>", static_cast<const void*>(text.data()));
    return PythonValue(Other{Kind::opaque, address, address});
}

// Ranges

/// One bound: quoted, plain or nothing; nullopt when it is none.
std::optional<std::string> take_bound(std::string_view& text, bool& is_given) {
    std::string out;
    is_given = !text.empty() && text.front() != ',' && text.front() != ')' && text.front() != ']';
    if (!take(text, "\"")) {
        const std::size_t end = std::min(text.find_first_of(",])"), text.size());
        out = text.substr(0, end);
        text.remove_prefix(end);
        return out;
    }
    while (!text.empty()) {
        const char c = text.front();
        text.remove_prefix(1);
        if (c == '"' && !text.starts_with('"')) {
            return out;
        }
        out += c;
        if ((c == '"' || c == '\\') && text.starts_with(c)) {
            text.remove_prefix(1);
        }
    }
    return std::nullopt;
}

Result<PythonValue> range_of(const Row& row, std::string_view text) {
    const std::string name(row.range_name);
    if (text == "empty") {
        return PythonValue(Other{Kind::opaque, "empty", name + "(empty=True)"});
    }
    std::string_view rest = text.substr(std::min<std::size_t>(1, text.size()));
    std::array<PythonValue, 2> bounds;
    for (PythonValue& bound : bounds) {
        bool is_given = false;
        const auto bound_text = take_bound(rest, is_given);
        if (!bound_text) {
            return out_of_range(text);
        }
        if (is_given) {
            auto value = postgres_value(row.element, *bound_text);
            if (!value) {
                return value;
            }
            bound = std::move(*value);
        }
        if (&bound == &bounds.front()) {
            take(rest, ",");
        }
    }
    if (rest.size() != 1) {
        return out_of_range(text);
    }
    const std::string open(text.substr(0, 1));
    const std::string close(rest);
    return PythonValue(Other{Kind::opaque,
                             open + python_str(bounds[0]) + ", " + python_str(bounds[1]) + close,
                             name + '(' + python_repr(bounds[0]) + ", " + python_repr(bounds[1]) +
                                 ", '" + open + close + "')"});
}

/// Whether a date stands first, be it one that no calendar has.
bool begins_with_date(std::string_view text) {
    return take_digits(text) && take(text, "-") && take_digits(text) && take(text, "-") &&
           take_digits(text);
}

Result<PythonValue> date_or_time(const std::optional<Other>& other, Type type,
                                 std::string_view text) {
    if (other) {
        return PythonValue(*other);
    }
    if (type == Type::interval) {
        return text.starts_with('P') ? unreadable("iso_8601 intervalstyle currently not supported")
                                     : out_of_range(text);
    }
    const bool is_dated = type == Type::time || begins_with_date(text);
    return is_dated ? out_of_range(text) : unreadable("unable to parse date");
}

Result<PythonValue> integer_of(std::string_view text) {
    const auto digits = text.substr(text.starts_with('-') ? 1 : 0);
    if (digits.empty() || !std::all_of(digits.begin(), digits.end(), is_digit)) {
        return unreadable("no number for int()");
    }
    return PythonValue(PythonValue::Integer{std::string(text)});
}

Result<PythonValue> single(const Row& row, std::string_view text) {
    switch (row.type) {
        case Type::boolean:
            return PythonValue(text == "t");
        case Type::bytes:
            return bytes_of(text);
        case Type::integer:
            return integer_of(text);
        case Type::real:
            return real_of(text);
        case Type::decimal:
            return decimal_of(text);
        case Type::date:
            return date_or_time(date_of(text), row.type, text);
        case Type::time:
            return date_or_time(time_of(text), row.type, text);
        case Type::timestamp:
        case Type::timestamp_with_zone:
            return date_or_time(timestamp_of(text, row.type == Type::timestamp_with_zone), row.type,
                                text);
        case Type::interval:
            return date_or_time(interval_of(text), row.type, text);
        case Type::json: {
            auto json = parse_json(text);
            return json ? Result<PythonValue>(PythonValue(*json)) : std::move(json).error();
        }
        case Type::range:
            return range_of(row, text);
        case Type::text:
            break;
    }
    return PythonValue(text);
}

}  // namespace

Result<PythonValue> postgres_value(std::uint32_t type, std::string_view text) {
    const auto row = std::find_if(rows.begin(), rows.end(), [&](const Row& candidate) {
        return type != 0 && (candidate.oid == type || candidate.array == type);
    });
    if (row == rows.end()) {
        return PythonValue(text);
    }
    if (row->oid == type) {
        return single(*row, text);
    }
    return postgres_array(text, [&](std::string_view item) { return single(*row, item); });
}

}  // namespace patroni::codec
