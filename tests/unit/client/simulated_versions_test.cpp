// Every simulated version through the whole client: what it finds and what it says of the cluster.
#include <patroni/client.hpp>
#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>

namespace patroni::testing {
namespace {

/// How a client may find the members.
enum class Way { registrator, store, members };

class SimulatedVersion : public ::testing::TestWithParam<std::string> {
protected:
    SimulatedVersion() {
        simulator.add_cluster({.scope = "batman", .patroni_version = GetParam()});
        simulator.register_in_etcd("postgres");
        simulator.lag("pg3", 4096, 8192);
    }

    Seeds seeds(Way way) const {
        const std::string etcd = simulator.etcd().text();
        if (way == Way::registrator) {
            return Seeds::registrator("etcd://" + etcd + "/postgres-8008").value();
        }
        if (way == Way::store) {
            const bool old = GetParam() == "0.90" || GetParam() == "1.6";
            return (old ? Seeds::etcd2(etcd, "batman") : Seeds::etcd3(etcd, "batman")).value();
        }
        std::string list;
        for (const char* member : {"pg1", "pg2", "pg3"}) {
            list += simulator.api(member).text() + ",";
        }
        return Seeds::members(list).value();
    }
    ClusterStatus status(Way way) const {
        StatusReport report = Client{seeds(way)}.status(std::chrono::seconds(10));
        EXPECT_EQ(report.clusters.size(), 1U);
        return std::move(report.clusters.at(0));
    }

    Simulator simulator;
};

TEST_P(SimulatedVersion, StatusByRegistratorStoreAndMembers) {
    for (const Way way : {Way::registrator, Way::store, Way::members}) {
        SCOPED_TRACE(static_cast<int>(way));
        const ClusterStatus cluster = status(way);
        EXPECT_EQ(cluster.scope, "batman");
        EXPECT_EQ(cluster.verdict, Verdict::ok);
        ASSERT_EQ(cluster.members.size(), 3U);
        // From a list of addresses alone a member of 0.90 has no name but its address.
        const bool named = way != Way::members || GetParam() != "0.90";
        for (const char* name : {"pg1", "pg2", "pg3"}) {
            SCOPED_TRACE(name);
            const auto member = std::ranges::find(
                cluster.members, named ? name : simulator.api(name).text(), &MemberHealth::name);
            ASSERT_NE(member, cluster.members.end());
            EXPECT_TRUE(member->healthy);
            EXPECT_EQ(member->error, std::nullopt);
            EXPECT_TRUE(std::string_view(member->patroni_version).starts_with(GetParam()));
            if (std::string_view(name) == "pg1") {
                EXPECT_EQ(member->role, Role::primary);
                EXPECT_EQ(cluster.primary, member->name);
            } else {
                EXPECT_EQ(member->role, Role::replica);
                EXPECT_EQ(member->lag_bytes, std::string_view(name) == "pg3" ? 4096U : 0U);
                EXPECT_EQ(member->replay_lag_bytes, std::string_view(name) == "pg3" ? 8192U : 0U);
            }
        }
    }
}

TEST_P(SimulatedVersion, FailoverIsSeen) {
    simulator.kill("pg1");
    EXPECT_EQ(status(Way::members).primary, std::nullopt);
    EXPECT_NE(status(Way::store).verdict, Verdict::ok);
    simulator.expire();
    simulator.promote("pg2");
    const ClusterStatus cluster = status(Way::store);
    EXPECT_EQ(cluster.primary, "pg2");
    EXPECT_EQ(cluster.verdict, Verdict::ok);
}

TEST_P(SimulatedVersion, StandbyClusterHasALeaderThatIsNoPrimary) {
    if (GetParam() == "0.90") {
        GTEST_SKIP() << "0.90 has no standby clusters";
    }
    simulator.add_cluster({.scope = "copy",
                           .patroni_version = GetParam(),
                           .members = {"s1", "s2"},
                           .standby_of = simulator.postgres("pg1")});
    Client client{
        Seeds::members(simulator.api("s1").text() + "," + simulator.api("s2").text()).value()};
    const StatusReport report = client.status(std::chrono::seconds(10));
    ASSERT_EQ(report.clusters.size(), 1U);
    EXPECT_EQ(report.clusters[0].standby_leader, "s1");
    EXPECT_EQ(report.clusters[0].primary, std::nullopt);
    EXPECT_EQ(report.clusters[0].verdict, Verdict::ok);
}

INSTANTIATE_TEST_SUITE_P(All, SimulatedVersion, ::testing::ValuesIn(Simulator::versions()),
                         [](const auto& test) {
                             std::string name = test.param;
                             std::ranges::replace(name, '.', '_');
                             return name;
                         });

}  // namespace
}  // namespace patroni::testing
