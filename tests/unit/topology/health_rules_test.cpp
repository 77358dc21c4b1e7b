// Why a member is not well: stable words, one problem for each.
#include "topology/health_rules.hpp"

#include "unit/topology/picture.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

namespace patroni::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr std::uint64_t k_mb = 1048576;
constexpr std::uint64_t k_position = 1000 * k_mb;

struct Case {
    const char* what;
    std::function<void(MemberStatus&)> change;
    std::vector<std::string> reasons;
};

class ReasonsOf : public ::testing::TestWithParam<Case> {};

TEST_P(ReasonsOf, AReplicaBesideAPrimary) {
    auto status = replica_at(k_position, k_position, 3);
    GetParam().change(status);
    Picture picture;
    picture.answers("p", primary_at(k_position, 3)).answers("r", status);
    const auto cluster = picture.only();
    const auto member = row(cluster, "r");
    EXPECT_EQ(member.reasons, GetParam().reasons);
    EXPECT_EQ(member.healthy, GetParam().reasons.empty());
    std::vector<std::string> told;
    for (const auto& problem : cluster.problems) {
        EXPECT_EQ(problem.member, "r");
        EXPECT_FALSE(problem.message.empty());
        told.push_back(problem.kind);
    }
    EXPECT_EQ(told, GetParam().reasons) << "each reason is told once";
    EXPECT_TRUE(row(cluster, "p").healthy);
}

const Case k_cases[] = {
    {"well", [](MemberStatus&) {}, {}},
    {"stopped", [](MemberStatus& s) { s.state = "stopped"; }, {"not_running"}},
    {"starting", [](MemberStatus& s) { s.state = "starting"; }, {"not_running"}},
    {"restart_failed",
     [](MemberStatus& s) { s.state = "restart failed (restarting)"; },
     {"not_running"}},
    {"state_missing", [](MemberStatus& s) { s.state.clear(); }, {"not_running"}},
    {"demoted",
     [](MemberStatus& s) {
         s.role = Role::demoted;
         s.state = "stopped";
     },
     {"not_running", "demoted"}},
    {"uninitialized",
     [](MemberStatus& s) {
         s.role = Role::uninitialized;
         s.state = "creating replica";
     },
     {"not_running", "uninitialized"}},
    {"a_stopped_090_says_no_role",
     [](MemberStatus& s) {
         s = of_version(MemberStatus{}, "0.90");
         s.scope = "demo";
         s.system_identifier = "1";
         s.state = "stopped";
     },
     {"not_running"}},
    {"other_timeline", [](MemberStatus& s) { s.timeline = 2; }, {"other_timeline"}},
    {"archive_recovery",
     [](MemberStatus& s) { s.replication_state = "in archive recovery"; },
     {"not_streaming"}},
    {"no_streaming", [](MemberStatus& s) { s.replication_state.reset(); }, {"not_streaming"}},
    {"nostream_tag",
     [](MemberStatus& s) {
         s.replication_state = "in archive recovery";
         s.tags = Value::object({{"nostream", true}});
     },
     {}},
    {"no_streaming_is_not_told_before_3_0_4",
     [](MemberStatus& s) {
         s = of_version(s, "3.0.3");
         s.replication_state.reset();
     },
     {}},
    {"no_streaming_is_not_told_by_postgresql_9_5",
     [](MemberStatus& s) {
         s.server_version = 90524;
         s.replication_state.reset();
     },
     {}},
    {"lag_at_the_limit",
     [](MemberStatus& s) { s.received_location = s.replayed_location = Lsn(k_position - k_mb); },
     {}},
    {"lag_over_the_limit",
     [](MemberStatus& s) {
         s.received_location = s.replayed_location = Lsn(k_position - k_mb - 1);
     },
     {"lagging"}},
    {"replay_at_the_limit",
     [](MemberStatus& s) { s.replayed_location = Lsn(k_position - 16 * k_mb); },
     {}},
    {"replay_over_the_limit",
     [](MemberStatus& s) { s.replayed_location = Lsn(k_position - 16 * k_mb - 1); },
     {"replay_lag"}},
    {"both",
     [](MemberStatus& s) {
         s.received_location = s.replayed_location = Lsn(k_position - 100 * k_mb);
     },
     {"lagging", "replay_lag"}},
    {"replay_paused", [](MemberStatus& s) { s.replay_paused = true; }, {"replay_paused"}},
};

INSTANTIATE_TEST_SUITE_P(Table, ReasonsOf, ::testing::ValuesIn(k_cases),
                         [](const auto& test) { return std::string(test.param.what); });

TEST(HealthRules, TheFailoverLimitOfTheClusterIsUsedWhereItIsKnown) {
    auto cluster = stored({published("p", Role::primary), published("r", Role::replica)}, "p");
    cluster.config = Value::object({{"maximum_lag_on_failover", 100}});
    Picture picture;
    picture.answers("p", primary_at(1000)).answers("r", replica_at(899, 899)).store(cluster);
    EXPECT_THAT(row(picture.only(), "r").reasons, ElementsAre("lagging"));
    picture.observations[1].answer = replica_at(900, 900);
    EXPECT_THAT(row(picture.only(), "r").reasons, ::testing::IsEmpty());
}

TEST(HealthRules, WhatFollowsFromTheMissingPrimaryIsNotHeldAgainstStandbys) {
    auto status = replica_at(5, 5);
    status.replication_state.reset();
    Picture picture;
    picture.answers("r", status);
    EXPECT_TRUE(row(picture.only(), "r").healthy);
}

TEST(HealthRules, ASilentMemberIsToldWithWhatOthersSayOfIt) {
    Picture picture;
    picture.answers("p", primary_at(5)).silent("r");
    picture.store(stored({published("p", Role::primary), published("r", Role::replica)}, "p"));
    const auto cluster = picture.only();
    EXPECT_THAT(row(cluster, "r").reasons, ElementsAre("no_answer"));
    ASSERT_EQ(cluster.problems.size(), 1U);
    EXPECT_THAT(cluster.problems[0].message,
                ::testing::AllOf(HasSubstr("no answer in the test"), HasSubstr("DCS"),
                                 HasSubstr("replica"), HasSubstr("streaming")));
}

TEST(HealthRules, APublishedLagIsToldAsPublished) {
    Picture picture;
    picture.answers("r", replica_at(5, 5)).silent("p");
    auto record = published("r", Role::replica, 5 * k_mb);
    picture.overview(0, overview_of({published("p", Role::primary), record}));
    const auto cluster = picture.only();
    EXPECT_THAT(row(cluster, "r").reasons, ElementsAre("lagging"));
    bool found = false;
    for (const auto& problem : cluster.problems) {
        found = found || problem.message.find("(as published)") != std::string::npos;
    }
    EXPECT_TRUE(found);
}

}  // namespace
}  // namespace patroni::testing
