#include "base/utf8.hpp"

#include "base/text.hpp"

#include <cstddef>

namespace patroni {

void append_utf8(std::string& out, char32_t point) {
    const auto byte = [&](char32_t value) { out += static_cast<char>(value); };
    const auto tail = [&](unsigned shift) { byte(0x80 | ((point >> shift) & 0x3F)); };
    if (point < 0x80) {
        byte(point);
    } else if (point < 0x800) {
        byte(0xC0 | (point >> 6));
        tail(0);
    } else if (point < 0x10000) {
        byte(0xE0 | (point >> 12));
        tail(6);
        tail(0);
    } else {
        byte(0xF0 | (point >> 18));
        tail(12);
        tail(6);
        tail(0);
    }
}

std::u32string decode_utf8(std::string_view text) {
    std::u32string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const std::size_t length = utf8_length(text, i);
        out += length == 0 ? char32_t{0xFFFD} : utf8_decode(text, i, length);
        i += length == 0 ? 1 : length;
    }
    return out;
}

std::string encode_utf8(std::u32string_view points) {
    std::string out;
    out.reserve(points.size());
    for (const char32_t point : points) {
        append_utf8(out, point);
    }
    return out;
}

}  // namespace patroni
