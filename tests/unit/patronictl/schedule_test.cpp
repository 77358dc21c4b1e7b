#include "patronictl/schedule.hpp"

#include "patronictl/failure.hpp"
#include "patronictl/local_zone.hpp"
#include "patronictl/postgres_version.hpp"

#include <gtest/gtest.h>

#include <cstdlib>
#include <ctime>

namespace patronictl {
namespace {

using namespace std::chrono;

constexpr sys_seconds k_now = sys_days(year(2026) / 11 / 29) + hours(10) + minutes(5);

/// The zone of the process for one test.
class InZone {
public:
    explicit InZone(const char* zone) {
        if (const char* before = std::getenv("TZ")) {
            before_ = before;
        }
        setenv("TZ", zone, 1);
        tzset();
    }
    ~InZone() {
        if (before_.empty()) {
            unsetenv("TZ");
        } else {
            setenv("TZ", before_.c_str(), 1);
        }
        tzset();
    }
    InZone(const InZone&) = delete;
    InZone& operator=(const InZone&) = delete;

private:
    std::string before_;
};

std::string iso(std::string_view text) {
    const auto schedule = parse_schedule(text, k_now);
    return schedule ? schedule->iso : "now";
}

TEST(Schedule, NowIsNoTime) {
    EXPECT_EQ(iso(""), "now");
    EXPECT_EQ(iso("now"), "now");
    EXPECT_THROW(iso("Now"), Fail);
    EXPECT_THROW(iso("tomorrow"), Fail);
}

TEST(Schedule, HasTheZoneOfItsText) {
    const InZone utc("UTC");
    EXPECT_EQ(iso("2030-01-01"), "2030-01-01T00:00:00+00:00");
    EXPECT_EQ(iso("2030-01-01 10:00:00.25+01:30"), "2030-01-01T10:00:00.250000+01:30");
    EXPECT_EQ(iso("2030-01-01 10:00 -0330"), "2030-01-01T10:00:00-03:30");
    EXPECT_EQ(iso("2030-01-01 10:00 UTC"), "2030-01-01T10:00:00+00:00");
    EXPECT_EQ(iso("10:00"), "2026-11-29T10:00:00+00:00");
    EXPECT_EQ(parse_schedule("2030-01-01T10:00Z", k_now)->text, "2030-01-01 10:00:00+00:00");
}

// Rules in POSIX form, so that no zone files are needed. All values are those of Python.
TEST(Schedule, HasTheLocalZoneOfThatDay) {
    const InZone berlin("CET-1CEST,M3.5.0,M10.5.0/3");
    EXPECT_EQ(iso("2030-01-01 10:00"), "2030-01-01T10:00:00+01:00");
    EXPECT_EQ(iso("2030-07-01 10:00"), "2030-07-01T10:00:00+02:00");
    EXPECT_EQ(iso("2030-10-27 02:30"), "2030-10-27T02:30:00+02:00") << "the first of two";
    EXPECT_EQ(iso("2030-10-27 02:30 CET"), "2030-10-27T02:30:00+01:00");
    EXPECT_EQ(iso("2030-10-27 02:30 CEST"), "2030-10-27T02:30:00+02:00");
    EXPECT_EQ(iso("2030-07-01 10:00 CET"), "2030-07-01T10:00:00+02:00") << "the clock decides";
    EXPECT_EQ(iso("2030-07-01 10:00 UTC"), "2030-07-01T10:00:00+00:00");
    EXPECT_EQ(iso("2030-07-01 10:00 EST"), "2030-07-01T10:00:00+02:00") << "a name not known";
}

TEST(Schedule, GreenwichIsNotAlwaysLondon) {
    const InZone london("GMT0BST,M3.5.0/1,M10.5.0");
    EXPECT_EQ(iso("2030-07-01 10:00 GMT"), "2030-07-01T10:00:00+00:00");
    EXPECT_EQ(iso("2030-07-01 10:00 BST"), "2030-07-01T10:00:00+01:00");
    EXPECT_EQ(iso("2030-01-01 10:00 GMT"), "2030-01-01T10:00:00+00:00");
}

TEST(Schedule, SummerIsInWinterInTheSouth) {
    const InZone south("AEST-10AEDT,M10.1.0,M4.1.0/3");
    EXPECT_EQ(iso("2030-01-01 10:00"), "2030-01-01T10:00:00+11:00");
    EXPECT_EQ(iso("2030-07-01 10:00"), "2030-07-01T10:00:00+10:00");
}

TEST(Schedule, TheExampleIsAnHourAway) {
    const InZone utc("UTC");
    EXPECT_EQ(next_hour(k_now), "2026-11-29T11:05");
    EXPECT_EQ(next_hour(k_now + hours(13)), "2026-11-30T00:05");
}

std::string refusal(std::string_view version) {
    try {
        check_postgres_version(version);
        return {};
    } catch (const Fail& failure) {
        return failure.what();
    }
}

TEST(PostgresVersion, HasTwoPartsOrThree) {
    EXPECT_EQ(refusal("15.4"), "");
    EXPECT_EQ(refusal("9.6.24"), "");
    EXPECT_EQ(refusal("10"), "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 10");
    EXPECT_EQ(refusal("9.6"), "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 9.6");
    EXPECT_EQ(refusal("1.2.3.4"),
              "Invalid PostgreSQL version format: X.Y or X.Y.Z is accepted: 1.2.3.4");
    EXPECT_EQ(refusal("a.b"), "Invalid PostgreSQL version: a.b");
    EXPECT_EQ(refusal("15."), "Invalid PostgreSQL version: 15.");
}

}  // namespace
}  // namespace patronictl
