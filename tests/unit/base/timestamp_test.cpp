#include <patroni/timestamp.hpp>

#include <gtest/gtest.h>

namespace patroni {
namespace {

struct Row {
    std::string_view text;
    std::string_view iso;
};

TEST(Timestamp, ReadsEveryFamilyOfPatroni) {
    const Row rows[] = {
        // PostgreSQL's to_char, up to Patroni 2.0.2
        {"2016-07-08 06:03:11.407 UTC", "2016-07-08T06:03:11.407Z"},
        {"2016-07-08 06:03:11.407 +03", "2016-07-08T03:03:11.407Z"},
        {"2016-07-08 06:03:11.407 -0330", "2016-07-08T09:33:11.407Z"},
        {"2016-07-08 06:03:11.407 GMT", "2016-07-08T06:03:11.407Z"},
        // Python's str(datetime)
        {"2024-08-28 19:39:26.352526+00:00", "2024-08-28T19:39:26.352526Z"},
        {"2026-01-02 03:04:05+00:00", "2026-01-02T03:04:05.000Z"},
        {"1900-01-01 00:00:00+00:19:32", "1899-12-31T23:40:28.000Z"},
        // ISO 8601
        {"2023-09-24T10:36:00+02:00", "2023-09-24T08:36:00.000Z"},
        {"2019-09-23T16:57:57.123456+02:00", "2019-09-23T14:57:57.123456Z"},
        {"2023-09-24t10:36:00z", "2023-09-24T10:36:00.000Z"},
        {"2024-02-29T23:59:59-00:30", "2024-03-01T00:29:59.000Z"},
        // a store's nanoseconds
        {"2026-11-23T18:10:34.665433629Z", "2026-11-23T18:10:34.665433Z"},
    };
    for (const Row& row : rows) {
        const auto timestamp = Timestamp::parse(row.text);
        ASSERT_TRUE(timestamp && timestamp->time) << row.text;
        EXPECT_EQ(timestamp->text, row.text);
        EXPECT_EQ(timestamp->iso(), row.iso) << row.text;
    }
}

TEST(Timestamp, KeepsTheTextWhenTheZoneIsAnybodysGuess) {
    for (const std::string_view text :
         {"2016-07-08 08:03:11.407 CEST", "2016-07-08 08:03:11.407 IST", "2016-07-08 08:03:11",
          "2019-09-23T16:57:57.123456", "2016-07-08 08:03:11 America/New_York"}) {
        const auto timestamp = Timestamp::parse(text);
        ASSERT_TRUE(timestamp) << text;
        EXPECT_EQ(timestamp->time, std::nullopt) << text;
        EXPECT_EQ(timestamp->iso(), text);
    }
}

TEST(Timestamp, RefusesWhatIsNone) {
    for (const std::string_view text : {"",
                                        "now",
                                        "2016-07-08",
                                        "2016-13-08 06:03:11 UTC",
                                        "2023-02-29 06:03:11 UTC",
                                        "2016-07-00 06:03:11 UTC",

                                        "2016-07-08 24:00:00Z",
                                        "2016-07-08 06:60:11Z",
                                        "2016-07-08 06:03:60Z",
                                        "2016-07-08 06:03:11. UTC",
                                        "2016-07-08 06:03:11.1234567890Z",
                                        "2016-07-08 06:03:11+24:00",
                                        "2016-07-08 06:03:11+1",
                                        "2016-07-08 06:03:11+01:00x",
                                        "2016-07-08 06:03:11 Zx\n",
                                        "2016-07-08 06:03:11 \x1b[2J",
                                        "2016-07-08x06:03:11Z",
                                        "16-07-08 06:03:11Z",
                                        " 2016-07-08 06:03:11Z",
                                        "2016-07-08 06:03:11+"}) {
        EXPECT_FALSE(Timestamp::parse(text)) << text;
    }
}

TEST(Timestamp, WritesIsoWithMilliseconds) {
    EXPECT_EQ(to_iso(WallTime(std::chrono::microseconds(0))), "1970-01-01T00:00:00.000Z");
    EXPECT_EQ(to_iso(WallTime(std::chrono::microseconds(-1))), "1969-12-31T23:59:59.999Z");
    EXPECT_EQ(to_iso(*Timestamp::parse("2026-11-23T18:10:15.593999Z")->time),
              "2026-11-23T18:10:15.593Z");
}

}  // namespace
}  // namespace patroni
