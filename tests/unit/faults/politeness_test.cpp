// What the simulated servers saw of us: one connection at a time for each node, none idle, none
// left behind.
#include "unit/faults/fault_lab.hpp"

#include <patroni/member_group.hpp>
#include <patroni/operations.hpp>
#include <patroni/store.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using Kind = Seeds::Kind;

constexpr Kind k_kinds[] = {Kind::members, Kind::api, Kind::etcd2, Kind::etcd3, Kind::registrator};

TEST(Politeness, OneConnectionAtATimeAndEachWithOneRequest) {
    for (const Kind kind : k_kinds) {
        SCOPED_TRACE(to_string(kind));
        FaultLab lab;
        Client client(lab.seeds(kind));
        constexpr std::size_t k_rounds = 5;
        for (std::size_t round = 0; round < k_rounds; ++round) {
            client.status(milliseconds(5000));
            for (const auto* name : {"pg1", "pg2", "pg3"}) {
                // The server closes first, so the answer's end is the connection's.
                EXPECT_EQ(lab.sim.traffic(FaultLab::member(kind, name)).open, 0U) << name;
            }
        }
        std::size_t requests = 0;
        for (const auto* name : {"pg1", "pg2", "pg3"}) {
            const SimulatedTraffic traffic = lab.sim.traffic(FaultLab::member(kind, name));
            EXPECT_EQ(traffic.open_at_most, 1U) << name;
            EXPECT_EQ(traffic.connections, traffic.requests) << name;
            EXPECT_EQ(traffic.unused, 0U) << name;
            requests += traffic.requests;
        }
        // GET /patroni of each; GET /cluster of one where no store says it.
        const bool asks_cluster =
            kind == Kind::members || kind == Kind::api || kind == Kind::registrator;
        EXPECT_EQ(requests, k_rounds * (3U + (asks_cluster ? 1U : 0U)));
    }
}

TEST(Politeness, AStoreHasOneConnectionThatIsUsedAgain) {
    for (const Kind kind : {Kind::etcd2, Kind::etcd3, Kind::registrator}) {
        SCOPED_TRACE(to_string(kind));
        FaultLab lab;
        {
            Client client(lab.seeds(kind));
            for (int round = 0; round < 5; ++round) {
                client.status(milliseconds(5000));
            }
            const SimulatedTraffic traffic = lab.sim.etcd_traffic();
            EXPECT_EQ(traffic.connections, 1U);
            EXPECT_EQ(traffic.open_at_most, 1U);
            EXPECT_GE(traffic.requests, 5U);
            EXPECT_EQ(traffic.unused, 0U);
        }
        EXPECT_TRUE(lab.all_connections_ended());  // With its client the connection goes, too.
    }
}

TEST(Politeness, NothingIsLeftAfterADeadline) {
    for (const Kind kind : k_kinds) {
        SCOPED_TRACE(to_string(kind));
        FaultLab lab;
        const std::string silent = FaultLab::member(kind, "pg2");
        lab.sim.fault(silent, Fault::silent());
        Client client(lab.seeds(kind));
        for (int round = 0; round < 2; ++round) {
            client.status(milliseconds(150));
            EXPECT_TRUE(lab.only_etcd_is_connected());  // The client lives on.
        }
        const SimulatedTraffic traffic = lab.sim.traffic(silent);
        EXPECT_EQ(traffic.open_at_most, 1U);
        EXPECT_EQ(traffic.connections, 2U);
        EXPECT_EQ(traffic.requests, 2U);
    }
}

TEST(Politeness, AStoreThatIsSilentIsLeftAtTheDeadline) {
    FaultLab lab;
    lab.sim.fault_etcd(Fault::silent());
    Client client(lab.seeds(Kind::etcd3));
    EXPECT_TRUE(thrown_by([&] { client.discover(milliseconds(100)); }));
    EXPECT_TRUE(lab.all_connections_ended());
    EXPECT_EQ(lab.sim.etcd_traffic().open_at_most, 1U);
}

constexpr const char* k_members[] = {"pg1", "pg2", "pg3"};

std::vector<Origin> origins_of(FaultLab& lab) {
    std::vector<Origin> origins;
    for (const auto* name : k_members) {
        origins.push_back({false, lab.sim.api(FaultLab::member(Kind::members, name))});
    }
    return origins;
}

/// What all members saw together; each of them never two connections, nor one in vain.
std::size_t requests_to_members(FaultLab& lab, Kind kind) {
    std::size_t requests = 0;
    for (const auto* name : k_members) {
        const SimulatedTraffic traffic = lab.sim.traffic(FaultLab::member(kind, name));
        EXPECT_LE(traffic.open_at_most, 1U) << name;
        EXPECT_EQ(traffic.connections, traffic.requests) << name;
        EXPECT_EQ(traffic.unused, 0U) << name;
        requests += traffic.requests;
    }
    return requests;
}

TEST(Politeness, AQuestionToAnyMemberGoesToOne) {
    FaultLab lab;
    MemberGroup group(origins_of(lab));
    constexpr std::size_t k_rounds = 10;
    for (std::size_t round = 0; round < k_rounds; ++round) {
        group.first_good(GetCluster{},
                         {.timeout = milliseconds(10'000), .hedge_after = milliseconds(5000)});
    }
    EXPECT_EQ(requests_to_members(lab, Kind::members), k_rounds);
    EXPECT_TRUE(lab.all_connections_ended());
}

TEST(Politeness, WhoIsSilentIsLeftWhenAnotherAnswered) {
    FaultLab lab;
    for (const auto* name : {"pg1", "pg2"}) {
        lab.sim.fault(FaultLab::member(Kind::members, name), Fault::silent());
    }
    MemberGroup group(origins_of(lab));
    for (std::size_t round = 1; round <= 3; ++round) {
        group.first_good(GetCluster{}, {.hedge_after = milliseconds(20)});
        EXPECT_TRUE(lab.all_connections_ended());
        EXPECT_LE(requests_to_members(lab, Kind::members), 3 * round);
    }
}

TEST(Politeness, TheSearchForThePrimaryAsksAsStatusDoes) {
    for (const Kind kind : k_kinds) {
        SCOPED_TRACE(to_string(kind));
        FaultLab lab;
        Client client(lab.seeds(kind));
        constexpr std::size_t k_rounds = 5;
        for (std::size_t round = 0; round < k_rounds; ++round) {
            EXPECT_EQ(client.writable_primary(milliseconds(10'000)).member, "pg1");
            // Who was not waited for is left; the server sees that a moment later.
            EXPECT_TRUE(lab.only_etcd_is_connected());
        }
        for (const auto* name : k_members) {
            EXPECT_LE(lab.sim.traffic(FaultLab::member(kind, name)).open_at_most, 1U) << name;
            // GET /patroni, GET /cluster of the seed, and of the primary GET /cluster or GET /.
            EXPECT_LE(lab.sim.traffic(FaultLab::member(kind, name)).requests, 3 * k_rounds) << name;
        }
    }
}

TEST(Politeness, AClusterWithoutPrimaryIsAskedEvery150MillisecondsAtMost) {
    FaultLab lab;
    lab.sim.kill("batman/pg1");
    lab.sim.expire();
    Client client(lab.seeds(Kind::members));
    const auto start = std::chrono::steady_clock::now();
    EXPECT_TRUE(thrown_by([&] { client.writable_primary(milliseconds(700)); }));
    const auto rounds = static_cast<std::size_t>(
        (std::chrono::steady_clock::now() - start) / milliseconds(150) + 1);
    for (const auto* name : {"pg2", "pg3"}) {
        const SimulatedTraffic traffic = lab.sim.traffic(FaultLab::member(Kind::members, name));
        EXPECT_GE(traffic.requests, 2U) << name;
        EXPECT_LE(traffic.requests, 2 * rounds) << name;  // GET /patroni, and GET /cluster of one.
        EXPECT_EQ(traffic.open_at_most, 1U) << name;
        EXPECT_EQ(traffic.unused, 0U) << name;
    }
    EXPECT_TRUE(lab.all_connections_ended());
}

TEST(Politeness, AVerificationReadsTheStoreOnceASecondAndNoMember) {
    FaultLab lab;
    Operations operations(lab.seeds(Kind::etcd3));
    const auto plan = operations.prepare("batman", SwitchLeader{.candidate = "pg2"});
    ASSERT_FALSE(plan.refusal);
    OperationResult sent;
    sent.outcome.kind = OutcomeKind::done;  // Nothing was sent: it never shows.
    const std::size_t before = lab.sim.etcd_traffic().requests;
    operations.verify(plan, sent, milliseconds(1500));
    const std::size_t requests = lab.sim.etcd_traffic().requests - before;
    EXPECT_GE(requests, 3U);
    EXPECT_LE(requests, 4U);
    EXPECT_EQ(lab.sim.etcd_traffic().connections, 1U);
    EXPECT_EQ(requests_to_members(lab, Kind::etcd3), 0U);
}

TEST(Politeness, AWatchHasOneConnectionAndAsksNothingWhileItWaits) {
    for (const Kind kind : {Kind::etcd2, Kind::etcd3}) {
        SCOPED_TRACE(to_string(kind));
        FaultLab lab;
        Runtime runtime;
        std::optional<Store> store;
        store.emplace(runtime, lab.seeds(kind));
        std::size_t at_first = 0;
        const auto watch =
            store->start_watch(FaultLab::scope_of(kind), {}, [&](const StoreEvent& event) {
                if (event.kind == StoreEvent::Kind::current) {
                    at_first = lab.sim.etcd_traffic().requests;
                    runtime.stop();
                }
            });
        runtime.run();
        std::thread bell([&] {
            std::this_thread::sleep_for(milliseconds(500));
            runtime.post([&] { runtime.stop(); });
        });
        runtime.run();
        bell.join();
        EXPECT_LE(lab.sim.etcd_traffic().requests, at_first + 1);  // The one that waits.
        EXPECT_LE(lab.sim.etcd_traffic().open_at_most, 2U);  // What was read goes, the watch stays.
        EXPECT_EQ(lab.sim.etcd_traffic().unused, 0U);
        EXPECT_EQ(requests_to_members(lab, kind), 0U);
        store.reset();
        runtime.run();
        EXPECT_TRUE(lab.all_connections_ended());
    }
}

}  // namespace
}  // namespace patroni::testing
