#include "codec/python_float.hpp"

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string_view>

namespace patroni::codec {

std::string python_repr(double number) {
    if (std::isnan(number)) {
        return "nan";
    }
    if (std::isinf(number)) {
        return number < 0 ? "-inf" : "inf";
    }
    char buffer[64];
    const auto end =
        std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific).ptr;
    std::string_view text(buffer, static_cast<std::size_t>(end - buffer));
    std::string out;
    if (text.front() == '-') {
        out = "-";
        text.remove_prefix(1);
    }
    // d[.ddd]e[+-]dd
    const std::size_t mark = text.find('e');
    std::string digits(text.substr(0, mark));
    if (digits.size() > 1) {
        digits.erase(1, 1);
    }
    int exponent = 0;
    const bool negative = text[mark + 1] == '-';
    std::from_chars(text.data() + mark + 2, end, exponent);
    exponent = negative ? -exponent : exponent;

    const auto places = static_cast<int>(digits.size());
    if (exponent < -4 || exponent >= 16) {
        out += digits.substr(0, 1);
        if (places > 1) {
            out += '.' + digits.substr(1);
        }
        out += negative ? "e-" : "e+";
        const std::string power = std::to_string(std::abs(exponent));
        out += power.size() < 2 ? '0' + power : power;
    } else if (exponent < 0) {
        out += "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + digits;
    } else if (places <= exponent + 1) {
        out += digits + std::string(static_cast<std::size_t>(exponent + 1 - places), '0') + ".0";
    } else {
        const auto point = static_cast<std::size_t>(exponent + 1);
        out += digits.substr(0, point) + '.' + digits.substr(point);
    }
    return out;
}

}  // namespace patroni::codec
