// What the version table says, where no recording can be asked: keys, refusals, order in 2.1
// and 3.0.
#include "base/base64.hpp"
#include "codec/json.hpp"
#include "raw_exchange.hpp"
#include "simulator/version_features.hpp"

#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

namespace patroni::test {
namespace {

using simulation::Feature;

std::string body(const Simulator& sim, std::string_view member, std::string_view target) {
    return ask(sim.api(member), "GET", target).body;
}

std::string keys_of(const std::string& document) {
    const Value parsed = codec::parse_json(document).value();
    std::string keys;
    for (const auto& [key, value] : *parsed.if_object()) {
        keys += key + " ";
    }
    return keys;
}

TEST(SimulatedVersions, only_what_was_recorded_is_verified) {
    for (const char* version : {"0.90", "1.6", "1.6.5", "2.1", "2.1.7", "3.0", "3.0.4", "3.3.11",
                                "4.0", "4.0.10", "4.1", "4.1.4"}) {
        EXPECT_TRUE(Simulator::is_verified(version)) << version;
    }
    for (const char* version : {"2.1.5", "3.0.2", "3.3.3", "4.1.1", "5.0", ""}) {
        EXPECT_FALSE(Simulator::is_verified(version)) << version;
    }
}

TEST(SimulatedVersions, lines_and_their_versions) {
    EXPECT_EQ(Simulator::versions().size(), 7U);
    EXPECT_EQ(simulation::simulated_version("3.0"), "3.0.4");
    EXPECT_EQ(simulation::simulated_version("3.0.2"), "3.0.2");
    for (const char* version : {"1.5.6", "2.1.4", "2.0", "3.0.5", "3.1.0", "4.1.9", "5.0.0", "x"}) {
        EXPECT_THROW(simulation::simulated_version(version), std::invalid_argument) << version;
    }
}

TEST(SimulatedVersions, fixes_of_three_lines) {
    const auto fixed = [](int major, int minor, int patch) {
        return simulation::has({major, minor, patch}, Feature::metrics_fixes);
    };
    EXPECT_TRUE(fixed(3, 3, 11) && fixed(4, 0, 10) && fixed(4, 1, 4));
    EXPECT_FALSE(fixed(3, 3, 10) || fixed(4, 0, 9) || fixed(4, 1, 3) || fixed(3, 0, 4));
}

// The order of the keys as the sources of 2.1.7 and 3.0.4 write them.
TEST(SimulatedVersions, status_of_2_1_and_3_0) {
    Simulator sim;
    sim.add_cluster({.scope = "a", .patroni_version = "2.1", .members = {"a1", "a2"}});
    sim.add_cluster({.scope = "b", .patroni_version = "3.0", .members = {"b1", "b2"}});
    sim.maintenance(true, "a");
    sim.maintenance(true, "b");
    EXPECT_EQ(keys_of(body(sim, "a2", "/patroni")),
              "state postmaster_start_time role server_version xlog timeline dcs_last_seen "
              "database_system_identifier patroni pause ");
    EXPECT_EQ(keys_of(body(sim, "b2", "/patroni")),
              "state postmaster_start_time role server_version xlog timeline replication_state "
              "pause dcs_last_seen database_system_identifier patroni ");
    EXPECT_EQ(keys_of(body(sim, "b1", "/cluster")), "members pause ");
    EXPECT_NE(body(sim, "a1", "/metrics").find("patroni_master{scope=\"a\"} 1\n"),
              std::string::npos);
    EXPECT_EQ(body(sim, "a1", "/metrics").find("patroni_primary"), std::string::npos);
    EXPECT_NE(body(sim, "b1", "/metrics").find("patroni_primary{scope=\"b\"} 1\n"),
              std::string::npos);
    EXPECT_EQ(ask(sim.api("a1"), "GET", "/failsafe").status, 503);  // a health path like any other
    EXPECT_EQ(ask(sim.api("b1"), "GET", "/failsafe").status, 502);
}

TEST(SimulatedVersions, keys_of_1_6_as_recorded) {
    Simulator sim;
    sim.add_cluster({.scope = "demo", .patroni_version = "1.6", .members = {"n1", "n2"}});
    const auto key = [&](const std::string& name) {
        const RawAnswer answer = ask(sim.etcd(), "GET", "/v2/keys/service/demo/" + name);
        const Value reply = codec::parse_json(answer.body).value();
        const Value* node = reply.find("node");
        return node == nullptr ? std::string() : *node->find("value")->if_string();
    };
    EXPECT_EQ(key("members/n1"),
              R"({"conn_url":"postgres://)" + sim.postgres("n1").text() +
                  R"(/postgres","api_url":"http://)" + sim.api("n1").text() +
                  R"(/patroni","state":"running","role":"master","version":"1.6.5",)"
                  R"("xlog_location":100663392,"timeline":1})");
    EXPECT_EQ(key("optime/leader"), "100663392");
    EXPECT_EQ(key("status"), "");
    sim.sync_mode(SimulatedSync::sync);
    EXPECT_EQ(key("sync"), R"({"leader":"n1","sync_standby":"n2"})");
}

TEST(SimulatedVersions, keys_of_3_3_and_4_0_as_recorded) {
    for (const char* version : {"3.3", "4.0"}) {
        Simulator sim;
        sim.add_cluster({.scope = "demo", .patroni_version = version, .members = {"n1", "n2"}});
        const auto key = [&](const std::string& name) {
            const Value reply =
                codec::parse_json(
                    ask(sim.etcd(), "POST", "/v3/kv/range", "",
                        R"({"key":")" + encode_base64("/service/demo/" + name) + "\"}")
                        .body)
                    .value();
            const Value& kv = reply.find("kvs")->if_array()->front();
            return *decode_base64(*kv.find("value")->if_string());
        };
        const bool new_words = std::string_view(version) == "4.0";
        const std::string number = new_words ? "4.0.10" : "3.3.11";
        EXPECT_NE(key("members/n1").find(new_words ? R"("role":"primary")" : R"("role":"master")"),
                  std::string::npos);
        EXPECT_TRUE(
            key("members/n2")
                .ends_with(
                    R"("state":"running","role":"replica","version":")" + number +
                    R"(","xlog_location":100663392,"replication_state":"streaming","timeline":1})"))
            << key("members/n2");
        EXPECT_EQ(key("status"),
                  new_words ? R"({"optime":100663392,"slots":{"n1":100663392,"n2":100663392},)"
                              R"("retain_slots":["n1","n2"]})"
                            : R"({"optime":100663392})");
        sim.sync_mode(SimulatedSync::sync);
        EXPECT_EQ(key("sync"), new_words ? R"({"leader":"n1","quorum":0,"sync_standby":"n2"})"
                                         : R"({"leader":"n1","sync_standby":"n2"})");
    }
}

TEST(SimulatedVersions, refuse_what_they_do_not_have) {
    Simulator sim;
    const HostPort remote{.host = "127.0.0.1", .port = 5432};
    EXPECT_THROW(sim.add_cluster({.patroni_version = "0.90", .standby_of = remote}),
                 std::invalid_argument);
    EXPECT_THROW(sim.add_cluster({.patroni_version = "1.6", .store = SimulatedStore::etcd3}),
                 std::invalid_argument);
    sim.add_cluster({.patroni_version = "3.3"});
    EXPECT_THROW(sim.sync_mode(SimulatedSync::quorum), std::logic_error);
}

TEST(SimulatedVersions, standby_cluster_changes_its_leader_without_a_timeline) {
    Simulator sim;
    sim.add_cluster(
        {.members = {"s1", "s2", "s3"}, .standby_of = HostPort{.host = "127.0.0.1", .port = 5432}});
    EXPECT_THROW(sim.sync_mode(SimulatedSync::sync), std::logic_error);
    sim.kill("s1");
    sim.expire();
    sim.promote("s2");
    EXPECT_EQ(ask(sim.api("s2"), "GET", "/standby-leader").status, 200);
    EXPECT_EQ(ask(sim.api("s2"), "GET", "/primary").status, 503);
    EXPECT_EQ(ask(sim.api("s3"), "GET", "/replica").status, 200);
    EXPECT_NE(body(sim, "s2", "/patroni").find(R"("role": "standby_leader")"), std::string::npos);
    EXPECT_EQ(body(sim, "s2", "/history"), "[]");
    sim.start("s1");
    EXPECT_NE(body(sim, "s1", "/patroni").find(R"("role": "replica")"), std::string::npos);
}

TEST(SimulatedVersions, tags_change_at_run_time) {
    Simulator sim;
    sim.add_cluster({});
    EXPECT_EQ(ask(sim.api("pg2"), "GET", "/replica").status, 200);
    sim.tags("pg2", Value::object({{"noloadbalance", true}, {"nosync", false}, {"zone", "b"}}));
    EXPECT_EQ(ask(sim.api("pg2"), "GET", "/replica").status, 503);
    // Standard tags that are not set are not there at all.
    EXPECT_NE(body(sim, "pg2", "/patroni").find(R"("tags": {"noloadbalance": true, "zone": "b"})"),
              std::string::npos);
    sim.tags("pg2", {});
    EXPECT_EQ(body(sim, "pg2", "/patroni").find("tags"), std::string::npos);
}

}  // namespace
}  // namespace patroni::test
