#pragma once

#include <string>
#include <string_view>

namespace patroni {

/// Appends a code point in UTF-8.
void append_utf8(std::string& out, char32_t point);

/// The code points of UTF-8; what is none becomes U+FFFD.
std::u32string decode_utf8(std::string_view text);
std::string encode_utf8(std::u32string_view points);

}  // namespace patroni
