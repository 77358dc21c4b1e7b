#include <patroni/lsn.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace patroni {
namespace {

TEST(Lsn, WritesAndReadsPostgresText) {
    const std::pair<std::uint64_t, std::string_view> rows[] = {
        {0, "0/0"},
        {0x6000060, "0/6000060"},
        {67108960, "0/4000060"},
        {0x16B374D848, "16/B374D848"},
        {std::numeric_limits<std::uint64_t>::max(), "FFFFFFFF/FFFFFFFF"},
    };
    for (const auto& [bytes, text] : rows) {
        EXPECT_EQ(Lsn(bytes).text(), text);
        EXPECT_EQ(Lsn::parse(text), Lsn(bytes)) << text;
    }
    EXPECT_EQ(Lsn::parse("16/b374d848"), Lsn(0x16B374D848));
}

TEST(Lsn, RefusesWhatIsNone) {
    for (const std::string_view text :
         {"", "unknown", "/", "0/", "/0", "0", "0/0/0", "-1/0", "0/-1", "+1/0", "0/G", "0x1/0",
          " 0/0", "0/0 ", "123456789/0", "0/123456789"}) {
        EXPECT_EQ(Lsn::parse(text), std::nullopt) << text;
    }
}

TEST(Lsn, LagIsNeverNegative) {
    EXPECT_EQ(lag_bytes(Lsn(100), Lsn(40)), 60U);
    EXPECT_EQ(lag_bytes(Lsn(40), Lsn(100)), 0U);
    EXPECT_EQ(lag_bytes(Lsn(std::numeric_limits<std::uint64_t>::max()), Lsn(0)),
              std::numeric_limits<std::uint64_t>::max());
}

}  // namespace
}  // namespace patroni
