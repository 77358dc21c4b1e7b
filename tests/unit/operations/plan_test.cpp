#include "operations/plan.hpp"

#include "codec/json.hpp"
#include "operations/member_command.hpp"
#include "unit/operations/clusters.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::operations {
namespace {

using patroni::testing::demo_cluster;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

std::vector<std::string> told(const OperationPlan& plan) {
    std::vector<std::string> lines;
    for (const PlannedRequest& request : plan.requests) {
        lines.push_back(request.call + " " + request.member);
    }
    return lines;
}

Reason refusal(const Cluster& seen, Action action) {
    const OperationPlan plan = make_plan(seen, std::move(action));
    EXPECT_TRUE(plan.refusal);
    EXPECT_THAT(plan.requests, IsEmpty());
    EXPECT_FALSE(plan.leader_request);
    return plan.refusal ? plan.refusal->reason : Reason::none;
}

const Cluster k_paused = demo_cluster({{"config", R"({"pause":true})"}});
const Cluster k_sync = demo_cluster({{"config", R"({"synchronous_mode":true})"},
                                     {"sync", R"({"leader":"pg1","sync_standby":"pg3"})"}});

TEST(PlanOfASwitchover, TellsTheLeader) {
    const auto plan = make_plan(demo_cluster(), SwitchLeader{.candidate = "pg2"});
    EXPECT_FALSE(plan.refusal);
    EXPECT_THAT(told(plan), ElementsAre("POST /switchover pg1"));
    ASSERT_TRUE(plan.leader_request);
    EXPECT_EQ(plan.leader_request->leader, "pg1");
    EXPECT_EQ(plan.leader_request->candidate, "pg2");
    EXPECT_EQ(plan.leader_request->api->text(), "http://10.0.0.1:8008");
    EXPECT_EQ(plan.summary, R"(switch over from "pg1" to "pg2")");
    EXPECT_EQ(plan.scope, "demo");
}

TEST(PlanOfASwitchover, IsRefusedForWhatTheServerWouldRefuse) {
    const Cluster demo = demo_cluster();
    EXPECT_EQ(refusal(demo_cluster({{"leader", ""}}), SwitchLeader{}), Reason::no_leader);
    EXPECT_EQ(refusal(demo, SwitchLeader{.leader = "pg2"}), Reason::leader_mismatch);
    EXPECT_EQ(refusal(demo, SwitchLeader{.candidate = "pg1"}), Reason::same_member);
    EXPECT_EQ(refusal(demo, SwitchLeader{.candidate = "pg9"}), Reason::candidate_unknown);
    EXPECT_EQ(refusal(demo_cluster({{"members/pg2", ""}, {"members/pg3", ""}}), SwitchLeader{}),
              Reason::no_candidate);
    EXPECT_EQ(refusal(k_paused, SwitchLeader{}), Reason::candidate_required);
    EXPECT_EQ(refusal(k_paused, SwitchLeader{.candidate = "pg2", .at = WallTime()}),
              Reason::paused);
    EXPECT_EQ(refusal(k_sync, SwitchLeader{.candidate = "pg2"}), Reason::candidate_not_sync);
    EXPECT_FALSE(make_plan(k_sync, SwitchLeader{.candidate = "pg3"}).refusal);
}

TEST(PlanOfASwitchover, KnowsWhoMayLead) {
    const auto with_tags = [](const char* tags) {
        return demo_cluster({{"members/pg2", std::string(R"({"api_url":"http://10.0.0.2:8008/",)") +
                                                 R"("tags":)" + tags + "}"}});
    };
    for (const char* tags : {R"({"nofailover":true})", R"({"failover_priority":0})",
                             R"({"nofailover":"on"})", R"({"failover_priority":-1})"}) {
        EXPECT_EQ(refusal(with_tags(tags), SwitchLeader{.candidate = "pg2"}),
                  Reason::candidate_unknown)
            << tags;
    }
    for (const char* tags : {R"({"nofailover":false,"failover_priority":0})",
                             R"({"failover_priority":1})", "{}", R"({"nofailover":null})"}) {
        EXPECT_FALSE(make_plan(with_tags(tags), SwitchLeader{.candidate = "pg2"}).refusal) << tags;
    }
}

TEST(PlanOfAFailover, NeedsACandidateAndConsent) {
    EXPECT_EQ(refusal(demo_cluster(), FailOver{}), Reason::candidate_required);
    EXPECT_EQ(refusal(k_sync, FailOver{"pg2"}), Reason::candidate_not_sync);
    const auto plan = make_plan(k_sync, FailOver{"pg2", true});
    EXPECT_THAT(told(plan), ElementsAre("POST /failover pg1"));
    EXPECT_EQ(plan.warnings.size(), 2U);
    EXPECT_THAT(plan.warnings.back(), HasSubstr("10 bytes"));
    const auto headless = make_plan(demo_cluster({{"leader", ""}}), FailOver{"pg2"});
    EXPECT_THAT(told(headless), ElementsAre("POST /failover pg2"));
    EXPECT_FALSE(headless.leader_request->leader);
}

TEST(PlanForMembers, GoesLeaderFirst) {
    const Cluster led_by_2 = demo_cluster({{"leader", "pg2"}});
    EXPECT_THAT(told(make_plan(led_by_2, ReloadMembers{})),
                ElementsAre("POST /reload pg2", "POST /reload pg1", "POST /reload pg3"));
    EXPECT_THAT(told(make_plan(led_by_2, RestartMembers{{{}, Role::replica}, {}})),
                ElementsAre("POST /restart pg1", "POST /restart pg3"));
    EXPECT_THAT(told(make_plan(led_by_2, RestartMembers{{{}, Role::primary}, {}})),
                ElementsAre("POST /restart pg2"));
    EXPECT_THAT(told(make_plan(led_by_2, RestartMembers{{}, {.only_if_pending = true}})),
                ElementsAre("POST /restart pg3"));
    EXPECT_EQ(refusal(led_by_2, ReloadMembers{{{"pg9"}, {}}}), Reason::candidate_unknown);
    EXPECT_EQ(refusal(led_by_2, CancelRestarts{}), Reason::nothing_to_do);
    EXPECT_EQ(refusal(k_paused, RestartMembers{{}, {.schedule = WallTime()}}), Reason::paused);
}

TEST(PlanForMembers, ReinitializesNamedReplicasOnly) {
    EXPECT_EQ(refusal(demo_cluster(), ReinitializeMembers{}), Reason::bad_request);
    EXPECT_EQ(refusal(demo_cluster(), ReinitializeMembers{{{"pg1"}, {}}, {}}), Reason::is_leader);
    EXPECT_EQ(refusal(demo_cluster({{"leader", ""}}), ReinitializeMembers{{{"pg2"}, {}}, {}}),
              Reason::no_leader);
    EXPECT_THAT(told(make_plan(demo_cluster(), ReinitializeMembers{{{"pg2"}, {}}, {}})),
                ElementsAre("POST /reinitialize pg2"));
}

TEST(PlanForTheCluster, OneAnswerIsEnough) {
    const auto pause = make_plan(demo_cluster(), SetPause{});
    EXPECT_TRUE(pause.one_is_enough);
    EXPECT_THAT(told(pause),
                ElementsAre("PATCH /config pg1", "PATCH /config pg2", "PATCH /config pg3"));
    EXPECT_EQ(refusal(k_paused, SetPause{}), Reason::nothing_to_do);
    EXPECT_EQ(refusal(demo_cluster(), SetPause{false}), Reason::nothing_to_do);
    EXPECT_FALSE(make_plan(k_paused, SetPause{false}).refusal);
    EXPECT_EQ(refusal(demo_cluster(), CancelScheduledSwitchover{}), Reason::nothing_to_do);
    EXPECT_EQ(refusal(demo_cluster(), PromoteCluster{}), Reason::nothing_to_do);
    EXPECT_EQ(refusal(demo_cluster(), DemoteCluster{}), Reason::bad_request);
    EXPECT_EQ(refusal(demo_cluster({{"leader", ""}}), DemoteCluster{{.host = "h"}}),
              Reason::no_leader);
    EXPECT_FALSE(make_plan(demo_cluster(), DemoteCluster{{.host = "h"}}).refusal);
    EXPECT_THAT(make_plan(demo_cluster(), RemoveCluster{}).summary, HasSubstr("7 keys"));
    EXPECT_EQ(refusal(Cluster{}, RemoveCluster{}), Reason::nothing_to_do);
}

TEST(StandbyPatch, HasTheFieldsThatAreSetInPatronictlsOrder) {
    EXPECT_EQ(codec::to_json(standby_patch(
                  {.host = "h", .port = 5432, .restore_command = "r", .primary_slot_name = "s"})),
              R"({"standby_cluster":{"host":"h","port":5432,"primary_slot_name":"s",)"
              R"("restore_command":"r"}})");
    EXPECT_EQ(codec::to_json(standby_patch({.restore_command = "r"})),
              R"({"standby_cluster":{"restore_command":"r"}})");
}

}  // namespace
}  // namespace patroni::operations
