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

/// Scope, names and tags as in the recordings. What all versions have is in
/// recorded_versions_test.cpp.
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

TEST_F(Recorded41, quorum_mode) {
    sim.add_cluster({.scope = "demo", .members = {"node2", "node1", "node3"}});
    sim.sync_mode(SimulatedSync::quorum);
    sim.write(80);
    expect_same(sim.api("node2"), modern("61-quorum", "node2", "primary"));
    expect_same(sim.api("node1"), modern("61-quorum", "node1", "quorum_standby"));
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

}  // namespace
}  // namespace patroni::test
