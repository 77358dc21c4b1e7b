// Which member a report proves to be the writable primary.
#include "topology/writable_primary.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::topology {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

const Origin k_a{false, {"10.0.0.1", 8008}};
const Origin k_b{false, {"10.0.0.2", 8008}};

MemberHealth primary(const char* name, const Origin& api, std::optional<bool> holds_lock) {
    MemberHealth member;
    member.name = name;
    member.discovered.api = api;
    member.role = Role::primary;
    member.role_reported = "primary";
    member.role_source = FactSource::live;
    member.state = "running";
    member.holds_lock = holds_lock;
    member.timeline = 4;
    return member;
}

/// Two members that both say that they are the primary.
StatusReport two(std::optional<bool> first, std::optional<bool> second) {
    ClusterStatus cluster;
    cluster.scope = "batman";
    cluster.members = {primary("a", k_a, first), primary("b", k_b, second)};
    cluster.primaries_seen = {"a", "b"};
    cluster.lock_source = first ? FactSource::cluster : FactSource::none;
    if (first == true || second == true) {
        cluster.lock_holder = first == true ? "a" : "b";
    }
    StatusReport report;
    report.clusters = {cluster};
    return report;
}

StatusReport one(std::optional<bool> holds_lock) {
    auto report = two(holds_lock, holds_lock);
    report.clusters[0].members.pop_back();
    report.clusters[0].primaries_seen.pop_back();
    return report;
}

TEST(FindWritablePrimary, OfTwoTheLockDecidesAndTheOtherIsNamed) {
    const auto found = find_writable_primary(two(false, true), "", {}).value();
    EXPECT_EQ(found.member, "b");
    EXPECT_EQ(found.timeline, 4);
    EXPECT_EQ(found.lock_source, FactSource::cluster);
    EXPECT_THAT(found.other_primaries, ElementsAre("a"));
}

TEST(FindWritablePrimary, OfTwoWithoutAKnownLockNobody) {
    for (const auto& vouched : {std::vector<Origin>{}, {k_a}, {k_a, k_b}}) {
        const auto error = find_writable_primary(two({}, {}), "", vouched).error();
        EXPECT_EQ(error.kind, ErrorKind::conflict);
        EXPECT_THAT(error.message, HasSubstr("a (http://10.0.0.1:8008) is primary, running; b ("));
    }
}

TEST(FindWritablePrimary, ItsOwnWordCountsWhereNobodyElseKnowsTheLock) {
    EXPECT_EQ(find_writable_primary(one({}), "", {}).error().kind, ErrorKind::not_found);
    const auto found = find_writable_primary(one({}), "", {k_a}).value();
    EXPECT_EQ(found.lock_source, FactSource::live);
    EXPECT_FALSE(find_writable_primary(one(false), "", {k_a}));
}

TEST(FindWritablePrimary, TheLockOfTheStoreIsNamedSo) {
    auto report = one(true);
    report.clusters[0].lock_source = FactSource::dcs;
    EXPECT_EQ(find_writable_primary(report, "batman", {}).value().lock_source, FactSource::dcs);
}

TEST(FindWritablePrimary, AnAddressThatSomebodyElseAnswersDoesNotCount) {
    auto report = one(true);
    report.clusters[0].problems = {{"scope_mismatch", "a", "..."}};
    EXPECT_FALSE(find_writable_primary(report, "", {k_a}));
}

TEST(FindWritablePrimary, TheHolderMustRun) {
    auto report = one(true);
    report.clusters[0].members[0].state = "starting";
    report.clusters[0].primaries_seen.clear();
    const auto error = find_writable_primary(report, "", {k_a}).error();
    EXPECT_THAT(error.message, HasSubstr("is primary, starting (holds the leader lock)"));
}

TEST(FindWritablePrimary, TheScopeMustBeClear) {
    auto report = two(false, true);
    report.clusters.push_back(one(true).clusters[0]);
    EXPECT_EQ(find_writable_primary(report, "", {}).error().kind, ErrorKind::config);
    EXPECT_EQ(find_writable_primary(report, "batman", {}).error().kind, ErrorKind::config);
    report.clusters[1].scope = "robin";
    EXPECT_EQ(find_writable_primary(report, "robin", {}).value().member, "a");
    EXPECT_EQ(find_writable_primary(report, "joker", {}).error().kind, ErrorKind::not_found);
    EXPECT_EQ(find_writable_primary({}, "", {}).error().kind, ErrorKind::not_found);
}

TEST(AllArePlaced, SilentMembersOfAnUnknownClusterAreNot) {
    auto report = two(true, {});
    EXPECT_TRUE(all_are_placed(report));
    report.clusters[0].members[1].error = Error{};
    EXPECT_FALSE(all_are_placed(report));
    report.clusters[0].members[1].holds_lock = false;
    EXPECT_TRUE(all_are_placed(report));
}

}  // namespace
}  // namespace patroni::topology
