#include "recorded_exchanges.hpp"

#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

namespace patroni::test {
namespace {

std::vector<RecordedAnswer> modern(std::string_view stage, std::string_view node,
                                   std::string_view role, std::string_view label = "") {
    return recorded("v4.1.4", stage, node, role, label);
}

Value tags(const char* zone, int number) {
    return Value::object({{"zone", zone}, {"num", number}});
}

Value with(Value object, std::string_view key, Value value) {
    object.set(key, std::move(value));
    return object;
}

/// Scope, names and tags as in the recordings.
class Recorded41 : public testing::Test {
protected:
    void start_tagged() {
        sim.add_cluster({.scope = "demo",
                         .members = {{"node1", with(tags("a", 1), "flag", true)},
                                     {"node2", with(tags("b", 2), "flag", false)},
                                     {"node3", tags("a", 3)}}});
    }

    /// After two switchovers, so that there is a history.
    void start_paused() {
        start_tagged();
        sim.promote("node2");
        sim.promote("node1");
        sim.maintenance();
    }

    Simulator sim;
};

TEST_F(Recorded41, steady) {
    start_tagged();
    EXPECT_EQ(expect_same(sim.api("node1"), modern("10-steady", "node1", "primary")), 139U);
    expect_same(sim.api("node2"), modern("10-steady", "node2", "replica"));
}

TEST_F(Recorded41, writes_without_credentials) {
    start_tagged();
    for (const char* label : {"noauth", "wrong-password", "bearer", "none"}) {
        expect_same(sim.api("node2"), modern("11-auth", "node2", "replica", label));
    }
}

TEST_F(Recorded41, creating_replica) {
    sim.add_cluster({.scope = "demo", .members = {{"node1", with(tags("a", 1), "flag", true)}}});
    sim.add_member({"node2", with(tags("b", 2), "flag", false)});
    expect_same(sim.api("node2"), modern("02-creating-replica", "node2", "creating-replica"));
}

TEST_F(Recorded41, synchronous_mode) {
    sim.add_cluster({.scope = "demo", .members = {"node2", "node1", "node3"}});
    sim.sync_mode(SimulatedSync::sync);
    sim.write(80);
    expect_same(sim.api("node2"), modern("60-sync", "node2", "primary"));
    expect_same(sim.api("node1"), modern("60-sync", "node1", "sync_standby"));
    expect_same(sim.api("node3"), modern("60-sync", "node3", "replica"));
}

TEST_F(Recorded41, quorum_mode) {
    sim.add_cluster({.scope = "demo", .members = {"node2", "node1", "node3"}});
    sim.sync_mode(SimulatedSync::quorum);
    sim.write(80);
    expect_same(sim.api("node2"), modern("61-quorum", "node2", "primary"));
    expect_same(sim.api("node1"), modern("61-quorum", "node1", "quorum_standby"));
}

TEST_F(Recorded41, maintenance) {
    start_paused();
    expect_same(sim.api("node1"), modern("30-pause", "node1", "primary"));
    expect_same(sim.api("node2"), modern("30-pause", "node2", "replica"));
}

TEST_F(Recorded41, postgres_stopped_in_maintenance) {
    start_paused();
    sim.stop_postgres("node2");
    expect_same(sim.api("node2"), modern("31-pause-stopped", "node2", "replica-stopped"));
    sim.stop_postgres("node1");
    expect_same(sim.api("node1"), modern("31-pause-stopped", "node1", "primary-stopped"));
    expect_same(sim.api("node1"), modern("32-pause-unlocked", "node1", "primary-stopped"));
    expect_same(sim.api("node3"), modern("32-pause-unlocked", "node3", "replica"));
}

TEST_F(Recorded41, no_leader) {
    sim.add_cluster(
        {.scope = "demo",
         .members = {{"node1", with(tags("a", 1), "flag", true)},
                     {"node2", with(with(tags("b", 2), "flag", false), "nofailover", true)},
                     {"node3", with(tags("a", 3), "nofailover", true)}}});
    sim.promote("node2");
    sim.promote("node1");
    sim.kill("node1");
    expect_same(sim.api("node2"), modern("40-unlocked", "node2", "replica", "just-killed"));
    sim.expire();
    std::vector<RecordedAnswer> answers = modern("40-unlocked", "node2", "replica");
    // The recording was made while the lock was gone, but not yet the dead member's key.
    std::erase_if(answers, [](const RecordedAnswer& answer) {
        return answer.requests.front().target == "/cluster";
    });
    expect_same(sim.api("node2"), answers);
}

}  // namespace
}  // namespace patroni::test
