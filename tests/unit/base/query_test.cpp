#include "base/query.hpp"

#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

TEST(Query, as_parse_qs) {
    const Query query = parse_query("/replica?lag=1%4DB&tag_x=a+b&lag=2&empty=&flag#f");
    EXPECT_EQ(find_parameter(query, "lag"), "1MB");
    EXPECT_EQ(find_parameter(query, "tag_x"), "a b");
    EXPECT_EQ(query.size(), 2U);
}

TEST(Query, sizes) {
    EXPECT_EQ(parse_size("16kB"), 16384);
    EXPECT_EQ(parse_size(" 16 kB "), 16384);
    EXPECT_EQ(parse_size("0x400"), 1024);
    EXPECT_EQ(parse_size("010"), 8);
    EXPECT_EQ(parse_size("1e3"), 1000);
    EXPECT_EQ(parse_size(".5MB"), 524288);
    EXPECT_EQ(parse_size("-1"), -1);
    for (const char* bad : {"junk", "", "10Mb", "10M", "10MiB", "10KB", "08"}) {
        EXPECT_EQ(parse_size(bad), std::nullopt) << bad;
    }
}

}  // namespace
}  // namespace patroni::testing
