#include "codec/json.hpp"
#include "raw_exchange.hpp"

#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

#include <thread>
#include <vector>

namespace patroni::test {
namespace {

Value status(const Simulator& sim, std::string_view member) {
    return codec::parse_json(ask(sim.api(member), "GET", "/patroni").body).value();
}

std::int64_t number(const Value& document, std::string_view first, std::string_view second = "") {
    const Value* value = document.find(first);
    return *(second.empty() ? value : value->find(second))->if_int();
}

TEST(Simulator, killed_member_refuses_and_comes_back_on_its_port) {
    Simulator sim;
    sim.add_cluster({});
    const HostPort api = sim.api("pg2");
    const HostPort postgres = sim.postgres("pg2");
    EXPECT_TRUE(accepts(api));
    EXPECT_FALSE(accepts(postgres));
    sim.kill("pg2");
    EXPECT_FALSE(accepts(api));
    EXPECT_EQ(sim.api("pg2"), api);
    sim.start("pg2");
    EXPECT_EQ(ask(api, "GET", "/replica").status, 200);
}

TEST(Simulator, killed_leader_comes_back_as_leader_while_it_holds_the_lock) {
    Simulator sim;
    sim.add_cluster({});
    sim.kill("pg1");
    EXPECT_EQ(sim.leader(), "pg1");
    sim.start("pg1");
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/primary").status, 200);
}

TEST(Simulator, keys_expire_after_the_ttl) {
    Simulator sim;
    sim.add_cluster({.ttl = std::chrono::seconds(30)});
    sim.kill("pg1");
    sim.advance(std::chrono::seconds(29));
    EXPECT_EQ(sim.leader(), "pg1");
    sim.advance(std::chrono::seconds(1));
    EXPECT_EQ(sim.leader(), std::nullopt);
    EXPECT_NE(status(sim, "pg2").find("cluster_unlocked"), nullptr);
}

TEST(Simulator, failover_starts_a_timeline_that_the_others_follow) {
    Simulator sim;
    sim.add_cluster({});
    sim.kill("pg1");
    sim.promote("pg2");
    EXPECT_EQ(sim.leader(), "pg2");
    EXPECT_EQ(number(status(sim, "pg2"), "timeline"), 2);
    EXPECT_EQ(number(status(sim, "pg3"), "timeline"), 2);
    EXPECT_EQ(number(status(sim, "pg3"), "xlog", "received_location"),
              number(status(sim, "pg2"), "xlog", "location"));
    sim.start("pg1");
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/replica").status, 200);
    EXPECT_EQ(number(status(sim, "pg1"), "timeline"), 2);
}

TEST(Simulator, no_two_members_started_at_the_same_moment) {
    Simulator sim;
    sim.add_cluster({.patroni_version = "0.90", .members = {"a", "b", "c", "d"}});
    const auto distinct_starts = [&] {
        std::set<std::string> starts;
        for (const char* member : {"a", "b", "c", "d"}) {
            starts.insert(*status(sim, member).find("postmaster_start_time")->if_string());
        }
        return starts.size();
    };
    EXPECT_EQ(distinct_starts(), 4U);
    sim.promote("b");
    EXPECT_EQ(distinct_starts(), 4U);
}

TEST(Simulator, lag_is_kept_and_positions_never_go_back) {
    Simulator sim;
    sim.add_cluster({});
    const std::int64_t before = number(status(sim, "pg3"), "xlog", "replayed_location");
    sim.lag("pg3", 1000, 5000);
    const auto lags = [&] {
        const std::int64_t primary = number(status(sim, "pg1"), "xlog", "location");
        const Value standby = status(sim, "pg3");
        return std::pair(primary - number(standby, "xlog", "received_location"),
                         primary - number(standby, "xlog", "replayed_location"));
    };
    EXPECT_EQ(lags(), std::pair(std::int64_t{1000}, std::int64_t{5000}));
    EXPECT_EQ(number(status(sim, "pg3"), "xlog", "replayed_location"), before);
    EXPECT_EQ(number(status(sim, "pg2"), "xlog", "received_location"),
              number(status(sim, "pg1"), "xlog", "location"));
    sim.write(100000);
    EXPECT_EQ(lags(), std::pair(std::int64_t{1000}, std::int64_t{5000}));
    EXPECT_EQ(ask(sim.api("pg3"), "GET", "/replica?lag=4kB").status, 503);
    EXPECT_EQ(ask(sim.api("pg3"), "GET", "/replica?lag=5000").status, 200);
    sim.lag("pg3", 0);
    EXPECT_EQ(lags(), std::pair(std::int64_t{0}, std::int64_t{0}));
}

TEST(Simulator, cluster_shows_published_lag) {
    Simulator sim;
    sim.add_cluster({});
    sim.lag("pg3", 1000, 5000);
    const Value cluster = codec::parse_json(ask(sim.api("pg1"), "GET", "/cluster").body).value();
    const Value& row = (*cluster.find("members")->if_array())[2];
    EXPECT_EQ(number(row, "lag"), 1000);
    EXPECT_EQ(number(row, "receive_lag"), 1000);
    EXPECT_EQ(number(row, "replay_lag"), 5000);
}

TEST(Simulator, paused_replay_receives_and_does_not_replay) {
    Simulator sim;
    sim.add_cluster({.patroni_version = "0.90"});
    sim.pause_replay("pg2");
    sim.write(4096);
    const Value standby = status(sim, "pg2");
    EXPECT_EQ(*standby.find("xlog")->find("paused"), Value(true));
    EXPECT_EQ(
        number(standby, "xlog", "received_location") - number(standby, "xlog", "replayed_location"),
        4096);
    sim.pause_replay("pg2", false);
    const Value after = status(sim, "pg2");
    EXPECT_EQ(number(after, "xlog", "replayed_location"),
              number(after, "xlog", "received_location"));
    EXPECT_NE(after.find("xlog")->find("replayed_timestamp")->if_string(), nullptr);
}

TEST(Simulator, silent_member_answers_when_it_is_over) {
    Simulator sim;
    sim.add_cluster({});
    sim.silence("pg3");
    RawConnection connection{sim.api("pg3")};
    ASSERT_TRUE(connection.connected());
    connection.send("GET /patroni HTTP/1.1\r\n\r\n");
    EXPECT_EQ(connection.read_all(std::chrono::milliseconds(50)), "");
    EXPECT_TRUE(connection.timed_out());
    EXPECT_EQ(sim.traffic("pg3").requests, 1U);
    EXPECT_EQ(sim.traffic("pg3").open, 1U);
    sim.silence("pg3", false);
    EXPECT_EQ(parse_answer(connection.read_all()).status, 200);
    EXPECT_EQ(sim.traffic("pg3").open, 0U);
}

TEST(Simulator, counts_connections) {
    Simulator sim;
    sim.add_cluster({});
    ask(sim.api("pg1"), "GET", "/patroni");
    ask(sim.api("pg1"), "GET", "/cluster");
    const SimulatedTraffic traffic = sim.traffic("pg1");
    EXPECT_EQ(traffic.connections, 2U);
    EXPECT_EQ(traffic.requests, 2U);
    EXPECT_EQ(traffic.open, 0U);
    EXPECT_EQ(traffic.open_at_most, 1U);
}

TEST(Simulator, a_created_replica_joins) {
    Simulator sim;
    sim.add_cluster({.members = {"pg1"}});
    sim.add_member("pg4");
    EXPECT_EQ(*status(sim, "pg4").find("state"), Value("creating replica"));
    sim.start("pg4");
    EXPECT_EQ(ask(sim.api("pg4"), "GET", "/replica").status, 200);
    EXPECT_EQ(*status(sim, "pg4").find("replication_state"), Value("streaming"));
}

TEST(Simulator, resumed_after_maintenance_everything_runs) {
    Simulator sim;
    sim.add_cluster({});
    sim.maintenance();
    sim.stop_postgres("pg1");
    EXPECT_EQ(sim.leader(), std::nullopt);
    sim.maintenance(false);
    EXPECT_EQ(sim.leader(), "pg1");
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/primary").status, 200);
    EXPECT_EQ(status(sim, "pg1").find("pause"), nullptr);
}

TEST(Simulator, two_clusters) {
    Simulator sim;
    sim.add_cluster({.scope = "old", .patroni_version = "0.90", .members = {"a", "b"}});
    sim.add_cluster({.scope = "new", .patroni_version = "4.1.1", .members = {"a", "c"}});
    EXPECT_THROW(sim.api("a"), std::invalid_argument);
    EXPECT_THROW(sim.leader(), std::invalid_argument);
    EXPECT_NE(sim.api("old/a"), sim.api("new/a"));
    EXPECT_EQ(*status(sim, "old/a").find("patroni")->find("version"), Value("0.90"));
    EXPECT_EQ(*status(sim, "c").find("patroni")->find("version"), Value("4.1.1"));
    sim.kill("old/a");
    EXPECT_EQ(sim.leader("new"), "a");
    EXPECT_TRUE(accepts(sim.api("new/a")));
}

TEST(Simulator, refuses_what_a_real_cluster_could_not_do) {
    Simulator sim;
    sim.add_cluster({.scope = "old", .patroni_version = "0.90"});
    EXPECT_THROW(sim.add_cluster({.patroni_version = "2.1.4"}), std::invalid_argument);
    EXPECT_THROW(sim.add_cluster({.scope = "old"}), std::invalid_argument);
    EXPECT_THROW(sim.add_cluster({.members = {}}), std::invalid_argument);
    EXPECT_THROW(sim.kill("nobody"), std::invalid_argument);
    EXPECT_THROW(sim.sync_mode(SimulatedSync::sync), std::logic_error);
    EXPECT_THROW(sim.maintenance(), std::logic_error);
    EXPECT_THROW(sim.stop_postgres("pg1"), std::logic_error);
    EXPECT_THROW(sim.promote("pg1"), std::logic_error);
    sim.kill("pg1");
    EXPECT_THROW(sim.write(1), std::logic_error);
    EXPECT_THROW(sim.promote("pg1"), std::logic_error);
}

TEST(Simulator, may_be_used_from_many_threads) {
    Simulator sim;
    sim.add_cluster({});
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&sim, i] {
            for (int k = 0; k < 20; ++k) {
                i % 2 == 0 ? sim.write(10) : sim.silence("pg3", k % 2 == 0);
                EXPECT_EQ(ask(sim.api("pg1"), "GET", "/").status, 200);
            }
        });
    }
    for (std::thread& thread : threads) {
        thread.join();
    }
    EXPECT_EQ(sim.traffic("pg1").requests, 80U);
}

TEST(Simulator, ends_with_connections_open) {
    auto sim = std::make_unique<Simulator>();
    sim->add_cluster({});
    RawConnection idle{sim->api("pg1")};
    sim->silence("pg2");
    RawConnection waiting{sim->api("pg2")};
    waiting.send("GET / HTTP/1.0\r\n\r\n");
    sim.reset();
    EXPECT_EQ(idle.read_all(), "");
    EXPECT_FALSE(idle.timed_out());
    EXPECT_EQ(waiting.read_all(), "");
}

}  // namespace
}  // namespace patroni::test
