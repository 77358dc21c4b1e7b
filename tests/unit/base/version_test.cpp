#include <patroni/version.hpp>

#include <gtest/gtest.h>

namespace patroni {
namespace {

TEST(Version, ReadsEveryFormPatroniWrites) {
    const std::pair<std::string_view, Version> rows[] = {
        {"0.90", {0, 90, 0}},   {"1.0", {1, 0, 0}},         {"1.6.5", {1, 6, 5}},
        {"3.3.11", {3, 3, 11}}, {"4.0.0rc1", {4, 0, 0}},    {"2.0.0-dev", {2, 0, 0}},
        {"4", {4, 0, 0}},       {"4.1.4.post2", {4, 1, 4}}, {"4.x", {4, 0, 0}},
        {"4.1.", {4, 1, 0}},
    };
    for (const auto& [text, version] : rows) {
        EXPECT_EQ(Version::parse(text), version) << text;
    }
}

TEST(Version, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"", ".1", "v4.1", "-1.0", "unknown", " 4.1", "99999999999.0", "4.99999999999"}) {
        EXPECT_EQ(Version::parse(text), std::nullopt) << text;
    }
}

TEST(Version, OrdersByNumberNotByText) {
    EXPECT_LT(*Version::parse("0.90"), *Version::parse("1.0"));
    EXPECT_LT(*Version::parse("3.3.9"), *Version::parse("3.3.11"));
    EXPECT_LT(*Version::parse("3.9.9"), *Version::parse("4.0.0"));
}

}  // namespace
}  // namespace patroni
