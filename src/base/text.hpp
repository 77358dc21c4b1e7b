#pragma once

#include <charconv>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>

namespace patroni {

/// Server text made fit for a terminal or a log line: control characters, escape sequences, bidi
/// controls and bytes that are no UTF-8 become `\n`, `\x1b`, `\u202e` and so on. Longer text is cut
/// after `max_bytes` of input and ends in "...".
std::string escape_untrusted(std::string_view text,
                             std::size_t max_bytes = static_cast<std::size_t>(-1));

/// The length (1 to 4) of the valid UTF-8 sequence at `position`; 0 when there is none.
std::size_t utf8_length(std::string_view text, std::size_t position) noexcept;

/// The code point of the sequence at `position`, of which `utf8_length` said the length.
char32_t utf8_decode(std::string_view text, std::size_t position, std::size_t length) noexcept;

/// ASCII only, whatever the locale.
std::string to_lower(std::string_view text);
bool equals_ignoring_case(std::string_view left, std::string_view right) noexcept;

/// Without blanks, tabs and line ends at both ends.
std::string_view trim(std::string_view text) noexcept;

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}
constexpr bool is_letter(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/// A whole text as an integer: no blanks, no plus sign, no overflow.
template <class Integer>
std::optional<Integer> parse_integer(std::string_view text, int base = 10) noexcept {
    Integer value{};
    const char* end = text.data() + text.size();
    const auto [stop, error] = std::from_chars(text.data(), end, value, base);
    if (error != std::errc{} || stop != end) {
        return std::nullopt;
    }
    return value;
}

}  // namespace patroni
