#include "patronictl/python_text.hpp"

#include "base/text.hpp"
#include "codec/python_float.hpp"

#include <cmath>
#include <cstdio>
#include <cstdlib>

namespace patronictl {
namespace {

using patroni::Value;

std::string hexadecimal(char32_t code, int digits) {
    char text[16];
    std::snprintf(text, sizeof text, "%0*x", digits, static_cast<unsigned>(code));
    return text;
}

/// Characters outside ASCII that Python would write as an escape in `repr`.
bool is_printable(char32_t code) {
    const bool blank = code == 0xA0 || code == 0x1680 || (code >= 0x2000 && code <= 0x200F) ||
                       (code >= 0x2028 && code <= 0x202F) || (code >= 0x205F && code <= 0x206F) ||
                       code == 0x3000 || code == 0xFEFF;
    const bool control = (code >= 0x7F && code < 0xA0) || code == 0xAD;
    const bool private_use = (code >= 0xE000 && code <= 0xF8FF) || code >= 0xF0000;
    return !blank && !control && !private_use;
}

std::string number_text(const Value::Number& number) {
    // An integer that does not fit keeps its digits; all else is a float.
    if (number.text.find_first_not_of("-0123456789") == std::string::npos) {
        return number.text == "-0" ? "0" : number.text;
    }
    return patroni::codec::python_repr(number.as_double());
}

std::string scalar_text(const Value& value) {
    if (const auto* boolean = value.if_bool()) {
        return *boolean ? "True" : "False";
    }
    if (const auto* integer = value.if_int()) {
        return std::to_string(*integer);
    }
    if (const auto* natural = value.if_uint()) {
        return std::to_string(*natural);
    }
    if (const auto* number = value.if_number()) {
        return number_text(*number);
    }
    return "None";
}

void append_json_text(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = patroni::utf8_length(text, i);
        if (length == 0) {
            // What Python reads with "surrogateescape".
            out += "\\udc" + hexadecimal(static_cast<unsigned char>(text[i]), 2);
            ++i;
            continue;
        }
        const char32_t code = patroni::utf8_decode(text, i, length);
        i += length;
        constexpr std::string_view named = "\"\\\b\f\n\r\t";
        constexpr std::string_view letters = "\"\\bfnrt";
        const std::size_t at =
            code < 0x80 ? named.find(static_cast<char>(code)) : std::string_view::npos;
        if (at != std::string_view::npos) {
            out += '\\';
            out += letters[at];
        } else if (code >= 0x20 && code < 0x7F) {
            out += static_cast<char>(code);
        } else if (code < 0x10000) {
            out += "\\u" + hexadecimal(code, 4);
        } else {
            const char32_t rest = code - 0x10000;
            out += "\\u" + hexadecimal(0xD800 + (rest >> 10), 4);
            out += "\\u" + hexadecimal(0xDC00 + (rest & 0x3FF), 4);
        }
    }
    out += '"';
}

void append_json(std::string& out, const Value& value) {
    if (const auto* object = value.if_object()) {
        out += '{';
        for (std::size_t i = 0; i < object->size(); ++i) {
            out += i == 0 ? "" : ", ";
            append_json_text(out, (*object)[i].first);
            out += ": ";
            append_json(out, (*object)[i].second);
        }
        out += '}';
    } else if (const auto* array = value.if_array()) {
        out += '[';
        for (std::size_t i = 0; i < array->size(); ++i) {
            out += i == 0 ? "" : ", ";
            append_json(out, (*array)[i]);
        }
        out += ']';
    } else if (const auto* text = value.if_string()) {
        append_json_text(out, *text);
    } else if (const auto* number = value.if_number()) {
        const std::string word = number_text(*number);
        out += word == "nan" ? "NaN" : word == "inf" ? "Infinity" : word == "-inf" ? "-Infinity" : word;
    } else if (const auto* boolean = value.if_bool()) {
        out += *boolean ? "true" : "false";
    } else {
        out += value.is_null() ? "null" : scalar_text(value);
    }
}

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

std::string python_repr(std::string_view text) {
    const bool double_quotes = text.find('\'') != text.npos && text.find('"') == text.npos;
    const char quote = double_quotes ? '"' : '\'';
    std::string out(1, quote);
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = patroni::utf8_length(text, i);
        if (length == 0) {
            out += "\\udc" + hexadecimal(static_cast<unsigned char>(text[i]), 2);
            ++i;
            continue;
        }
        const char32_t code = patroni::utf8_decode(text, i, length);
        if (code == '\n' || code == '\r' || code == '\t') {
            out += code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t";
        } else if (code == '\\' || code == static_cast<char32_t>(quote)) {
            out += '\\';
            out += static_cast<char>(code);
        } else if (code < 0x20 || (code >= 0x7F && code < 0x100 && !is_printable(code))) {
            out += "\\x" + hexadecimal(code, 2);
        } else if (!is_printable(code)) {
            out += code < 0x10000 ? "\\u" + hexadecimal(code, 4) : "\\U" + hexadecimal(code, 8);
        } else {
            out += text.substr(i, length);
        }
        i += length;
    }
    return out + quote;
}

std::string python_repr(const Value& value) {
    if (const auto* text = value.if_string()) {
        return python_repr(std::string_view(*text));
    }
    if (const auto* object = value.if_object()) {
        std::string out = "{";
        for (const auto& [key, item] : *object) {
            out += (out.size() == 1 ? "" : ", ") + python_repr(std::string_view(key)) + ": " +
                   python_repr(item);
        }
        return out + "}";
    }
    if (const auto* array = value.if_array()) {
        std::string out = "[";
        for (const auto& item : *array) {
            out += (out.size() == 1 ? "" : ", ") + python_repr(item);
        }
        return out + "]";
    }
    return scalar_text(value);
}

std::string python_str(const Value& value) {
    const auto* text = value.if_string();
    return text != nullptr ? *text : python_repr(value);
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

std::string python_json(const Value& value) {
    std::string out;
    append_json(out, value);
    return out;
}

}  // namespace patronictl
