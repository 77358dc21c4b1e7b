// What the simulated servers saw of us: one connection at a time for each node, none idle, none
// left behind.
#include "unit/faults/fault_lab.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace patroni::testing
