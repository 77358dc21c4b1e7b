// What the store shows of a plan that was carried out, or of which nobody knows.
#include "operations/effect.hpp"
#include "operations/outcome_sum.hpp"
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
                             const Cluster& before = demo_cluster(),
                             const std::set<std::string>& interrupted = {}) {
    return judge_effect(make_plan(before, std::move(action)), outcome(kind), now, interrupted);
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
    const SwitchLeader later{.candidate = "pg2",
                             .at = Timestamp::parse("2030-01-01T00:00:00.25Z")->time};
    EXPECT_FALSE(judge(later, OutcomeKind::scheduled, demo_cluster()));
    const Cluster scheduled =
        demo_cluster({{"failover", R"({"leader":"pg1","scheduled_at":"2030-01-01T00:00:00Z"})"}});
    EXPECT_EQ(judge(later, OutcomeKind::unknown, scheduled)->kind, OutcomeKind::scheduled);
    const Cluster another =
        demo_cluster({{"failover", R"({"leader":"pg1","scheduled_at":"2030-01-02T00:00:00Z"})"}});
    EXPECT_FALSE(judge(later, OutcomeKind::unknown, another)) << "that is somebody else's";
    EXPECT_FALSE(judge(CancelScheduledSwitchover{}, OutcomeKind::done, scheduled, scheduled));
    EXPECT_EQ(
        judge(CancelScheduledSwitchover{}, OutcomeKind::unknown, demo_cluster(), scheduled)->kind,
        OutcomeKind::done);
}

std::string member(const std::string& more) {
    return R"({"api_url":"http://10.0.0.3:8008/patroni","role":"replica")" + more + "}";
}

/// pg3 as it is in the store.
Cluster with_pg3(const std::string& more) {
    return demo_cluster({{"members/pg3", member(more)}});
}

TEST(Effect, OfARestartWithoutAnAnswerIsWhatChanged) {
    const RestartMembers restart{.which = {.names = {"pg3"}}};
    const Cluster runs = with_pg3(R"(,"state":"running")");
    const Cluster waits = with_pg3(R"(,"state":"running","pending_restart":true)");
    EXPECT_TRUE(judge(restart, OutcomeKind::done, runs, runs));
    EXPECT_FALSE(judge(restart, OutcomeKind::done, with_pg3(R"(,"state":"starting")"), runs));
    EXPECT_FALSE(judge(restart, OutcomeKind::unknown, runs, runs)) << "it ran before, too";
    EXPECT_FALSE(judge(restart, OutcomeKind::unknown, waits, waits));
    EXPECT_EQ(judge(restart, OutcomeKind::unknown, runs, waits)->kind, OutcomeKind::done);
    EXPECT_EQ(judge(restart, OutcomeKind::unknown, runs, runs, {"pg3"})->kind, OutcomeKind::done);
    EXPECT_FALSE(judge(restart, OutcomeKind::unknown, runs, runs, {"pg2"}));
}

TEST(Effect, OfAScheduledRestartWithoutAnAnswerIsANewSchedule) {
    const RestartMembers later{.which = {.names = {"pg3"}}, .how = {.schedule = WallTime()}};
    const auto at = [](const char* time) {
        return with_pg3(R"(,"state":"running","scheduled_restart":{"schedule":")" +
                        std::string(time) + "\"}");
    };
    const Cluster none = with_pg3(R"(,"state":"running")");
    EXPECT_FALSE(judge(later, OutcomeKind::unknown, none, none));
    EXPECT_FALSE(judge(later, OutcomeKind::unknown, at("2030"), at("2030")));
    EXPECT_EQ(judge(later, OutcomeKind::unknown, at("2030"), none)->kind, OutcomeKind::done);
    EXPECT_EQ(judge(later, OutcomeKind::scheduled, at("2030"), at("2030"))->kind,
              OutcomeKind::scheduled);
}

TEST(Effect, OfAReinitializeOrReloadWithoutAnAnswerIsNotTakenForGranted) {
    const ReinitializeMembers copy{.which = {.names = {"pg3"}}};
    const Cluster before = with_pg3(R"(,"state":"running","xlog_location":1)");
    Cluster after = with_pg3(R"(,"state":"running","xlog_location":2)");
    after.keys.at("members/pg3").revision += 1;  // Its position alone writes the key anew.
    EXPECT_FALSE(judge(copy, OutcomeKind::unknown, after, before));
    EXPECT_EQ(judge(copy, OutcomeKind::unknown, after, before, {"pg3"})->kind, OutcomeKind::done);
    EXPECT_TRUE(judge(copy, OutcomeKind::done, after, before));
    EXPECT_FALSE(judge(ReloadMembers{}, OutcomeKind::unknown, before, before));
    EXPECT_TRUE(judge(ReloadMembers{}, OutcomeKind::done, before, before));
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
