// Dates as python-dateutil reads them: tests/data/dates/make_cases.py.
#include "codec/free_date.hpp"

#include "codec/json.hpp"
#include "support/recordings.hpp"

#include <gtest/gtest.h>

#include <cstdio>
#include <sstream>

namespace patroni::codec {
namespace {

using namespace std::chrono;

const DateContext k_context{year(2026) / 11 / 29, {"CET", "CEST"}};

std::string text_of(const FreeDate& date) {
    const year_month_day day(date.day);
    const hh_mm_ss clock(date.time);
    char text[80];
    std::snprintf(
        text, sizeof text, "%04d-%02u-%02uT%02d:%02d:%02d.%06d ", static_cast<int>(day.year()),
        static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
        static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
        static_cast<int>(clock.seconds().count()), static_cast<int>(clock.subseconds().count()));
    return text + (date.offset              ? std::to_string(date.offset->count())
                   : date.zone_name.empty() ? std::string("local")
                                            : date.zone_name);
}

TEST(FreeDate, IsReadAsPythonDateutilReadsIt) {
    std::istringstream lines(testing::read_test_file("dates/dates.jsonl"));
    int count = 0;
    for (std::string line; std::getline(lines, line); ++count) {
        const auto row = parse_json(line);
        ASSERT_TRUE(row) << line;
        const std::string& text = *row->find("text")->if_string();
        const auto* expected = row->find("date")->if_string();
        const auto date = parse_free_date(text, k_context);
        EXPECT_EQ(date ? text_of(*date) : "none", expected ? *expected : "none") << text;
    }
    EXPECT_GT(count, 600);
}

TEST(FreeDate, HostileTextIsNoDate) {
    EXPECT_FALSE(parse_free_date(std::string(100'000, '1'), k_context));
    EXPECT_FALSE(parse_free_date(std::string(100'000, 'a'), k_context));
    EXPECT_FALSE(parse_free_date("10:00 +99999999999", k_context));
    EXPECT_FALSE(parse_free_date("\xff\xfe", k_context));
    EXPECT_FALSE(parse_free_date("Jan-", k_context));
    EXPECT_FALSE(parse_free_date("10:00 +", k_context));
    EXPECT_FALSE(parse_free_date("99999999999999999999-01-01", k_context));
}

}  // namespace
}  // namespace patroni::codec
