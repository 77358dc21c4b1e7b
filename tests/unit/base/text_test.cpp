#include "base/text.hpp"

#include <gtest/gtest.h>

namespace patroni {
namespace {

TEST(EscapeUntrusted, LeavesPlainTextAlone) {
    for (const std::string_view text : {"", "pg1 (running)", "Zürich", "日本", "🐘", "a\\b\"c'"}) {
        EXPECT_EQ(escape_untrusted(text), text);
    }
}

TEST(EscapeUntrusted, ShowsWhatATerminalWouldObey) {
    const std::pair<std::string_view, std::string_view> rows[] = {
        {"\x1b[31mred", "\\x1b[31mred"},
        {"a\nb\r\tc\x7f", "a\\nb\\r\\tc\\x7f"},
        {std::string_view("a\0b", 3), "a\\x00b"},
        {"\u202Egnp.exe", "\\u202egnp.exe"},
        {"\u0085\u200B\uFEFF", "\\u0085\\u200b\\ufeff"},
        {"\xFF\xC3(", "\\xff\\xc3("},
        {"\xED\xA0\x80", "\\xed\\xa0\\x80"},  // a surrogate
        {"\xC0\xAF\xF8", "\\xc0\\xaf\\xf8"},  // overlong, no lead byte
        {"\U000E0041", "\\U000e0041"},        // an invisible tag
    };
    for (const auto& [text, expected] : rows) {
        EXPECT_EQ(escape_untrusted(text), expected);
    }
}

TEST(EscapeUntrusted, CutsBetweenCharacters) {
    EXPECT_EQ(escape_untrusted("abcdef", 3), "abc...");
    EXPECT_EQ(escape_untrusted("abc", 3), "abc");
    EXPECT_EQ(escape_untrusted("aé", 2), "aé");
}

TEST(Text, Helpers) {
    EXPECT_EQ(to_lower("PG-1É"), "pg-1É");
    EXPECT_TRUE(equals_ignoring_case("Pg1", "pG1"));
    EXPECT_FALSE(equals_ignoring_case("pg1", "pg12"));
    EXPECT_EQ(trim(" \t a b\r\n"), "a b");
    EXPECT_EQ(trim(" \n"), "");
    EXPECT_EQ(parse_integer<int>("-7"), -7);
    EXPECT_EQ(parse_integer<std::uint8_t>("256"), std::nullopt);
    EXPECT_EQ(parse_integer<int>("7 "), std::nullopt);
    EXPECT_EQ(parse_integer<int>(""), std::nullopt);
}

}  // namespace
}  // namespace patroni
