#include "patronictl/lenient_number.hpp"

#include "base/text.hpp"
#include "patronictl/python_text.hpp"

#include <cmath>
#include <limits>
#include <string>
#include <string_view>

namespace patronictl {
namespace {

/// The number of the digits at the front, which are removed. Too many digits: the largest number.
std::int64_t take_digits(std::string_view& text, int base) {
    constexpr std::string_view k_digits = "0123456789abcdef";
    constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
    std::int64_t value = 0;
    while (!text.empty()) {
        const std::size_t digit = k_digits.find(patroni::to_lower(text.substr(0, 1)));
        if (digit == std::string_view::npos || static_cast<int>(digit) >= base) {
            break;
        }
        const auto amount = static_cast<std::int64_t>(digit);
        value = value > (most - amount) / base ? most : value * base + amount;
        text.remove_prefix(1);
    }
    return value;
}

bool is_hexadecimal(char c) {
    return patroni::is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

}  // namespace

std::int64_t round_half_even(double value) {
    const double rounded = std::nearbyint(value);
    if (rounded >= 9.2e18 || rounded <= -9.2e18) {
        return rounded > 0 ? std::numeric_limits<std::int64_t>::max()
                           : std::numeric_limits<std::int64_t>::min();
    }
    return static_cast<std::int64_t>(rounded);
}

std::optional<std::int64_t> lenient_integer(const patroni::Value& value) {
    const std::string whole = python_str(value);
    const std::string_view text = patroni::trim(whole);
    std::string_view rest = text;
    const bool negative = rest.starts_with('-');
    if (negative || rest.starts_with('+')) {
        rest.remove_prefix(1);
    }
    std::optional<std::int64_t> number;
    if (rest.size() > 2 && rest.starts_with("0x") && is_hexadecimal(rest[2])) {
        rest.remove_prefix(2);
        number = take_digits(rest, 16);
    } else if (!rest.empty() && patroni::is_digit(rest.front())) {
        number = take_digits(rest, rest.front() == '0' ? 8 : 10);
    }
    if (number && rest.empty()) {
        return negative ? -*number : *number;
    }
    if (rest.empty() || (rest.front() != '.' && rest.front() != 'e' && rest.front() != 'E')) {
        return std::nullopt;  // Nothing, or a unit.
    }
    const auto real = python_float(text);
    if (!real || !std::isfinite(*real) || text.ends_with('.') || text.find('_') != text.npos) {
        return std::nullopt;
    }
    return round_half_even(*real);
}

}  // namespace patronictl
