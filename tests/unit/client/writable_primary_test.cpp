// The search for the writable primary, on simulated clusters of every version.
#include "support/failure_of.hpp"
#include "unit/client/fake_member.hpp"

#include <patroni/client.hpp>
#include <patroni/simulator.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

namespace patroni::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using ::testing::ContainsRegex;
using ::testing::HasSubstr;
using ::testing::IsEmpty;

Seeds listed(const Simulator& sim, std::initializer_list<const char*> names) {
    std::string list;
    for (const char* name : names) {
        list += sim.api(name).text() + ",";
    }
    return Seeds::members(list).value();
}

class EveryVersion : public ::testing::TestWithParam<std::string> {};

TEST_P(EveryVersion, FindsThePrimaryFromEachSource) {
    Simulator sim;
    sim.add_cluster({.patroni_version = GetParam()});
    sim.register_in_etcd("postgresql");
    const bool v2 = GetParam() == "0.90" || GetParam() == "1.6";
    const std::string etcd = sim.etcd().text();
    for (const auto& seeds :
         {listed(sim, {"pg2", "pg1", "pg3"}),
          Seeds::registrator("etcd://" + etcd + "/postgresql-8008").value(),
          v2 ? Seeds::etcd2(etcd, "batman").value() : Seeds::etcd3(etcd, "batman").value()}) {
        Client client{seeds};
        const auto primary = client.writable_primary();
        EXPECT_EQ(primary.scope, "batman");
        EXPECT_EQ(primary.api->address, sim.api("pg1"));
        // 0.90 does not tell its timeline.
        EXPECT_EQ(primary.timeline.value_or(1), 1);
        EXPECT_EQ(primary.timeline.has_value(), GetParam() != "0.90");
        EXPECT_THAT(primary.other_primaries, IsEmpty());
        const bool store = seeds.kind == Seeds::Kind::etcd2 || seeds.kind == Seeds::Kind::etcd3;
        EXPECT_EQ(primary.lock_source, store                  ? FactSource::dcs
                                       : GetParam() == "0.90" ? FactSource::live
                                                              : FactSource::cluster)
            << to_string(seeds.kind);
        if (store) {
            EXPECT_EQ(primary.postgres, sim.postgres("pg1"));
        }
    }
}

TEST_P(EveryVersion, WaitsForTheEndOfAFailover) {
    Simulator sim{{.time = SimulatedTime::real, .time_scale = 60}};
    sim.add_cluster({.patroni_version = GetParam()});
    Client client{listed(sim, {"pg1", "pg2", "pg3"})};
    sim.kill("pg1");
    const auto primary = client.writable_primary(seconds(20));
    EXPECT_NE(primary.api->address, sim.api("pg1"));
    EXPECT_EQ(primary.timeline.value_or(2), 2);
}

INSTANTIATE_TEST_SUITE_P(Versions, EveryVersion, ::testing::ValuesIn(Simulator::versions()),
                         [](const auto& tested) {
                             std::string name = tested.param;
                             name.replace(name.find('.'), 1, "_");
                             return "v" + name;
                         });

TEST(WritablePrimary, DoesNotWaitForSilentMembers) {
    Simulator sim;
    sim.add_cluster({});
    sim.silence("pg3");
    Client client{listed(sim, {"pg1", "pg2", "pg3"})};
    const Stopwatch watch;
    EXPECT_EQ(client.writable_primary().member, "pg1");
    EXPECT_LT(watch.elapsed(), milliseconds(900)) << "a round with a silent member takes 1 s";
}

TEST(WritablePrimary, NamesEveryMemberWithItsReason) {
    Simulator sim;
    sim.add_cluster({});
    sim.kill("pg1");
    sim.silence("pg3");
    Client client{listed(sim, {"pg1", "pg2", "pg3"})};
    const auto error = failure_of([&] { client.writable_primary(milliseconds(1500)); });
    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_THAT(error.message, HasSubstr("\"batman\" has no running primary: "));
    EXPECT_THAT(error.message,
                ContainsRegex("pg1 [^;]*connection refused[^;]* \\(holds the leader lock\\)"));
    EXPECT_THAT(error.message, HasSubstr("pg2 (http://" + sim.api("pg2").text() + ") is replica"));
    EXPECT_THAT(error.message, HasSubstr("pg3 (http://" + sim.api("pg3").text() + "): "));
}

TEST(WritablePrimary, TheLeaderOfAStandbyClusterTakesNoWrites) {
    Simulator sim;
    sim.add_cluster({.standby_of = HostPort{"127.0.0.1", 1}});
    Client client{listed(sim, {"pg1", "pg2", "pg3"})};
    const auto error = failure_of([&] { client.writable_primary(milliseconds(300)); });
    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_THAT(error.message, HasSubstr("pg1 leads cluster \"batman\", a standby cluster"));
}

TEST(WritablePrimary, APrimaryThatLostItsLockIsRefused) {
    Simulator sim;
    sim.add_cluster({});
    sim.maintenance();
    sim.remove(SimulatedStore::etcd3, "/service/batman/leader");
    Client client{listed(sim, {"pg1", "pg2", "pg3"})};
    const auto error = failure_of([&] { client.writable_primary(milliseconds(300)); });
    EXPECT_EQ(error.kind, ErrorKind::not_found);
    EXPECT_THAT(error.message, HasSubstr("pg1 runs as a primary of cluster \"batman\", but"));
}

TEST(WritablePrimary, SeveralClustersNeedAScope) {
    Simulator sim;
    sim.add_cluster({});
    sim.add_cluster({.scope = "robin"});
    Client client{listed(sim, {"batman/pg1", "batman/pg2", "robin/pg1", "robin/pg2"})};
    const auto error = failure_of([&] { client.writable_primary(); });
    EXPECT_EQ(error.kind, ErrorKind::config);
    EXPECT_THAT(error.message, HasSubstr("(\"batman\", \"robin\")"));
    EXPECT_EQ(client.writable_primary(seconds(5), "robin").api->address, sim.api("robin/pg1"));
    EXPECT_EQ(failure_of([&] { client.writable_primary(milliseconds(300), "joker"); }).kind,
              ErrorKind::not_found);
}

TEST(WritablePrimary, ACallbackCanBeCancelledInThePause) {
    Simulator sim;
    sim.add_cluster({});
    sim.kill("pg1");
    Runtime runtime;
    Client client{runtime, listed(sim, {"pg1", "pg2", "pg3"})};
    std::optional<Result<WritablePrimary>> answer;
    auto operation =
        client.start_writable_primary(seconds(30), {}, [&](Result<WritablePrimary> result) {
            answer = std::move(result);
            runtime.stop();
        });
    // The round is over: pg2 has answered both questions, and nothing is open any more.
    std::thread canceller([&] {
        while (sim.traffic("pg2").requests < 2 ||
               sim.traffic("pg2").open + sim.traffic("pg3").open > 0) {
            std::this_thread::yield();
        }
        runtime.post([&] { operation.cancel(); });
    });
    const Stopwatch watch;
    runtime.run();
    canceller.join();
    ASSERT_TRUE(answer);
    EXPECT_EQ(answer->error().kind, ErrorKind::cancelled);
    EXPECT_LT(watch.elapsed(), seconds(5));
}

TEST(WritablePrimary, IsDroppedWithItsClient) {
    Simulator sim;
    sim.add_cluster({});
    sim.kill("pg1");  // Nobody leads: it asks, and waits, and asks.
    for (const int after_ms : {0, 20, 120, 250}) {
        SCOPED_TRACE(after_ms);
        Runtime runtime;
        std::optional<Client> client;
        client.emplace(runtime, Seeds::members(sim.api("pg2").text()).value());
        int calls = 0;
        client->start_writable_primary(seconds(30), "", [&](const auto&) { ++calls; });
        std::thread owner([&] {
            std::this_thread::sleep_for(milliseconds(after_ms));
            runtime.post([&] { client.reset(); });
        });
        runtime.run();  // Nothing is under way any more.
        owner.join();
        runtime.run();
        EXPECT_EQ(calls, 0);
        EXPECT_FALSE(client);
    }
}

TEST(WritablePrimary, ASourceThatComesBackIsAskedAgain) {
    Simulator sim;
    sim.add_cluster({});
    Client client{Seeds::etcd3(sim.etcd().text(), "batman").value()};
    sim.fault_etcd(Fault::reset_after_request().once());
    EXPECT_EQ(client.writable_primary().member, "pg1");
}

}  // namespace
}  // namespace patroni::testing
