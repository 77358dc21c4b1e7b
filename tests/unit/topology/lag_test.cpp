// How far a standby is behind: live positions first, never below 0, never a false 0.
#include "unit/topology/picture.hpp"

#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using Bytes = std::optional<std::uint64_t>;

struct LiveRow {
    const char* what;
    std::uint64_t primary;
    Bytes received, replayed;
    Bytes lag, receive_lag, replay_lag;
};

class LiveLag : public ::testing::TestWithParam<LiveRow> {};

TEST_P(LiveLag, IsThePrimarysPositionMinusTheMembersOwn) {
    const auto& expected = GetParam();
    Picture picture;
    picture.answers("p", primary_at(expected.primary));
    picture.answers("r", replica_at(expected.received, expected.replayed));
    const auto member = row(picture.only(), "r");
    EXPECT_EQ(member.lag_bytes, expected.lag);
    EXPECT_EQ(member.receive_lag_bytes, expected.receive_lag);
    EXPECT_EQ(member.replay_lag_bytes, expected.replay_lag);
    EXPECT_EQ(member.lag_source, expected.lag ? FactSource::live : FactSource::none);
}

constexpr std::uint64_t k_big = 0x8000000000000000U;  // Above a signed 64-bit integer.

INSTANTIATE_TEST_SUITE_P(
    Table, LiveLag,
    ::testing::Values(LiveRow{"equal", 1000, 1000, 1000, 0, 0, 0},
                      LiveRow{"behind", 1000, 900, 700, 100, 100, 300},
                      // The member answered later than the primary.
                      LiveRow{"ahead", 1000, 1200, 1100, 0, 0, 0},
                      // After a restart: received starts at the segment, replayed is further.
                      LiveRow{"replayed_ahead_of_received", 1000, 400, 900, 100, 600, 100},
                      LiveRow{"received_null", 1000, std::nullopt, 800, 200, std::nullopt, 200},
                      LiveRow{"replayed_null", 1000, 800, std::nullopt, 200, 200, std::nullopt},
                      LiveRow{"both_null", 1000, std::nullopt, std::nullopt, std::nullopt,
                              std::nullopt, std::nullopt},
                      LiveRow{"positions_of_64_bits", k_big + 10, k_big, 10, 10, 10, k_big}),
    [](const auto& test) { return std::string(test.param.what); });

TEST(Lag, APrimaryHasNone) {
    Picture picture;
    picture.answers("p", primary_at(1000)).answers("r", replica_at(900, 900));
    const auto primary = row(picture.only(), "p");
    EXPECT_EQ(primary.lag_bytes, std::nullopt);
    EXPECT_EQ(primary.lag_source, FactSource::none);
    EXPECT_EQ(primary.lsn, Lsn(1000));
}

TEST(Lag, IsNullAcrossTimelinesAlsoWhenItWasPublished) {
    Picture picture;
    picture.answers("p", primary_at(1000, 3)).answers("r", replica_at(900, 900, 2));
    picture.overview(
        0, overview_of({published("p", Role::primary), published("r", Role::replica, 0)}));
    const auto member = row(picture.only(), "r");
    EXPECT_EQ(member.lag_bytes, std::nullopt);
    EXPECT_EQ(member.replay_lag_bytes, std::nullopt);
    EXPECT_EQ(member.lag_source, FactSource::none);
}

TEST(Lag, IsNullAcrossThePublishedTimelinesToo) {
    auto leader = published("p", Role::primary);
    leader.timeline = 5;
    Picture picture;
    picture.silent("p").answers("r", replica_at(900, 900, 4));
    picture.overview(1, overview_of({leader, published("r", Role::replica, 0)}));
    const auto member = row(picture.only(), "r");
    EXPECT_EQ(member.lag_bytes, std::nullopt);
    EXPECT_EQ(member.lag_source, FactSource::none);
}

TEST(Lag, ATimelineThatIsNotToldIsNoOtherTimeline) {
    auto old = replica_at(900, 900);
    old.timeline.reset();  // 0.90 tells none; later versions sometimes not.
    Picture picture;
    picture.answers("p", primary_at(1000, 3)).answers("r", old);
    EXPECT_EQ(row(picture.only(), "r").lag_bytes, Bytes(100));
}

TEST(Lag, WithoutAnyPrimaryIsNull) {
    Picture picture;
    picture.answers("r1", replica_at(900, 900)).answers("r2", replica_at(800, 800));
    for (const auto* name : {"r1", "r2"}) {
        EXPECT_EQ(row(picture.only(), name).lag_bytes, std::nullopt) << name;
    }
}

TEST(Lag, WithTwoPrimariesIsNull) {
    Picture picture;
    picture.answers("p1", primary_at(900)).answers("p2", primary_at(800));
    picture.answers("r", replica_at(700, 700));
    EXPECT_EQ(row(picture.only(), "r").lag_bytes, std::nullopt);
}

TEST(Lag, OfASilentMemberIsWhatWasPublishedAndNamedSo) {
    auto record = published("r", Role::replica, 500);
    record.receive_lag = 500;
    record.replay_lag = 700;
    Picture through_cluster;
    through_cluster.answers("p", primary_at(1000)).silent("r");
    through_cluster.overview(0, overview_of({published("p", Role::primary), record}));
    auto member = row(through_cluster.only(), "r");
    EXPECT_EQ(member.lag_bytes, Bytes(500));
    EXPECT_EQ(member.receive_lag_bytes, Bytes(500));
    EXPECT_EQ(member.replay_lag_bytes, Bytes(700));
    EXPECT_EQ(member.lag_source, FactSource::cluster);

    Picture through_store;
    through_store.answers("p", primary_at(1000)).silent("r");
    through_store.store(stored({published("p", Role::primary), record}, "p"));
    member = row(through_store.only(), "r");
    EXPECT_EQ(member.lag_bytes, Bytes(500));
    EXPECT_EQ(member.lag_source, FactSource::dcs);
}

TEST(Lag, LivePositionsWinOverPublishedOnes) {
    Picture picture;
    picture.answers("p", primary_at(1000)).answers("r", replica_at(990, 980));
    picture.overview(
        0, overview_of({published("p", Role::primary), published("r", Role::replica, 5000)}));
    const auto member = row(picture.only(), "r");
    EXPECT_EQ(member.lag_bytes, Bytes(10));
    EXPECT_EQ(member.lag_source, FactSource::live);
}

TEST(Lag, PublishedZerosMeanNothingWhileClusterNamesNoLeader) {
    Picture picture;  // As recorded: v4.1.4/40-unlocked.
    picture.answers("r1", replica_at(900, 900)).silent("r2");
    picture.overview(
        0, overview_of({published("r1", Role::replica, 0), published("r2", Role::replica, 0)}));
    for (const auto* name : {"r1", "r2"}) {
        EXPECT_EQ(row(picture.only(), name).lag_bytes, std::nullopt) << name;
        EXPECT_EQ(row(picture.only(), name).lag_source, FactSource::none) << name;
    }
}

TEST(Lag, PublishedZerosMeanNothingWhileTheStoreHasNoPositionOfTheLeader) {
    for (const auto position : {std::optional<Lsn>(), std::optional(Lsn(0))}) {
        auto cluster =
            stored({published("p", Role::primary), published("r", Role::replica, 0)}, "p");
        cluster.leader_lsn = position;
        Picture picture;
        picture.silent("p").answers("r", replica_at(900, 900));
        picture.store(cluster);
        EXPECT_EQ(row(picture.only(), "r").lag_bytes, std::nullopt);
    }
}

TEST(Lag, PublishedUnknownStaysUnknown) {
    Picture picture;
    picture.answers("p", primary_at(1000)).silent("r");
    picture.overview(0, overview_of({published("p", Role::primary),
                                     published("r", Role::replica, std::nullopt)}));
    EXPECT_EQ(row(picture.only(), "r").lag_bytes, std::nullopt);
    EXPECT_EQ(row(picture.only(), "r").lag_source, FactSource::none);
}

}  // namespace
}  // namespace patroni::testing
