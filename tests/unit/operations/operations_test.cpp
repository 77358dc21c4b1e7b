// The three steps against simulated clusters, with answers that get lost at each of them.
#include "support/failure_of.hpp"
#include "support/scripted_server.hpp"

#include <patroni/operations.hpp>
#include <patroni/simulator.hpp>
#include <patroni/store.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

constexpr seconds k_enough{30};

Seeds seeds_of(const Simulator& sim) {
    return Seeds::etcd3(sim.etcd().text()).value();
}

/// Time stands still: what is lost is lost before anything is done.
class StillCluster : public ::testing::Test {
protected:
    StillCluster() { sim.add_cluster({.scope = "demo"}); }

    Operations operations(OperationsOptions options = {}) const {
        return Operations{seeds_of(sim), std::move(options)};
    }
    LeaderRequest switchover() const {
        LeaderRequest request;
        request.scope = "demo";
        request.leader = "pg1";
        request.candidate = "pg2";
        request.api = Origin{false, sim.api("pg1")};
        return request;
    }
    std::optional<std::string> failover_key() const {
        Store store{seeds_of(sim)};
        const auto keys = store.snapshot("/service/demo/");
        const auto key = keys.find("/service/demo/failover");
        return key == keys.end() ? std::nullopt : std::optional(key->second.value);
    }

    Simulator sim;
};

TEST_F(StillCluster, WritesTheStoreWhenTheMemberRefuses) {
    sim.partition("pg1");  // Nobody acts upon the key in this test.
    sim.fault("pg1", Fault::refuse());
    const auto result = operations().change_leader(switchover());
    EXPECT_EQ(result.kind, OutcomeKind::done) << to_line(result);
    EXPECT_TRUE(result.through_store);
    ASSERT_TRUE(result.member_error);
    EXPECT_EQ(result.member_error->kind, ErrorKind::connect_refused);
    ASSERT_TRUE(result.store);
    EXPECT_EQ(result.store->kind, OutcomeKind::done);
}

TEST_F(StillCluster, WritesTheStoreWhenTheRequestIsLostAndNothingHasChanged) {
    for (const Fault& fault : {Fault::silent(), Fault::reset_on_accept()}) {
        SCOPED_TRACE(static_cast<int>(fault.kind));
        Simulator other;
        other.add_cluster({.scope = "demo"});
        other.fault("pg1", fault);
        LeaderRequest request = switchover();
        request.api = Origin{false, other.api("pg1")};
        Operations operations{seeds_of(other), {.member_timeout = milliseconds(500)}};
        const auto result = operations.change_leader(request);
        ASSERT_TRUE(result.member_error);
        EXPECT_EQ(result.member_error->delivery, Delivery::may_have_been_sent);
        EXPECT_TRUE(result.through_store) << to_line(result);
        EXPECT_EQ(result.kind, OutcomeKind::done);
    }
}

TEST_F(StillCluster, WritesNothingWhileTheMemberIsAtIt) {
    // Time stands still: the member has asked for the switchover, and never says how it ended.
    Operations operations = this->operations({.member_timeout = milliseconds(500)});
    const auto result = operations.change_leader(switchover());
    ASSERT_TRUE(result.member_error);
    EXPECT_EQ(result.kind, OutcomeKind::unknown) << to_line(result);
    EXPECT_FALSE(result.through_store);
    EXPECT_FALSE(result.store);
}

TEST_F(StillCluster, WritesNothingOverAnotherRequest) {
    const std::string waiting =
        R"({"leader":"pg1","member":"pg3","scheduled_at":"2099-01-01T00:00:00+00:00"})";
    sim.put(SimulatedStore::etcd3, "/service/demo/failover", waiting);
    sim.fault("pg1", Fault::refuse());
    const auto result = operations().change_leader(switchover());
    EXPECT_EQ(result.kind, OutcomeKind::rejected) << to_line(result);
    EXPECT_EQ(result.reason, Reason::conflict);
    EXPECT_FALSE(result.through_store);
    EXPECT_FALSE(result.store);
    EXPECT_EQ(failover_key(), waiting);
}

TEST_F(StillCluster, WritesNothingWhenAnotherMemberLeads) {
    sim.promote("pg3");
    sim.fault("pg1", Fault::empty_reply());
    const auto result = operations().change_leader(switchover());
    EXPECT_EQ(result.kind, OutcomeKind::unknown) << to_line(result);
    EXPECT_EQ(result.reason, Reason::leader_mismatch);
    EXPECT_FALSE(result.through_store);
    EXPECT_EQ(failover_key().value_or("{}"), "{}");
}

TEST_F(StillCluster, WritesNothingWhenTheStoreCannotBeRead) {
    sim.fault("pg1", Fault::refuse());
    sim.fault_etcd(Fault::refuse());
    const auto refused = operations().change_leader(switchover());
    EXPECT_EQ(refused.kind, OutcomeKind::rejected) << to_line(refused);
    sim.fault("pg1", Fault::silent());
    const auto lost = operations({.member_timeout = milliseconds(500)}).change_leader(switchover());
    EXPECT_EQ(lost.kind, OutcomeKind::unknown) << to_line(lost);
    EXPECT_THAT(lost.message, HasSubstr("the store could not be read"));
    sim.clear_etcd_fault();
    EXPECT_EQ(failover_key().value_or("{}"), "{}");
}

TEST_F(StillCluster, LooksWhatBecameOfAWriteToTheStore) {
    sim.fault("pg1", Fault::refuse());
    sim.fault_etcd(Fault::reset_after_request().on("/v3/kv/txn").once());
    const auto result = operations().change_leader(switchover());
    EXPECT_NE(result.kind, OutcomeKind::rejected) << to_line(result);
    ASSERT_TRUE(result.store);
    EXPECT_EQ(sim.leader("demo") == "pg2" || failover_key().has_value(), true);
}

TEST_F(StillCluster, WithoutAnAddressOnlyTheStoreIsLeft) {
    LeaderRequest request = switchover();
    request.api.reset();
    const auto result = operations().change_leader(request);
    EXPECT_TRUE(result.through_store) << to_line(result);
    EXPECT_EQ(sim.traffic("pg1").requests, 0U);
}

TEST_F(StillCluster, TriesAgainOnlyWhatMayBeRepeated) {
    sim.fault("pg2", Fault::empty_reply());
    Operations patient = operations({.more_attempts = 3});
    const Origin pg2{false, sim.api("pg2")};
    const auto post =
        failure_of([&] { patient.ask(pg2, {.method = "POST", .target = "/reload"}); });
    EXPECT_EQ(post.delivery, Delivery::may_have_been_sent);
    EXPECT_EQ(sim.traffic("pg2").requests, 1U);
    failure_of([&] { patient.ask(pg2, {.method = "DELETE", .target = "/restart"}); });
    EXPECT_EQ(sim.traffic("pg2").requests, 5U);
    failure_of([&] { patient.ask(pg2, {.method = "GET", .target = "/patroni"}); });
    EXPECT_EQ(sim.traffic("pg2").requests, 9U);
}

TEST_F(StillCluster, AnUnknownScopeIsAnEmptyCluster) {
    const auto plan = operations().prepare("nosuch", SwitchLeader{});
    ASSERT_TRUE(plan.refusal);
    EXPECT_EQ(plan.refusal->reason, Reason::no_leader);
    EXPECT_EQ(operations().execute(plan).outcome.kind, OutcomeKind::rejected);
    EXPECT_EQ(failure_of([&] { operations().prepare("a/../b", SwitchLeader{}); }).kind,
              ErrorKind::config);
}

TEST_F(StillCluster, NobodyToCancelASwitchoverIsTheStoresTask) {
    sim.put(SimulatedStore::etcd3, "/service/demo/failover",
            R"({"leader":"pg1","scheduled_at":"2099-01-01T00:00:00+00:00"})");
    for (const char* member : {"pg1", "pg2", "pg3"}) {
        sim.fault(member, Fault::refuse());
    }
    Operations operations = this->operations();
    const auto plan = operations.prepare("demo", CancelScheduledSwitchover{});
    EXPECT_EQ(plan.requests.size(), 3U);
    const auto result = operations.execute(plan);
    EXPECT_EQ(result.outcome.kind, OutcomeKind::done) << to_line(result.outcome);
    EXPECT_EQ(result.steps.size(), 3U);
    EXPECT_EQ(failover_key(), "{}");
    EXPECT_EQ(operations.verify(plan, result, k_enough).kind, OutcomeKind::done);
}

TEST_F(StillCluster, RemovesOnlyWhatIsThere) {
    for (const char* member : {"pg1", "pg2", "pg3"}) {
        sim.kill(member);  // They would write their keys again.
    }
    Operations operations = this->operations();
    const auto plan = operations.prepare("demo", RemoveCluster{});
    const auto result = operations.execute(plan);
    EXPECT_EQ(result.outcome.kind, OutcomeKind::done) << to_line(result.outcome);
    EXPECT_EQ(operations.verify(plan, result, k_enough).kind, OutcomeKind::done);
    EXPECT_TRUE(operations.prepare("demo", RemoveCluster{}).refusal);
}

TEST_F(StillCluster, CallbacksComeLaterAndOnce) {
    Runtime runtime;
    Operations operations{runtime, seeds_of(sim)};
    int calls = 0;
    operations.start_prepare("demo", SetPause{}, std::nullopt, [&](Result<OperationPlan> plan) {
        ++calls;
        EXPECT_TRUE(plan);
    });
    Operation cancelled =
        operations.start_prepare("demo", SetPause{}, std::nullopt, [&](Result<OperationPlan> plan) {
            ++calls;
            ASSERT_FALSE(plan);
            EXPECT_EQ(plan.error().kind, ErrorKind::cancelled);
            runtime.stop();
        });
    cancelled.cancel();
    EXPECT_EQ(calls, 0);
    runtime.run_until_stopped();
    runtime.run();
    EXPECT_EQ(calls, 2);
    Operations own = this->operations();
    EXPECT_EQ(
        failure_of([&] { own.start_prepare("demo", SetPause{}, std::nullopt, [](auto) {}); }).kind,
        ErrorKind::config);
}

TEST_F(StillCluster, WhoWasNotToldWhenItWasCancelledCountsToo) {
    sim.fault("pg1", Fault::silent().on("POST /restart"));
    Runtime runtime;
    Operations operations{runtime, seeds_of(sim)};
    Operation execution;
    std::optional<Result<OperationResult>> end;
    operations.start_prepare("demo", RestartMembers{}, std::nullopt, [&](auto plan) {
        execution = operations.start_execute(*plan, [&](Result<OperationResult> result) {
            end = std::move(result);
            runtime.stop();
        });
    });
    std::thread user([&] {
        while (sim.traffic("pg1").requests == 0) {
            std::this_thread::sleep_for(milliseconds(1));
        }
        runtime.post([&] { execution.cancel(); });
    });
    runtime.run();
    user.join();
    ASSERT_TRUE(end && *end);
    EXPECT_EQ((*end)->outcome.kind, OutcomeKind::unknown) << to_line((*end)->outcome);
    ASSERT_EQ((*end)->steps.size(), 3U);
    for (const std::size_t step : {1U, 2U}) {
        ASSERT_FALSE((*end)->steps[step].outcome);
        EXPECT_EQ((*end)->steps[step].outcome.error().kind, ErrorKind::cancelled);
    }
    EXPECT_EQ(sim.traffic("pg2").requests, 0U);
}

TEST_F(StillCluster, IsGoneWhileAVerificationWaits) {
    Runtime runtime;
    std::optional<Operations> operations;
    operations.emplace(runtime, seeds_of(sim));
    auto plan = Operations::plan(Store{seeds_of(sim)}.clusters("demo").at(0),
                                 SwitchLeader{.candidate = "pg2"});
    plan.scope = "demo";
    OperationResult sent;
    sent.outcome.kind = OutcomeKind::done;
    int calls = 0;
    operations->start_verify(plan, sent, seconds(30), [&](const auto&) { ++calls; });
    std::thread owner([&] {
        std::this_thread::sleep_for(milliseconds(300));  // It has looked once, and waits.
        runtime.post([&] { operations.reset(); });
    });
    runtime.run();
    owner.join();
    EXPECT_EQ(calls, 0);
    EXPECT_FALSE(operations);
}

/// Time passes, fast: members do what they are told.
class LivingCluster : public ::testing::Test {
protected:
    LivingCluster() : sim({.time = SimulatedTime::real, .time_scale = 20}) {
        sim.add_cluster({.scope = "demo", .loop_wait = seconds(1)});
    }

    Operations operations() const { return Operations{seeds_of(sim)}; }

    Simulator sim;
};

TEST_F(LivingCluster, SwitchesOver) {
    Operations operations = this->operations();
    const auto plan = operations.prepare("demo", SwitchLeader{.candidate = "pg2"});
    ASSERT_FALSE(plan.refusal);
    const auto result = operations.execute(plan);
    EXPECT_EQ(result.outcome.kind, OutcomeKind::done) << to_line(result.outcome);
    const auto verified = operations.verify(plan, result, k_enough);
    EXPECT_TRUE(verified.as_asked()) << to_line(verified);
    EXPECT_EQ(verified.new_leader, "pg2");
    EXPECT_EQ(sim.leader("demo"), "pg2");
}

TEST_F(LivingCluster, AnAnswerThatIsLostAfterTheSwitchoverIsFoundOut) {
    sim.fault("pg1", Fault::reset_after_request().on("POST /switchover").once());
    Operations operations = this->operations();
    const auto plan = operations.prepare("demo", SwitchLeader{.candidate = "pg2"});
    const auto result = operations.execute(plan);
    ASSERT_EQ(result.steps.size(), 1U);
    ASSERT_TRUE(result.steps[0].outcome);  // It was sent.
    EXPECT_EQ(result.steps[0].outcome->kind, OutcomeKind::unknown);
    const auto verified = operations.verify(plan, result, k_enough);
    EXPECT_EQ(verified.kind, OutcomeKind::done) << to_line(verified);
    EXPECT_EQ(verified.new_leader, "pg2");
}

TEST_F(LivingCluster, PausesThroughAnyMember) {
    sim.fault("pg1", Fault::empty_reply());
    Operations operations = this->operations();
    const auto plan = operations.prepare("demo", SetPause{});
    const auto result = operations.execute(plan);
    EXPECT_EQ(result.outcome.kind, OutcomeKind::done) << to_line(result.outcome);
    ASSERT_EQ(result.steps.size(), 2U);
    EXPECT_EQ(result.steps[1].member, "pg2");
    EXPECT_EQ(operations.verify(plan, result, k_enough).kind, OutcomeKind::done);
    const auto resume = operations.prepare("demo", SetPause{false});
    EXPECT_FALSE(resume.refusal);
    EXPECT_EQ(operations.execute(resume).outcome.kind, OutcomeKind::done);
}

TEST_F(LivingCluster, RestartsWhatIsPending) {
    sim.pending_restart("pg3");
    Operations operations = this->operations();
    ASSERT_TRUE(sim.wait_until([&] {
        return !operations.prepare("demo", RestartMembers{{}, {.only_if_pending = true}}).refusal;
    }));
    const auto plan = operations.prepare("demo", RestartMembers{{}, {.only_if_pending = true}});
    const auto result = operations.execute(plan);
    ASSERT_EQ(result.steps.size(), 1U);
    EXPECT_EQ(result.steps[0].member, "pg3");
    EXPECT_EQ(result.outcome.kind, OutcomeKind::done) << to_line(result.outcome);
    EXPECT_EQ(operations.verify(plan, result, k_enough).kind, OutcomeKind::done);
}

TEST_F(LivingCluster, ReloadsAndReinitializes) {
    Operations operations = this->operations();
    const auto reload = operations.execute(operations.prepare("demo", ReloadMembers{}));
    EXPECT_EQ(reload.steps.size(), 3U);
    EXPECT_EQ(reload.outcome.kind, OutcomeKind::done) << to_line(reload.outcome);
    const auto plan = operations.prepare("demo", ReinitializeMembers{{{"pg2"}, {}}, {}});
    const auto result = operations.execute(plan);
    EXPECT_EQ(result.outcome.kind, OutcomeKind::done) << to_line(result.outcome);
    EXPECT_EQ(operations.verify(plan, result, k_enough).kind, OutcomeKind::done);
}

/// Redirects, seen by a server that tells.
TEST(Redirect, KeepsTheCredentialsAtHome) {
    Simulator sim;
    sim.add_cluster({.scope = "demo"});
    ScriptedServer away([](const SeenRequest&) { return http_answer(200, "\"away\""); });
    ScriptedServer home([&](const SeenRequest& request) -> std::optional<std::string> {
        if (request.target == "/here") {
            return http_answer(200, "\"here\"");
        }
        const std::string target =
            request.target == "/near" ? "/here" : "http://" + away.text() + "/there";
        return "HTTP/1.0 307 Moved\r\nLocation: " + target + "\r\nContent-Length: 0\r\n\r\n";
    });
    OperationsOptions options{.member = {.user = "u", .password = Secret("p")},
                              .more_attempts = 3,
                              .follow_redirects = true};
    Operations operations{seeds_of(sim), options};
    const Origin origin{false, home.address()};
    EXPECT_EQ(operations.ask(origin, {.method = "POST", .target = "/near"}).body, "\"here\"");
    EXPECT_EQ(operations.ask(origin, {.method = "POST", .target = "/far", .body = "{}"}).body,
              "\"away\"");
    const auto seen = away.requests().at(0);
    EXPECT_EQ(seen.method, "POST");
    EXPECT_EQ(seen.body, "{}");
    EXPECT_EQ(seen.head.find("Authorization"), std::string::npos);
    EXPECT_NE(home.requests().at(0).head.find("Authorization: Basic dTpw"), std::string::npos);
}

TEST(Redirect, EndsAfterThreeAndIsNotFollowedUnasked) {
    Simulator sim;
    sim.add_cluster({.scope = "demo"});
    ScriptedServer loop([](const SeenRequest&) -> std::optional<std::string> {
        return "HTTP/1.0 302 Found\r\nLocation: /again\r\nContent-Length: 0\r\n\r\n";
    });
    const Origin origin{false, loop.address()};
    Operations plain{seeds_of(sim)};
    EXPECT_EQ(plain.ask(origin, {.method = "GET", .target = "/"}).status, 302);
    Operations follows{seeds_of(sim), {.more_attempts = 3, .follow_redirects = true}};
    EXPECT_EQ(failure_of([&] { follows.ask(origin, {.method = "GET", .target = "/"}); }).kind,
              ErrorKind::protocol);
    EXPECT_EQ(loop.requests().size(), 5U);
}

}  // namespace
}  // namespace patroni::testing
