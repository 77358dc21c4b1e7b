#include "codec/yaml_scalar.hpp"

#include "base/text.hpp"
#include "codec/python_float.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

namespace patroni::codec {
namespace {

std::string_view without_sign(std::string_view text) {
    if (!text.empty() && (text.front() == '+' || text.front() == '-')) {
        text.remove_prefix(1);
    }
    return text;
}

bool is_true_word(std::string_view word) {
    return word == "yes" || word == "true" || word == "on";
}

std::string without_underscores(std::string_view text) {
    std::string out(text);
    out.erase(std::remove(out.begin(), out.end(), '_'), out.end());
    return out;
}

Value signed_value(std::uint64_t magnitude, bool negative) {
    if (!negative) {
        return magnitude;
    }
    constexpr std::uint64_t limit = std::uint64_t{1} << 63;
    if (magnitude > limit) {
        return Value::Number{'-' + std::to_string(magnitude)};
    }
    return static_cast<std::int64_t>(~magnitude + 1);
}

std::optional<std::uint64_t> sexagesimal(std::string_view text) {
    std::uint64_t total = 0;
    while (true) {
        const std::size_t end = std::min(text.find(':'), text.size());
        const auto part = parse_integer<std::uint64_t>(text.substr(0, end));
        std::uint64_t scaled = 0;
        if (!part || __builtin_mul_overflow(total, std::uint64_t{60}, &scaled) ||
            __builtin_add_overflow(scaled, *part, &total)) {
            return std::nullopt;
        }
        if (end == text.size()) {
            return total;
        }
        text.remove_prefix(end + 1);
    }
}

Value integer_value(std::string_view original) {
    const std::string text = without_underscores(original);
    const bool negative = text.starts_with('-');
    const std::string_view digits = without_sign(text);
    std::optional<std::uint64_t> magnitude;
    if (digits.find(':') != std::string_view::npos) {
        magnitude = sexagesimal(digits);
    } else if (digits.starts_with("0b") || digits.starts_with("0x")) {
        magnitude = parse_integer<std::uint64_t>(digits.substr(2), digits[1] == 'b' ? 2 : 16);
    } else if (digits.starts_with('0')) {
        magnitude = parse_integer<std::uint64_t>(digits, 8);
    } else {
        magnitude = parse_integer<std::uint64_t>(digits);
        if (!magnitude) {
            return Value::Number{(negative ? "-" : "") + std::string(digits)};
        }
    }
    // Beyond 64 bits in another base, or "0x_": no document of Patroni has it; it stays text.
    return magnitude ? signed_value(*magnitude, negative) : Value(original);
}

double sexagesimal_real(std::string_view text) {
    double total = 0;
    while (true) {
        const std::size_t end = std::min(text.find(':'), text.size());
        total = total * 60 + Value::Number{std::string(text.substr(0, end))}.as_double();
        if (end == text.size()) {
            return total;
        }
        text.remove_prefix(end + 1);
    }
}

Value real_value(std::string_view original) {
    const std::string text = to_lower(without_underscores(original));
    const bool negative = text.starts_with('-');
    const std::string_view digits = without_sign(text);
    if (digits == ".nan") {
        return Value::Number{"NaN"};
    }
    double number = std::numeric_limits<double>::infinity();
    if (digits.find(':') != std::string_view::npos) {
        number = sexagesimal_real(digits);
    } else if (digits != ".inf") {
        number = Value::Number{std::string(digits)}.as_double();
    }
    number = negative ? -number : number;
    if (std::isinf(number)) {
        return Value::Number{negative ? "-Infinity" : "Infinity"};
    }
    return Value::Number{python_repr(number)};
}

}  // namespace

Value resolve_plain_scalar(std::string_view text) {
    switch (classify_plain_scalar(text)) {
        case ScalarKind::null:
            return nullptr;
        case ScalarKind::boolean:
            return is_true_word(to_lower(text));
        case ScalarKind::integer:
            return integer_value(text);
        case ScalarKind::real:
            return real_value(text);
        case ScalarKind::text:
        case ScalarKind::timestamp:
        case ScalarKind::merge:
        case ScalarKind::default_value:
            break;
    }
    return text;
}

}  // namespace patroni::codec
