#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace patroni::fuzz {

/// Whether a text can be shown on a terminal as it is: UTF-8 (by the table of RFC 3629) without
/// controls, escape sequences, line separators and what turns the direction of writing. Line ends
/// are allowed on request. Written apart from src/base/text.cpp, which it judges.
inline bool is_printable(std::string_view text, bool line_ends = false) {
    const auto byte = [&](std::size_t i) -> std::uint32_t {
        return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
    };
    const auto tail = [&](std::size_t i, std::uint32_t low = 0x80, std::uint32_t high = 0xBF) {
        return byte(i) >= low && byte(i) <= high;
    };
    for (std::size_t i = 0; i < text.size();) {
        const std::uint32_t first = byte(i);
        std::uint32_t point = first;
        if (first < 0x80) {
            i += 1;
        } else if (first >= 0xC2 && first <= 0xDF && tail(i + 1)) {
            point = ((first & 0x1F) << 6) | (byte(i + 1) & 0x3F);
            i += 2;
        } else if (first >= 0xE0 && first <= 0xEF &&
                   tail(i + 1, first == 0xE0 ? 0xA0 : 0x80, first == 0xED ? 0x9F : 0xBF) &&
                   tail(i + 2)) {
            point = ((first & 0x0F) << 12) | ((byte(i + 1) & 0x3F) << 6) | (byte(i + 2) & 0x3F);
            i += 3;
        } else if (first >= 0xF0 && first <= 0xF4 &&
                   tail(i + 1, first == 0xF0 ? 0x90 : 0x80, first == 0xF4 ? 0x8F : 0xBF) &&
                   tail(i + 2) && tail(i + 3)) {
            point = ((first & 0x07) << 18) | ((byte(i + 1) & 0x3F) << 12) |
                    ((byte(i + 2) & 0x3F) << 6) | (byte(i + 3) & 0x3F);
            i += 4;
        } else {
            return false;
        }
        const bool control = point < 0x20 || (point >= 0x7F && point <= 0x9F);
        const bool bidi = point == 0x61C || point == 0x200E || point == 0x200F ||
                          (point >= 0x202A && point <= 0x202E) ||
                          (point >= 0x2066 && point <= 0x2069);
        const bool separator = point == 0x2028 || point == 0x2029;
        if ((control && !(line_ends && point == '\n')) || bidi || separator) {
            return false;
        }
    }
    return true;
}

}  // namespace patroni::fuzz
