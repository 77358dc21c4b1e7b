#include "codec/postgres_number.hpp"

#include <algorithm>

namespace patroni::codec {
namespace {

/// Takes the digits at the front; false when there are none.
bool take_digits(std::string_view& text) {
    const auto end = std::min(text.find_first_not_of("0123456789"), text.size());
    text.remove_prefix(end);
    return end != 0;
}

}  // namespace

bool is_postgres_number(std::string_view text) {
    text.remove_prefix(text.starts_with('-') ? 1 : 0);
    if (text == "Infinity" || text == "NaN") {
        return true;
    }
    if (!take_digits(text)) {
        return false;
    }
    if (text.starts_with('.')) {
        text.remove_prefix(1);
        if (!take_digits(text)) {
            return false;
        }
    }
    if (text.starts_with('e')) {
        text.remove_prefix(1);
        text.remove_prefix(text.starts_with('-') || text.starts_with('+') ? 1 : 0);
        if (!take_digits(text)) {
            return false;
        }
    }
    return text.empty();
}

std::string decimal_text(std::string_view text) {
    const std::string sign = text.starts_with('-') ? "-" : "";
    const std::string_view digits = text.substr(sign.size());
    const std::size_t point = digits.find('.');
    if (point == std::string_view::npos || !digits.starts_with("0.")) {
        return std::string(text);
    }
    const std::string_view fraction = digits.substr(point + 1);
    const std::size_t first = fraction.find_first_not_of('0');
    const std::string_view coefficient = first == std::string_view::npos
                                             ? fraction.substr(fraction.size() - 1)
                                             : fraction.substr(first);
    const std::size_t exponent = fraction.size() - coefficient.size() + 1;  // Of the first digit.
    if (exponent <= 6) {
        return std::string(text);
    }
    std::string out = sign + std::string(coefficient.substr(0, 1));
    if (coefficient.size() > 1) {
        out += '.' + std::string(coefficient.substr(1));
    }
    return out + "E-" + std::to_string(exponent);
}

}  // namespace patroni::codec
