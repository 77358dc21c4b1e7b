#include "base/text.hpp"
#include "codec/yaml_scalar.hpp"

#include <algorithm>
#include <cstddef>

namespace patroni::codec {
namespace {

// The patterns are those of PyYAML's resolver.py, written out: std::regex would be slow and would
// recurse on long text.

bool is_one_of(std::string_view text, std::initializer_list<std::string_view> words) {
    return std::find(words.begin(), words.end(), text) != words.end();
}

template <class Predicate>
std::size_t run(std::string_view text, std::size_t position, Predicate predicate) {
    while (position < text.size() && predicate(text[position])) {
        ++position;
    }
    return position;
}

bool digit_or_underscore(char c) {
    return is_digit(c) || c == '_';
}
bool is_digit_char(char c) {
    return is_digit(c);
}

std::string_view without_sign(std::string_view text) {
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        text.remove_prefix(1);
    }
    return text;
}

/// `(?::[0-5]?[0-9])+`; the position behind it, or npos.
std::size_t sexagesimal_tail(std::string_view text, std::size_t position) {
    std::size_t groups = 0;
    while (position < text.size() && text[position] == ':') {
        const std::size_t end = run(text, position + 1, is_digit_char);
        const std::size_t digits = end - position - 1;
        if (digits == 0 || digits > 2 || (digits == 2 && text[position + 1] > '5')) {
            return std::string_view::npos;
        }
        position = end;
        ++groups;
    }
    return groups == 0 ? std::string_view::npos : position;
}

bool is_integer(std::string_view text) {
    text = without_sign(text);
    if (text.empty() || !is_digit(text.front())) {
        return false;
    }
    const auto all_behind = [&](std::size_t skip, auto predicate) {
        return text.size() > skip && run(text, skip, predicate) == text.size();
    };
    if (text.front() == '0') {
        return text == "0" ||
               (text.starts_with("0b") &&
                all_behind(2, [](char c) { return c == '0' || c == '1' || c == '_'; })) ||
               (text.starts_with("0x") && all_behind(2,
                                                     [](char c) {
                                                         return digit_or_underscore(c) ||
                                                                (c >= 'a' && c <= 'f') ||
                                                                (c >= 'A' && c <= 'F');
                                                     })) ||
               all_behind(1, [](char c) { return (c >= '0' && c <= '7') || c == '_'; });
    }
    const std::size_t digits = run(text, 0, digit_or_underscore);
    return digits == text.size() || sexagesimal_tail(text, digits) == text.size();
}

bool is_exponent(std::string_view text) {
    return text.empty() ||
           (text.size() > 2 && (text[0] == 'e' || text[0] == 'E') &&
            (text[1] == '+' || text[1] == '-') && run(text, 2, is_digit_char) == text.size());
}

bool is_real(std::string_view text) {
    if (is_one_of(text, {".nan", ".NaN", ".NAN"}) ||
        is_one_of(without_sign(text), {".inf", ".Inf", ".INF"})) {
        return true;
    }
    if (text.starts_with('.')) {  // Without a sign, as in PyYAML.
        return text.size() > 1 && is_digit(text[1]) &&
               is_exponent(text.substr(run(text, 1, digit_or_underscore)));
    }
    text = without_sign(text);
    if (text.empty() || !is_digit(text.front())) {
        return false;
    }
    const std::size_t whole = run(text, 0, digit_or_underscore);
    if (whole < text.size() && text[whole] == '.') {
        return is_exponent(text.substr(run(text, whole + 1, digit_or_underscore)));
    }
    const std::size_t tail = sexagesimal_tail(text, whole);
    return tail < text.size() && text[tail] == '.' &&
           run(text, tail + 1, digit_or_underscore) == text.size();
}

/// Matches `pattern`, in which `d` is a digit, `?` an optional digit, others stand for themselves.
std::size_t match(std::string_view text, std::size_t position, std::string_view pattern) {
    for (const char expected : pattern) {
        const bool more = position < text.size();
        if (expected == '?') {
            position += more && is_digit(text[position]) ? 1 : 0;
        } else if (!more ||
                   (expected == 'd' ? !is_digit(text[position]) : text[position] != expected)) {
            return std::string_view::npos;
        } else {
            ++position;
        }
    }
    return position;
}

bool is_blank(char c) {
    return c == ' ' || c == '\t';
}

bool is_timestamp(std::string_view text) {
    if (match(text, 0, "dddd-dd-dd") == text.size()) {
        return true;
    }
    std::size_t position = match(text, 0, "dddd-d?-d?");
    if (position >= text.size()) {
        return false;
    }
    if (text[position] == 'T' || text[position] == 't') {
        ++position;
    } else if (const std::size_t behind = run(text, position, is_blank); behind > position) {
        position = behind;
    } else {
        return false;
    }
    position = match(text, position, "d?:dd:dd");
    if (position == std::string_view::npos) {
        return false;
    }
    if (position < text.size() && text[position] == '.') {
        position = run(text, position + 1, is_digit_char);
    }
    if (position == text.size()) {
        return true;
    }
    const std::string_view zone = text.substr(run(text, position, is_blank));
    if (zone == "Z") {
        return true;
    }
    if (zone.empty() || (zone[0] != '+' && zone[0] != '-')) {
        return false;
    }
    const std::size_t hours = match(zone, 1, "d?");
    return hours == zone.size() ||
           (hours != std::string_view::npos && match(zone, hours, ":dd") == zone.size());
}

}  // namespace

ScalarKind classify_plain_scalar(std::string_view text) {
    if (text.empty() || is_one_of(text, {"~", "null", "Null", "NULL"})) {
        return ScalarKind::null;
    }
    if (is_one_of(text, {"yes", "Yes", "YES", "no", "No", "NO", "true", "True", "TRUE", "false",
                         "False", "FALSE", "on", "On", "ON", "off", "Off", "OFF"})) {
        return ScalarKind::boolean;
    }
    if (text == "<<") {
        return ScalarKind::merge;
    }
    if (text == "=") {
        return ScalarKind::default_value;
    }
    if (is_integer(text)) {
        return ScalarKind::integer;
    }
    if (is_real(text)) {
        return ScalarKind::real;
    }
    return is_timestamp(text) ? ScalarKind::timestamp : ScalarKind::text;
}

}  // namespace patroni::codec
