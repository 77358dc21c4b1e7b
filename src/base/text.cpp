#include "base/text.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace patroni {
namespace {

constexpr char lower(char c) noexcept {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
}

constexpr unsigned byte_at(std::string_view text, std::size_t position) noexcept {
    return static_cast<unsigned char>(text[position]);
}

void append_hex(std::string& out, std::uint32_t value, int digits) {
    constexpr std::string_view hex = "0123456789abcdef";
    for (int shift = 4 * (digits - 1); shift >= 0; shift -= 4) {
        out.push_back(hex[(value >> shift) & 0xF]);
    }
}

/// Characters that change how a terminal shows the rest: C1 controls, bidi controls, invisible
/// marks, line separators, tags, private use.
constexpr bool is_deceptive(char32_t point) noexcept {
    return (point >= 0x80 && point <= 0x9F) || point == 0xAD || point == 0x61C ||
           (point >= 0x200B && point <= 0x200F) || (point >= 0x2028 && point <= 0x202E) ||
           (point >= 0x2060 && point <= 0x206F) || point == 0xFEFF ||
           (point >= 0xFFF9 && point <= 0xFFFB) || (point >= 0xE0000 && point <= 0xE0FFF) ||
           (point >= 0xE000 && point <= 0xF8FF) || point >= 0xF0000;
}

void append_ascii(std::string& out, char c) {
    switch (c) {
        case '\n':
            out += "\\n";
            break;
        case '\r':
            out += "\\r";
            break;
        case '\t':
            out += "\\t";
            break;
        default:
            if (c < 0x20 || c == 0x7F) {
                out += "\\x";
                append_hex(out, static_cast<unsigned char>(c), 2);
            } else {
                out.push_back(c);
            }
    }
}

}  // namespace

std::size_t utf8_length(std::string_view text, std::size_t position) noexcept {
    const unsigned first = byte_at(text, position);
    if (first < 0x80) {
        return 1;
    }
    const std::size_t length = first >= 0xC2 && first <= 0xDF   ? 2
                               : first >= 0xE0 && first <= 0xEF ? 3
                               : first >= 0xF0 && first <= 0xF4 ? 4
                                                                : 0;
    if (length == 0 || position + length > text.size()) {
        return 0;
    }
    for (std::size_t i = 1; i < length; ++i) {
        if ((byte_at(text, position + i) & 0xC0) != 0x80) {
            return 0;
        }
    }
    // Overlong forms, surrogates and points above U+10FFFF.
    const unsigned second = byte_at(text, position + 1);
    if ((first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
        (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F)) {
        return 0;
    }
    return length;
}

char32_t utf8_decode(std::string_view text, std::size_t position, std::size_t length) noexcept {
    constexpr std::array<unsigned, 5> first_bits{0, 0x7F, 0x1F, 0x0F, 0x07};
    char32_t point = byte_at(text, position) & first_bits[length];
    for (std::size_t i = 1; i < length; ++i) {
        point = (point << 6) | (byte_at(text, position + i) & 0x3F);
    }
    return point;
}

std::string escape_untrusted(std::string_view text, std::size_t max_bytes) {
    std::string out;
    const std::size_t end = std::min(text.size(), max_bytes);
    out.reserve(end);
    std::size_t position = 0;
    while (position < end) {
        const std::size_t length = utf8_length(text, position);
        if (length == 1) {
            append_ascii(out, text[position]);
        } else if (length == 0) {
            out += "\\x";
            append_hex(out, byte_at(text, position), 2);
        } else if (const char32_t point = utf8_decode(text, position, length);
                   is_deceptive(point)) {
            out += point > 0xFFFF ? "\\U" : "\\u";
            append_hex(out, point, point > 0xFFFF ? 8 : 4);
        } else {
            out.append(text.substr(position, length));
        }
        position += std::max<std::size_t>(length, 1);
    }
    if (position < text.size()) {
        out += "...";
    }
    return out;
}

std::string to_lower(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), lower);
    return out;
}

bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept {
    return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                      [](char a, char b) { return lower(a) == lower(b); });
}

std::string_view trim(std::string_view text) noexcept {
    constexpr std::string_view blanks = " \t\r\n";
    const std::size_t first = text.find_first_not_of(blanks);
    if (first == std::string_view::npos) {
        return {};
    }
    return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

}  // namespace patroni
