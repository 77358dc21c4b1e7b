#include "simulator/python_json.hpp"

#include "base/text.hpp"

#include <string_view>

namespace patroni::simulation {
namespace {

struct Style {
    std::string_view item = ", ";
    std::string_view key = ": ";
    bool ascii = true;         // json.dumps(ensure_ascii=True)
    bool escape_html = false;  // Go's default
};

void append_escape(std::string& out, unsigned code) {
    constexpr std::string_view digits = "0123456789abcdef";
    out += "\\u";
    for (int shift = 12; shift >= 0; shift -= 4) {
        out += digits[(code >> shift) & 0xFU];
    }
}

void append_text(std::string& out, std::string_view text, const Style& style) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        const char c = text[i];
        const std::size_t length = utf8_length(text, i);
        if (c == '"' || c == '\\') {
            (out += '\\') += c;
        } else if (c == '\n') {
            out += "\\n";
        } else if (c == '\r') {
            out += "\\r";
        } else if (c == '\t') {
            out += "\\t";
        } else if (style.ascii && (c == '\b' || c == '\f')) {
            out += c == '\b' ? "\\b" : "\\f";
        } else if (length == 1 &&
                   (static_cast<unsigned char>(c) < 0x20 || (style.ascii && c == '\x7f') ||
                    (style.escape_html && (c == '<' || c == '>' || c == '&')))) {
            append_escape(out, static_cast<unsigned char>(c));
        } else if (length > 1 && style.ascii) {
            const char32_t code = utf8_decode(text, i, length);
            if (code >= 0x10000) {
                append_escape(out, 0xD800U + static_cast<unsigned>((code - 0x10000) >> 10));
                append_escape(out, 0xDC00U + static_cast<unsigned>((code - 0x10000) & 0x3FFU));
            } else {
                append_escape(out, static_cast<unsigned>(code));
            }
        } else {
            out += text.substr(i, length == 0 ? 1 : length);
        }
        i += length == 0 ? 1 : length;
    }
    out += '"';
}

void append(std::string& out, const Value& value, const Style& style) {
    if (const auto* text = value.if_string()) {
        append_text(out, *text, style);
    } else if (const auto* flag = value.if_bool()) {
        out += *flag ? "true" : "false";
    } else if (const auto* number = value.if_int()) {
        out += std::to_string(*number);
    } else if (const auto* large = value.if_uint()) {
        out += std::to_string(*large);
    } else if (const auto* other = value.if_number()) {
        out += other->text;
    } else if (const auto* items = value.if_array()) {
        out += '[';
        for (const Value& item : *items) {
            if (&item != &items->front()) {
                out += style.item;
            }
            append(out, item, style);
        }
        out += ']';
    } else if (const auto* fields = value.if_object()) {
        out += '{';
        for (const Value::Field& field : *fields) {
            if (&field != &fields->front()) {
                out += style.item;
            }
            append_text(out, field.first, style);
            out += style.key;
            append(out, field.second, style);
        }
        out += '}';
    } else {
        out += "null";
    }
}

std::string print(const Value& value, const Style& style) {
    std::string out;
    append(out, value, style);
    return out;
}

}  // namespace

std::string python_json(const Value& value) {
    return print(value, {});
}

std::string compact_python_json(const Value& value) {
    return print(value, {.item = ",", .key = ":"});
}

std::string go_json(const Value& value) {
    return print(value, {.item = ",", .key = ":", .ascii = false, .escape_html = true});
}

}  // namespace patroni::simulation
