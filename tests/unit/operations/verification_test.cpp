#include "operations/verification.hpp"

#include "operations/execution.hpp"
#include "operations/plan.hpp"
#include "unit/operations/clusters.hpp"

#include <gtest/gtest.h>

namespace patroni::operations {
namespace {

using patroni::testing::demo_cluster;

Outcome outcome(OutcomeKind kind, Reason reason = Reason::none) {
    Outcome result;
    result.kind = kind;
    result.reason = reason;
    return result;
}

std::optional<Outcome> judge(Action action, OutcomeKind kind, const Cluster& now,
                             const Cluster& before = demo_cluster()) {
    return judge_effect(make_plan(before, std::move(action)), outcome(kind), now);
}

TEST(Effect, OfASwitchoverIsAnotherLeader) {
    const SwitchLeader to_pg2{.candidate = "pg2"};
    EXPECT_FALSE(judge(to_pg2, OutcomeKind::done, demo_cluster()));
    EXPECT_FALSE(judge(to_pg2, OutcomeKind::unknown, demo_cluster({{"leader", ""}})));
    const auto done = judge(to_pg2, OutcomeKind::unknown, demo_cluster({{"leader", "pg2"}}));
    ASSERT_TRUE(done);
    EXPECT_EQ(done->kind, OutcomeKind::done);
    EXPECT_EQ(done->new_leader, "pg2");
    EXPECT_TRUE(done->as_asked());
    const auto other = judge(to_pg2, OutcomeKind::unknown, demo_cluster({{"leader", "pg3"}}));
    ASSERT_TRUE(other);
    EXPECT_EQ(other->reason, Reason::other_member_won);
    EXPECT_FALSE(other->as_asked());
}

TEST(Effect, OfARejectionIsTheRejection) {
    const auto verdict =
        judge(SwitchLeader{}, OutcomeKind::rejected, demo_cluster({{"leader", "pg2"}}));
    ASSERT_TRUE(verdict);
    EXPECT_EQ(verdict->kind, OutcomeKind::rejected);
}

TEST(Effect, OfAScheduleIsTheScheduleInTheStore) {
    const SwitchLeader later{.candidate = "pg2", .at = WallTime()};
    EXPECT_FALSE(judge(later, OutcomeKind::scheduled, demo_cluster()));
    const Cluster scheduled =
        demo_cluster({{"failover", R"({"leader":"pg1","scheduled_at":"2030-01-01T00:00:00Z"})"}});
    EXPECT_EQ(judge(later, OutcomeKind::unknown, scheduled)->kind, OutcomeKind::scheduled);
    EXPECT_FALSE(judge(CancelScheduledSwitchover{}, OutcomeKind::done, scheduled, scheduled));
    EXPECT_EQ(
        judge(CancelScheduledSwitchover{}, OutcomeKind::unknown, demo_cluster(), scheduled)->kind,
        OutcomeKind::done);
}

TEST(Effect, OfAPauseIsKnownToAllMembers) {
    const std::string paused = R"({"api_url":"http://10.0.0.1:8008/","pause":true})";
    EXPECT_FALSE(judge(SetPause{}, OutcomeKind::done, demo_cluster({{"members/pg1", paused}})));
    const Cluster all =
        demo_cluster({{"members/pg1", paused}, {"members/pg2", paused}, {"members/pg3", paused}});
    EXPECT_TRUE(judge(SetPause{}, OutcomeKind::done, all));
    EXPECT_TRUE(
        judge(SetPause{}, OutcomeKind::done,
              demo_cluster({{"members/pg1", paused}, {"members/pg2", ""}, {"members/pg3", ""}})))
        << "who went away is not waited for";
}

TEST(Effect, OfADemotionIsALeaderThatStandsBy) {
    const DemoteCluster demote{{.host = "h"}};
    const auto leader = [](const char* role, const char* state) {
        return demo_cluster({{"members/pg1", std::string(R"({"role":")") + role + R"(","state":")" +
                                                 state + "\"}"}});
    };
    EXPECT_FALSE(judge(demote, OutcomeKind::done, leader("primary", "running")));
    EXPECT_FALSE(judge(demote, OutcomeKind::done, leader("standby_leader", "starting")));
    EXPECT_TRUE(judge(demote, OutcomeKind::done, leader("standby_leader", "running")));
}

TEST(Sum, IsTheWorstOfAllMembers) {
    std::vector<OperationResult::Step> steps;
    steps.push_back({"pg1", outcome(OutcomeKind::done)});
    EXPECT_EQ(sum_of(steps).kind, OutcomeKind::done);
    steps.push_back({"pg2", outcome(OutcomeKind::scheduled)});
    EXPECT_EQ(sum_of(steps).kind, OutcomeKind::scheduled);
    Error refused;
    refused.kind = ErrorKind::connect_refused;
    steps.push_back({"pg3", refused});
    EXPECT_EQ(sum_of(steps).kind, OutcomeKind::rejected);
    EXPECT_EQ(sum_of(steps).message, "pg3: not sent");
    steps.push_back({"pg4", outcome(OutcomeKind::unknown, Reason::no_answer)});
    EXPECT_EQ(sum_of(steps).kind, OutcomeKind::unknown);
    EXPECT_EQ(sum_of(steps).reason, Reason::no_answer);
}

}  // namespace
}  // namespace patroni::operations
