#include "recorded_exchanges.hpp"

#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <ostream>

namespace patroni::test {
namespace {

/// Who was what in the recordings of one version.
struct Recording {
    const char* version;
    const char* leader;  ///< The word for a primary.
    const char* paused_primary;
    const char* paused_replica;
    const char* stopped_primary;
    const char* stopped_replica;
    const char* killed;
    const char* survivor;
    const char* sync_standby;
    const char* async_replica;
    bool nostream;  ///< Of node4; in 1.6 it had noloadbalance.
};

void PrintTo(const Recording& recording, std::ostream* out) {
    *out << recording.version;
}

Value with(Value object, std::string_view key, Value value) {
    object.set(key, std::move(value));
    return object;
}

Value tags_of(std::string_view node) {
    if (node == "node1") {
        return Value::object({{"zone", "a"}, {"num", 1}, {"flag", true}});
    }
    if (node == "node2") {
        return Value::object({{"zone", "b"}, {"num", 2}, {"flag", false}});
    }
    return Value::object({{"zone", "a"}, {"num", 3}});
}

class RecordedVersion : public testing::TestWithParam<Recording> {
protected:
    std::vector<RecordedAnswer> answers(std::string_view stage, std::string_view node,
                                        std::string_view role, std::string_view label = "") const {
        return recorded("v" + std::string(GetParam().version), stage, node, role, label);
    }
    /// Without what belongs to another moment, or to settings that the simulator does not have.
    static std::vector<RecordedAnswer> without(std::string_view target,
                                               std::vector<RecordedAnswer> all) {
        std::erase_if(all, [&](const RecordedAnswer& answer) {
            return answer.requests.front().target == target;
        });
        return all;
    }

    void start(std::vector<SimulatedMember> members) {
        sim.add_cluster({.scope = "demo",
                         .patroni_version = GetParam().version,
                         .members = std::move(members),
                         .rest_user = "admin",
                         .rest_password = "of the laboratory"});
    }
    void start_tagged() {
        start({{"node1", tags_of("node1")},
               {"node2", tags_of("node2")},
               {"node3", tags_of("node3")}});
    }
    /// After switchovers, so that there is a history.
    void make_primary(const char* node) {
        sim.promote("node2");
        sim.promote("node3");
        if (sim.leader() != node) {
            sim.promote(node);
        }
    }

    Simulator sim;
};

TEST_P(RecordedVersion, steady) {
    start_tagged();
    EXPECT_GT(expect_same(sim.api("node1"), answers("10-steady", "node1", GetParam().leader)), 99U);
    EXPECT_GT(expect_same(sim.api("node2"), answers("10-steady", "node2", "replica")), 60U);
}

TEST_P(RecordedVersion, writes_without_credentials) {
    start_tagged();
    for (const char* label : {"noauth", "wrong-password", "bearer", "none"}) {
        expect_same(sim.api("node2"), answers("11-auth", "node2", "replica", label));
    }
}

TEST_P(RecordedVersion, creating_replica) {
    start({{"node1", tags_of("node1")}});
    sim.add_member({"node2", tags_of("node2")});
    expect_same(sim.api("node2"), answers("02-creating-replica", "node2", "creating-replica"));
}

TEST_P(RecordedVersion, synchronous_mode) {
    // The simulated primary prefers the first of its standbys; these have no tags, so that names
    // show nowhere in the shapes.
    start({"node2", "node1", "node3"});
    sim.sync_mode(SimulatedSync::sync);
    const Recording& who = GetParam();
    if (who.version != std::string_view("1.6.5")) {  // there nothing had been committed yet
        sim.write(80);
    }
    const auto compare = [&](const char* node, const char* recorded_node, const char* role) {
        // Metrics name their member.
        const bool same_name = std::string_view(node) == recorded_node;
        expect_same(sim.api(node),
                    without(same_name ? "" : "/metrics", answers("60-sync", recorded_node, role)));
    };
    compare("node2", "node2", who.leader);
    compare("node1", who.sync_standby, "sync_standby");
    compare("node3", who.async_replica, "replica");
}

TEST_P(RecordedVersion, maintenance) {
    start_tagged();
    make_primary(GetParam().paused_primary);
    sim.maintenance();
    const Recording& who = GetParam();
    expect_same(sim.api(who.paused_primary), answers("30-pause", who.paused_primary, who.leader));
    expect_same(sim.api(who.paused_replica), answers("30-pause", who.paused_replica, "replica"));
}

TEST_P(RecordedVersion, postgres_stopped_in_maintenance) {
    start_tagged();
    const Recording& who = GetParam();
    make_primary(who.stopped_primary);
    sim.maintenance();
    if (who.version != std::string_view("1.6.5")) {  // its replica was running again by then
        sim.stop_postgres(who.stopped_replica);
        expect_same(sim.api(who.stopped_replica),
                    answers("31-pause-stopped", who.stopped_replica, "replica-stopped"));
    }
    sim.stop_postgres(who.stopped_primary);
    expect_same(sim.api(who.stopped_primary),
                answers("31-pause-stopped", who.stopped_primary, "primary-stopped"));
}

TEST_P(RecordedVersion, no_leader) {
    const Recording& who = GetParam();
    start_tagged();
    if (std::string_view(who.killed) == "node2" || std::string_view(who.version) >= "4") {
        make_primary(who.killed);  // there was a history
    }
    for (const char* node : {"node1", "node2", "node3"}) {
        if (std::string_view(node) != who.killed) {
            sim.tags(node, with(tags_of(node), "nofailover", true));
        }
    }
    sim.kill(who.killed);
    expect_same(sim.api(who.survivor), without("/cluster", answers("40-unlocked", who.survivor,
                                                                   "replica", "just-killed")));
    sim.expire();
    // The recording was made while the lock was gone, but not yet the dead member's key.
    expect_same(sim.api(who.survivor),
                without("/cluster", answers("40-unlocked", who.survivor, "replica")));
}

TEST_P(RecordedVersion, standby_cluster) {
    sim.add_cluster({.scope = "demo",
                     .patroni_version = GetParam().version,
                     .members = {"node1", "node2", "node3"},
                     .standby_of = HostPort{.host = "127.0.0.1", .port = 15432}});
    expect_same(sim.api("node1"), answers("65-standby", "node1", "standby_leader"));
    expect_same(sim.api("node2"), answers("65-standby", "node2", "replica"));
}

TEST_P(RecordedVersion, tags_and_cascades) {
    const bool nostream = GetParam().nostream;
    const Value node2 = nostream ? Value::object({{"zone", "b"},
                                                  {"failover_priority", 5},
                                                  {"clonefrom", true},
                                                  {"replicatefrom", "node1"}})
                                 : Value::object({{"zone", "b"}, {"clonefrom", true}});
    start({{"node1", Value::object({{"clonefrom", true}})},
           {"node2", node2},
           {"node3", Value::object({{"replicatefrom", "node2"},
                                    {"nofailover", true},
                                    {"noloadbalance", true},
                                    {"nosync", true}})},
           {"node4", Value::object({{nostream ? "nostream" : "noloadbalance", true}})}});
    expect_same(sim.api("node1"), answers("68-tags", "node1", GetParam().leader));
    for (const char* node : {"node2", "node3", "node4"}) {
        expect_same(sim.api(node), answers("68-tags", node, "replica"));
    }
}

INSTANTIATE_TEST_SUITE_P(
    All, RecordedVersion,
    testing::Values(Recording{"1.6.5", "master", "node3", "node1", "node2", "node1", "node1",
                              "node2", "node1", "node3", false},
                    Recording{"2.1.7", "master", "node3", "node1", "node3", "node1", "node1",
                              "node2", "node3", "node1", false},
                    Recording{"3.0.4", "master", "node3", "node1", "node3", "node1", "node1",
                              "node2", "node1", "node3", false},
                    Recording{"3.3.11", "master", "node3", "node1", "node2", "node1", "node2",
                              "node1", "node1", "node3", true},
                    Recording{"4.0.10", "primary", "node2", "node1", "node2", "node1", "node2",
                              "node1", "node3", "node1", true},
                    Recording{"4.1.4", "primary", "node1", "node2", "node1", "node2", "node1",
                              "node2", "node1", "node3", true}),
    [](const auto& test) {
        std::string name = test.param.version;
        std::ranges::replace(name, '.', '_');
        return name;
    });

TEST(RecordedQuorum, of_4_0) {
    Simulator sim;
    sim.add_cluster(
        {.scope = "demo", .patroni_version = "4.0.10", .members = {"node1", "node2", "node3"}});
    sim.sync_mode(SimulatedSync::quorum);
    sim.write(80);
    expect_same(sim.api("node1"), recorded("v4.0.10", "61-quorum", "node1", "primary"));
    expect_same(sim.api("node2"), recorded("v4.0.10", "61-quorum", "node2", "quorum_standby"));
}

}  // namespace
}  // namespace patroni::test
