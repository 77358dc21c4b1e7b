#include "patronictl/python_text.hpp"

#include "base/text.hpp"
#include "codec/python_json.hpp"

#include <cstdlib>

namespace patronictl {
namespace {

using patroni::Value;

/// The digits of a number as Python takes them: blanks around, one underscore between two.
std::optional<std::string> without_underscores(std::string_view text) {
    while (!text.empty() && std::string_view(" \t\n\r\f\v").find(text.front()) != text.npos) {
        text.remove_prefix(1);
    }
    while (!text.empty() && std::string_view(" \t\n\r\f\v").find(text.back()) != text.npos) {
        text.remove_suffix(1);
    }
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '_') {
            out += text[i];
        } else if (i == 0 || i + 1 == text.size() || !patroni::is_digit(text[i - 1]) ||
                   !patroni::is_digit(text[i + 1])) {
            return std::nullopt;
        }
    }
    return out;
}

}  // namespace

std::string python_str(const Value& value) {
    const auto* text = value.if_string();
    return text != nullptr ? *text : patroni::codec::python_str(patroni::codec::PythonValue(value));
}

std::string python_repr(const Value& value) {
    return patroni::codec::python_repr(patroni::codec::PythonValue(value));
}

std::string python_json(const Value& value) {
    // JSON can hold every value that was read from JSON.
    return patroni::codec::dump_python_json(patroni::codec::PythonValue(value)).value();
}

bool python_truth(const Value* value) {
    if (value == nullptr || value->is_null()) {
        return false;
    }
    if (const auto* boolean = value->if_bool()) {
        return *boolean;
    }
    if (const auto* integer = value->if_int()) {
        return *integer != 0;
    }
    if (const auto* number = value->if_number()) {
        return number->as_double() != 0;
    }
    if (const auto* text = value->if_string()) {
        return !text->empty();
    }
    if (const auto* array = value->if_array()) {
        return !array->empty();
    }
    if (const auto* object = value->if_object()) {
        return !object->empty();
    }
    return true;
}

std::optional<std::int64_t> python_int(std::string_view text) {
    auto digits = without_underscores(text);
    if (!digits) {
        return std::nullopt;
    }
    std::string_view rest = *digits;
    if (rest.starts_with('+') && !rest.starts_with("+-")) {
        rest.remove_prefix(1);
    }
    return patroni::parse_integer<std::int64_t>(rest);
}

std::optional<double> python_float(std::string_view text) {
    const auto digits = without_underscores(text);
    if (!digits || digits->empty()) {
        return std::nullopt;
    }
    std::string_view rest = *digits;
    if (rest.front() == '+' || rest.front() == '-') {
        rest.remove_prefix(1);
    }
    const std::string word = patroni::to_lower(rest);
    const bool named = word == "inf" || word == "infinity" || word == "nan";
    if (!named && rest.find_first_not_of("0123456789.eE+-") != rest.npos) {
        return std::nullopt;  // strtod would take hexadecimal digits, too.
    }
    char* end = nullptr;
    const double value = std::strtod(digits->c_str(), &end);
    return end == digits->c_str() + digits->size() ? std::optional(value) : std::nullopt;
}

}  // namespace patronictl
