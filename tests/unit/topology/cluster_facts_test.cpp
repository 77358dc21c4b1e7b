// What is told of a whole cluster beside its verdict, and rows that only a store knows.
#include "unit/topology/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace patroni::testing {
namespace {

using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(Gone, IsARowWithTheKeyThatNamesIt) {
    auto cluster = stored({published("p", Role::primary)}, "p");
    cluster.gone = {{"old", "/service/demo/failsafe", Origin{false, {"10.0.0.9", 8008}}},
                    {"slot", "/service/demo/status", std::nullopt}};
    Picture picture;
    picture.answers("p", primary_at(5)).store(cluster);
    const auto status = picture.only();
    EXPECT_THAT(row_names(status), ElementsAre("old", "p", "slot"));
    const auto old = row(status, "old");
    EXPECT_EQ(old.role, Role::gone);
    EXPECT_EQ(old.named_by, "/service/demo/failsafe");
    EXPECT_EQ(old.discovered.api, (Origin{false, {"10.0.0.9", 8008}}));
    EXPECT_FALSE(old.healthy);
    EXPECT_THAT(old.reasons, ElementsAre("gone"));
    EXPECT_EQ(old.error, std::nullopt) << "it was not asked";
    EXPECT_EQ(row(status, "slot").discovered.api, std::nullopt);
    EXPECT_EQ(status.verdict, Verdict::degraded);
    EXPECT_THAT(problem_kinds(status), ElementsAre("gone old", "gone slot"));
}

TEST(Rows, AMemberWithoutAnAddressIsARow) {
    Picture picture;
    picture.answers("p", primary_at(5));
    DiscoveredMember nowhere;
    nowhere.name = "n";
    Error error;
    error.kind = ErrorKind::config;
    picture.add(nowhere, error);
    picture.discovery.members.back().api.reset();
    EXPECT_THAT(row(picture.only(), "n").reasons, ElementsAre("no_address"));
}

TEST(Rows, AMemberThatClusterListsAndTheSourceDoesNotIsTold) {
    Picture picture;
    picture.answers("p", primary_at(5));
    picture.overview(
        0, overview_of({published("p", Role::primary), published("r", Role::replica, 0)}));
    const auto cluster = picture.only();
    EXPECT_THAT(problem_kinds(cluster), ElementsAre("unlisted_member r"));
    EXPECT_EQ(cluster.verdict, Verdict::degraded);
}

TEST(Rows, ThePostgresAddressOfDiscoveryWinsOverThePublishedOne) {
    auto record = published("p", Role::primary);
    record.postgres = HostPort{"172.17.0.2", 5432};  // The container's own.
    Picture picture;
    picture.answers("p", primary_at(5)).overview(0, overview_of({record}));
    EXPECT_EQ(row(picture.only(), "p").postgres, record.postgres);
    picture.discovery.members[0].postgres = HostPort{"10.0.0.1", 32768};
    EXPECT_EQ(row(picture.only(), "p").postgres, (HostPort{"10.0.0.1", 32768}));
}

TEST(Facts, ClusterThatCouldNotBeReadIsAProblem) {
    Error error;
    error.kind = ErrorKind::reset;
    error.message = "closed without a byte";
    Picture picture;
    picture.answers("p", primary_at(5)).overview(0, error);
    const auto cluster = picture.only();
    EXPECT_THAT(problem_kinds(cluster), ElementsAre("cluster_unread p"));
    EXPECT_EQ(cluster.lock_source, FactSource::none);
}

TEST(Facts, AGoodSecondAnswerToClusterIsUsed) {
    Error error;
    error.kind = ErrorKind::reset;
    Picture picture;
    picture.answers("p", primary_at(5)).answers("r", replica_at(5, 5));
    picture.overview(0, error);
    picture.overview(
        1, overview_of({published("p", Role::primary), published("r", Role::replica, 0)}));
    EXPECT_EQ(picture.only().lock_holder, "p");
    EXPECT_THAT(problem_kinds(picture.only()), IsEmpty());
}

TEST(Facts, PausedIsKnownFromMembersFrom14On) {
    Picture old;
    old.answers("p", of_version(primary_at(5), "1.3.6"));
    EXPECT_EQ(old.only().paused, std::nullopt) << "1.3 does not tell";

    Picture running;
    running.answers("p", of_version(primary_at(5), "1.4.0"));
    EXPECT_EQ(running.only().paused, false);

    auto status = primary_at(5);
    status.paused = true;
    Picture paused;
    paused.answers("p", status);
    EXPECT_EQ(paused.only().paused, true);
    EXPECT_EQ(paused.only().verdict, Verdict::ok) << "maintenance is no illness";
}

TEST(Facts, FailsafeIsKnownFromMembersFrom30On) {
    Picture old;
    old.answers("p", of_version(primary_at(5), "2.1.7"));
    EXPECT_EQ(old.only().failsafe, std::nullopt);

    auto status = primary_at(5);
    status.failsafe_mode_is_active = true;
    Picture active;
    active.answers("p", status).answers("r", replica_at(5, 5));
    EXPECT_EQ(active.only().failsafe, true);
    EXPECT_EQ(active.only().verdict, Verdict::degraded);
    EXPECT_THAT(problem_kinds(active.only()), ElementsAre("failsafe"));
}

TEST(Facts, ASwitchoverThatWaitsIsTold) {
    auto overview = overview_of({published("p", Role::primary)});
    overview.scheduled_switchover = ScheduledSwitchover{"2026-11-23T16:08:12+00:00", "p", "r"};
    Picture picture;
    picture.answers("p", primary_at(5)).overview(0, overview);
    EXPECT_EQ(picture.only().scheduled_switchover, overview.scheduled_switchover);
    EXPECT_EQ(picture.only().verdict, Verdict::ok);
}

TEST(Facts, SynchronousStandbysComeFromTheStoreOrFromTheRows) {
    auto sync = replica_at(5, 5);
    sync.sync_standby = true;
    Picture live;
    live.answers("p", primary_at(5)).answers("s", sync);
    auto summary = live.only().sync;
    ASSERT_TRUE(summary);
    EXPECT_FALSE(summary->quorum_mode);
    EXPECT_THAT(summary->standbys, ElementsAre("s"));
    EXPECT_EQ(summary->quorum, std::nullopt);

    auto cluster =
        stored({published("p", Role::primary), published("s", Role::quorum_standby)}, "p");
    cluster.quorum_mode = true;
    cluster.sync = SyncState{"p", {"s"}, 1};
    auto quorum = replica_at(5, 5);
    quorum.quorum_standby = true;
    Picture from_store;
    from_store.answers("p", primary_at(5)).answers("s", quorum).store(cluster);
    summary = from_store.only().sync;
    ASSERT_TRUE(summary);
    EXPECT_TRUE(summary->quorum_mode);
    EXPECT_EQ(summary->leader, "p");
    EXPECT_EQ(summary->quorum, 1);
}

TEST(Facts, NoSynchronousMemberIsNoSummary) {
    Picture picture;
    picture.answers("p", primary_at(5)).answers("r", replica_at(5, 5));
    EXPECT_FALSE(picture.only().sync);
}

TEST(Facts, BadKeysOfTheStoreAreProblemsOfTheCluster) {
    auto cluster = stored({published("p", Role::primary)}, "p");
    cluster.problems.push_back({"bad_value", "/service/demo/config", "no JSON"});
    Picture picture;
    picture.answers("p", primary_at(5)).store(cluster);
    ASSERT_EQ(picture.only().problems.size(), 1U);
    EXPECT_EQ(picture.only().problems[0].kind, "bad_value");
    EXPECT_THAT(picture.only().problems[0].message, ::testing::HasSubstr("/service/demo/config"));
}

/// Everything at once, with the members in the order that `order` says.
StatusReport mixed(const std::vector<int>& order) {
    auto other = primary_at(70);
    other.scope = "other";
    other.system_identifier = "2";
    auto creating = MemberStatus{};
    creating.scope = "demo";
    creating.state = "creating replica";
    creating.role = Role::uninitialized;
    Picture picture;
    for (const int which : order) {
        DiscoveredMember member;
        member.api = Origin{false, {"10.0.1." + std::to_string(which), 8008}};
        member.name = "m" + std::to_string(which);
        Error refused;
        refused.kind = ErrorKind::connect_refused;
        const Result<MemberStatus> answers[] = {
            primary_at(100, 3), replica_at(90, 80, 3),       replica_at(50, 50, 2),
            Error(refused),     Result<MemberStatus>(other), Result<MemberStatus>(creating)};
        picture.add(member, answers[static_cast<std::size_t>(which)]);
    }
    return picture.report();
}

TEST(Report, IsTheSameInWhateverOrderTheMembersCome) {
    std::vector<int> order = {0, 1, 2, 3, 4, 5};
    const std::string expected = fingerprint(mixed(order));
    EXPECT_THAT(expected, ::testing::HasSubstr("\"m5\""));
    int permutations = 0;
    do {  // Every eleventh, so that it stays a matter of moments under sanitizers.
        if (++permutations % 11 == 0) {
            ASSERT_EQ(fingerprint(mixed(order)), expected) << ::testing::PrintToString(order);
        }
    } while (std::next_permutation(order.begin(), order.end()));
    EXPECT_EQ(permutations, 720);
}

}  // namespace
}  // namespace patroni::testing
