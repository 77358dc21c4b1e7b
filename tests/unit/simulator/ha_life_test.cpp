// Clusters that live: failover, switchover, restart, configuration, a lost store, in manual and
// real time.
#include "codec/json.hpp"
#include "raw_exchange.hpp"

#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

#include <thread>

namespace patroni::test {
namespace {

using std::chrono::seconds;

Value status(const Simulator& sim, std::string_view member) {
    return codec::parse_json(ask(sim.api(member), "GET", "/patroni").body).value();
}

std::string state(const Simulator& sim, std::string_view member) {
    return *status(sim, member).find("state")->if_string();
}

/// Sends a request that takes simulated time; it has arrived when this returns.
void post(Simulator& sim, RawConnection& connection, std::string_view member, std::string_view path,
          const std::string& body) {
    const std::size_t before = sim.traffic(member).requests;
    connection.send("POST " + std::string(path) + " HTTP/1.1\r\nContent-Length: " +
                    std::to_string(body.size()) + "\r\n\r\n" + body);
    while (sim.traffic(member).requests == before) {
        std::this_thread::yield();
    }
}

TEST(SimulatedLife, automatic_failover_after_the_ttl) {
    Simulator sim;
    sim.add_cluster({.automatic_failover = true});
    sim.lag("pg2", 1'000);
    sim.advance(seconds(15));
    sim.kill("pg1");
    ASSERT_TRUE(sim.wait_until([&] { return sim.leader() != "pg1"; }, seconds(31)));
    ASSERT_TRUE(sim.wait_until([&] { return sim.leader().has_value(); }, seconds(5)));
    EXPECT_EQ(sim.leader(), "pg3");  // it has received more than pg2
    // The lock comes first: it answers as the leader, and is no primary yet.
    EXPECT_EQ(ask(sim.api("pg3"), "GET", "/primary").status, 200);
    EXPECT_EQ(*status(sim, "pg3").find("role"), Value("replica"));
    sim.advance(seconds(3));
    EXPECT_EQ(*status(sim, "pg3").find("role"), Value("primary"));
    EXPECT_EQ(*status(sim, "pg3").find("timeline"), Value(2));
    EXPECT_EQ(*status(sim, "pg2").find("replication_state"), Value("streaming"));
}

TEST(SimulatedLife, nobody_leads_by_itself_in_manual_time) {
    Simulator sim;
    sim.add_cluster({});
    sim.kill("pg1");
    sim.advance(seconds(120));
    EXPECT_EQ(sim.leader(), std::nullopt);
}

TEST(SimulatedLife, nofailover_is_never_elected) {
    Simulator sim;
    sim.add_cluster({.members = {"pg1", {"pg2", Value::object({{"nofailover", true}})}},
                     .automatic_failover = true});
    sim.kill("pg1");
    sim.advance(seconds(120));
    EXPECT_EQ(sim.leader(), std::nullopt);
}

TEST(SimulatedLife, switchover_by_rest) {
    Simulator sim;
    sim.add_cluster({});
    RawConnection connection{sim.api("pg3")};
    post(sim, connection, "pg3", "/switchover", R"({"leader": "pg1", "candidate": "pg2"})");
    EXPECT_EQ(sim.leader(), "pg1");
    EXPECT_TRUE(sim.wait_until([&] { return sim.leader() == "pg2"; }, seconds(20)));
    sim.advance(seconds(5));
    const RawAnswer answer = parse_answer(connection.read_all());
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.body, "Successfully switched over to \"pg2\"");
    EXPECT_EQ(*status(sim, "pg1").find("role"), Value("replica"));
    EXPECT_EQ(*status(sim, "pg2").find("timeline"), Value(2));
}

TEST(SimulatedLife, failover_key_written_by_a_client) {
    Simulator sim;
    sim.add_cluster({});
    sim.put(SimulatedStore::etcd3, "/service/batman/failover",
            R"({"leader":"pg1","member":"pg3"})");
    sim.advance(seconds(20));
    EXPECT_EQ(sim.leader(), "pg3");
}

TEST(SimulatedLife, config_key_written_by_a_client) {
    Simulator sim;
    sim.add_cluster({});
    sim.put(SimulatedStore::etcd3, "/service/batman/config", R"({"ttl":30,"pause":true})");
    sim.advance(seconds(10));
    EXPECT_EQ(*status(sim, "pg2").find("pause"), Value(true));
}

TEST(SimulatedLife, restart_by_rest_takes_its_time) {
    Simulator sim;
    sim.add_cluster({});
    RawConnection connection{sim.api("pg2")};
    post(sim, connection, "pg2", "/restart", "{}");
    EXPECT_EQ(state(sim, "pg2"), "restarting");
    sim.advance(seconds(1));
    EXPECT_EQ(state(sim, "pg2"), "starting");
    sim.advance(seconds(1));
    EXPECT_EQ(parse_answer(connection.read_all()).body, "restarted successfully");
    EXPECT_EQ(state(sim, "pg2"), "running");
}

TEST(SimulatedLife, a_leader_without_its_store_steps_down) {
    Simulator sim;
    sim.add_cluster({.automatic_failover = true});
    sim.partition("pg1");
    EXPECT_TRUE(sim.wait_until([&] { return ask(sim.api("pg1"), "GET", "/primary").status == 503; },
                               seconds(21)));
    EXPECT_TRUE(sim.wait_until([&] { return sim.leader() && sim.leader() != "pg1"; }, seconds(60)));
}

TEST(SimulatedFault, hits_one_request_of_one_method) {
    Simulator sim;
    sim.add_cluster({});
    sim.fault("pg1", Fault::empty_reply().on("POST /reload").once());
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/patroni").status, 200);
    EXPECT_EQ(ask(sim.api("pg1"), "POST", "/reload", "Content-Length: 0\r\n").text, "");
    EXPECT_EQ(ask(sim.api("pg1"), "POST", "/reload", "Content-Length: 0\r\n").status, 202);
}

TEST(SimulatedLife, real_time_failover) {
    Simulator sim{{.time = SimulatedTime::real, .time_scale = 200}};
    sim.add_cluster({});
    sim.kill("pg1");
    ASSERT_TRUE(sim.wait_until([&] { return sim.leader() && sim.leader() != "pg1"; }));
    const std::string leader = *sim.leader();
    EXPECT_TRUE(
        sim.wait_until([&] { return *status(sim, leader).find("role") == Value("primary"); }));
}

}  // namespace
}  // namespace patroni::test
