#include "base/text.hpp"
#include "codec/python_float.hpp"
#include "codec/python_value.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <string>
#include <string_view>

namespace patroni::codec {
namespace {

/// What `str.isprintable` denies beyond ASCII: blanks, controls, formats, surrogates, private use.
bool is_unprintable(char32_t c) {
    struct Range {
        char32_t first, last;
    };
    static constexpr std::array<Range, 29> ranges{{
        {0x00, 0x1F},        {0x7F, 0xA0},       {0xAD, 0xAD},       {0x600, 0x605},
        {0x61C, 0x61C},      {0x6DD, 0x6DD},     {0x70F, 0x70F},     {0x890, 0x891},
        {0x8E2, 0x8E2},      {0x1680, 0x1680},   {0x180E, 0x180E},   {0x2000, 0x200F},
        {0x2028, 0x202F},    {0x205F, 0x206F},   {0x3000, 0x3000},   {0xD800, 0xF8FF},
        {0xFEFF, 0xFEFF},    {0xFFF0, 0xFFFB},   {0xFFFE, 0xFFFF},   {0x110BD, 0x110BD},
        {0x110CD, 0x110CD},  {0x13430, 0x1343F}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A},
        {0x1FFFE, 0x1FFFF},  {0x2FFFE, 0x2FFFF}, {0xE0000, 0xE00FF}, {0xE01F0, 0xEFFFF},
        {0xF0000, 0x10FFFF},
    }};
    return std::any_of(ranges.begin(), ranges.end(),
                       [c](const Range& range) { return c >= range.first && c <= range.last; });
}

void append_hex(std::string& out, char32_t code, std::size_t digits) {
    constexpr std::string_view hex = "0123456789abcdef";
    for (std::size_t i = digits; i-- > 0;) {
        out += hex[(code >> (4 * i)) & 0xF];
    }
}

void append_escape(std::string& out, char32_t code) {
    if (code == '\n' || code == '\r' || code == '\t') {
        out += code == '\n' ? "\\n" : code == '\r' ? "\\r" : "\\t";
    } else if (code < 0x100) {
        out += "\\x";
        append_hex(out, code, 2);
    } else if (code < 0x10000) {
        out += "\\u";
        append_hex(out, code, 4);
    } else {
        out += "\\U";
        append_hex(out, code, 8);
    }
}

char quote_for(std::string_view text) {
    const bool single = text.find('\'') != std::string_view::npos;
    return single && text.find('"') == std::string_view::npos ? '"' : '\'';
}

void append_quoted(std::string& out, std::string_view text) {
    const char quote = quote_for(text);
    out += quote;
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8_length(text, i);
        if (length == 0) {
            // As Python reads such a byte: a lone surrogate.
            append_escape(out, 0xDC00U + static_cast<unsigned char>(text[i]));
            ++i;
            continue;
        }
        const char32_t code = utf8_decode(text, i, length);
        if (text[i] == quote || text[i] == '\\') {
            out += '\\';
            out += text[i];
        } else if (is_unprintable(code)) {
            append_escape(out, code);
        } else {
            out += text.substr(i, length);
        }
        i += length;
    }
    out += quote;
}

void append_bytes(std::string& out, std::string_view data) {
    const char quote = quote_for(data);
    out += 'b';
    out += quote;
    for (const char c : data) {
        const auto code = static_cast<unsigned char>(c);
        if (c == quote || c == '\\') {
            out += '\\';
            out += c;
        } else if (code < 0x20 || code > 0x7E) {
            append_escape(out, code);
        } else {
            out += c;
        }
    }
    out += quote;
}

void append(std::string& out, const PythonValue& value);

template <class Items, class Write>
void append_items(std::string& out, const Items& items, char open, char close, Write write) {
    out += open;
    bool first = true;
    for (const auto& item : items) {
        out += first ? "" : ", ";
        first = false;
        write(item);
    }
    out += close;
}

void append(std::string& out, const PythonValue& value) {
    const auto write = [&](const PythonValue& item) { append(out, item); };
    if (const auto* text = value.if_text()) {
        append_quoted(out, *text);
    } else if (const auto* dict = value.if_dict()) {
        append_items(out, dict->items, '{', '}', [&](const PythonValue::Item& item) {
            append(out, item.first);
            out += ": ";
            append(out, item.second);
        });
    } else if (const auto* list = value.if_list()) {
        append_items(out, *list, '[', ']', write);
    } else if (const auto* set = value.if_set()) {
        if (set->items.empty()) {
            out += "set()";
        } else {
            append_items(out, set->items, '{', '}', write);
        }
    } else if (const auto* boolean = value.if_bool()) {
        out += *boolean ? "True" : "False";
    } else if (const auto* integer = value.if_integer()) {
        out += integer->digits;
    } else if (const auto* real = value.if_real()) {
        out += python_repr(*real);
    } else if (const auto* bytes = value.if_bytes()) {
        append_bytes(out, bytes->data);
    } else if (const auto* other = value.if_other()) {
        out += other->repr;
    } else {
        out += "None";
    }
}

}  // namespace

std::string python_repr(std::string_view text) {
    std::string out;
    append_quoted(out, text);
    return out;
}

std::string python_repr(const PythonValue& value) {
    std::string out;
    append(out, value);
    return out;
}

std::string python_str(const PythonValue& value) {
    if (const auto* text = value.if_text()) {
        return *text;
    }
    if (const auto* other = value.if_other()) {
        return other->str;
    }
    return python_repr(value);
}

}  // namespace patroni::codec
