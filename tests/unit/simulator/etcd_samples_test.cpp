// The simulator's etcd against recorded exchanges of a real one (tests/data/dcs-samples), replayed
// in the order in which they were recorded, so that every revision and index must come out the
// same.
#include "etcd_replay.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <vector>

namespace patroni::test {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

/// One sample; `before` puts up what it needs, `during` happens while its watch is open.
struct Row {
    std::string sample;
    std::function<void(EtcdReplay&, Simulator&)> before = {};
    std::function<void(EtcdReplay&, Simulator&)> during = {};
    std::string authorization = {};
};

void replay_all(EtcdReplay& replay, Simulator& sim, const std::vector<Row>& rows) {
    for (const Row& row : rows) {
        if (row.before) {
            row.before(replay, sim);
        }
        replay.replay(row.sample,
                      row.during ? [&] { row.during(replay, sim); } : std::function<void()>(),
                      row.authorization);
    }
}

const std::string lease = "4390624845765862368";
const std::string token = "HDrFhugEKvhlyWHO.1478";
const std::string status_key = "L3NlcnZpY2UvZGVtby9zdGF0dXM=";

std::string put_operation(const std::string& key, const std::string& value) {
    return R"({"request_put":{"key":")" + key + R"(","value":")" + value + R"("}})";
}

const std::vector<Row> etcd3_rows{
    {"etcd3-member-list"},
    {"etcd3-status"},
    {"etcd3-lease-grant"},
    {"etcd3-read-cluster", [](EtcdReplay& r, Simulator&) { r.put_up({"etcd3-read-cluster"}); }},
    {"etcd3-read-missing",
     [](EtcdReplay& r, Simulator&) {
         r.post3("kv/deleterange", R"({"key":"L3NlcnZpY2UvZGVtby9lbXB0eXZhbA=="})");
     }},
    {"etcd3-range-count-only"},
    {"etcd3-range-keys-only"},
    {"etcd3-config-cas-ok"},
    {"etcd3-config-cas-conflict"},
    {"etcd3-config-cas-conflict-with-reread"},
    {"etcd3-failover-put"},
    {"etcd3-failover-flush-cas"},
    {"etcd3-create-if-absent-conflict"},
    {"etcd3-lease-timetolive", [](EtcdReplay&, Simulator& sim) { sim.advance(milliseconds(300)); }},
    {"etcd3-lease-keepalive"},
    {"etcd3-lease-keepalive-gone"},
    {"etcd3-put-lease-notfound"},
    {"etcd3-bad-json-field"},
    {"etcd3-auth-not-enabled"},
    {"etcd3-watch-stream",
     {},
     [](EtcdReplay& r, Simulator&) {
         r.put3("/service/demo/status", R"({"optime":67393700})");
         r.post3("kv/txn",
                 R"({"success":[)" +
                     put_operation("L3NlcnZpY2UvZGVtby9zeW5j",
                                   "eyJsZWFkZXIiOiJwZy1hIiwicXVvcnVtIjowLCJzeW5jX3N0YW5kYnkiOiJwZ"
                                   "y1iIn0=") +
                     "," + put_operation("L3NlcnZpY2UvZGVtby9oaXN0b3J5", "W10=") + "]}");
         r.post3("kv/deleterange", R"({"key":"L3NlcnZpY2UvZGVtby9mYWlsc2FmZQ=="})");
         r.post3("lease/revoke", R"({"ID":")" + lease + "\"}");
     }},
    {"etcd3-compact",
     [](EtcdReplay& r, Simulator&) { r.put3("/service/demo/status", R"({"optime":67393800})"); }},
    {"etcd3-watch-compacted"},
    {"etcd3-range-compacted"},
    {"etcd3-range-future"},
    {"etcd3-watch-prevkv",
     {},
     [](EtcdReplay& r, Simulator&) { r.put3("/service/demo/status", R"({"optime":67393900})"); }},
    {"etcd3-watch-filter-nodelete",
     {},
     [](EtcdReplay& r, Simulator&) {
         r.post3("kv/deleterange", R"({"key":"L3NlcnZpY2UvZGVtby9oaXN0b3J5"})");
         r.put3("/service/demo/status", R"({"optime":67393901})");
     }},
    {"etcd3-remove-cluster"},
};

const std::vector<Row> etcd3_auth_rows{
    {"etcd3-auth-bad-password",
     [](EtcdReplay& r, Simulator& sim) {
         r.fill(SimulatedStore::etcd3, 31);
         r.put3("/service/demo/leader", "pg-a");
         r.put3("/service/demo/status", "1");
         r.fill(SimulatedStore::etcd3, 37);
         sim.require_etcd_login("patroni", "pw", "/service/");
         const Value login = r.post3("auth/authenticate", R"({"name":"patroni","password":"pw"})");
         r.same(token, *login.find("token")->if_string());
     }},
    {"etcd3-auth-authenticate"},
    {"etcd3-auth-ok"},
    {"etcd3-auth-no-token"},
    {"etcd3-auth-bad-token"},
    {"etcd3-auth-bearer-token"},
    {"etcd3-auth-denied-other-prefix"},
    {"etcd3-auth-denied-wider-prefix"},
    {"etcd3-auth-lease-keepalive-no-token"},
    {"etcd3-auth-memberlist-no-token"},
    {"etcd3-auth-status-no-token"},
    {"etcd3-watch-auth-no-token"},
    {"etcd3-watch-auth-bad-token", {}, {}, "garbage.1"},
    {"etcd3-watch-auth-denied", {}, {}, token},
    {"etcd3-watch-auth-ok",
     {},
     [](EtcdReplay&, Simulator& sim) {
         sim.put(SimulatedStore::etcd3, "/service/demo/status", "{}");
     },
     token},
    {"etcd3-auth-after-auth-store-change"},
};

const std::vector<Row> etcd2_rows{
    {"etcd2-machines"},
    {"etcd2-members"},
    {"etcd2-version"},
    {"etcd2-read-cluster", [](EtcdReplay& r, Simulator&) { r.put_up({"etcd2-read-cluster"}); }},
    {"etcd2-read-missing-cluster"},
    {"etcd2-list-namespace-shallow"},
    {"etcd2-config-cas-ok"},
    {"etcd2-config-cas-conflict"},
    {"etcd2-failover-write-prevIndex0"},
    {"etcd2-failover-flush-cas"},
    {"etcd2-create-exists"},
    {"etcd2-prevexist-missing"},
    {"etcd2-delete-leader-prevvalue-conflict"},
    {"etcd2-watch-recursive-set",
     {},
     [](EtcdReplay& r, Simulator&) {
         r.keys2("PUT", "/service/demo/members/pg-b",
                 R"(ttl=3600&value={"conn_url":"postgres://10.0.0.2:5432/postgres",)"
                 R"("api_url":"http://10.0.0.2:8008/patroni","state":"running",)"
                 R"("role":"replica","version":"4.1.4","tags":{"clonefrom":true},)"
                 R"("xlog_location":67393700,"replay_lsn":67393700,"receive_lsn":67393700,)"
                 R"("replication_state":"streaming","timeline":2})");
     }},
    {"etcd2-leader-keepalive"},
    {"etcd2-watch-expire",
     [](EtcdReplay& r, Simulator&) {
         r.keys2("PUT", "/service/demo/members/pg-x", "value={}&ttl=2");
     },
     [](EtcdReplay&, Simulator& sim) { sim.advance(seconds(3)); }},
    {"etcd2-watch-401-index-cleared",
     [](EtcdReplay& r, Simulator& sim) {
         sim.put(SimulatedStore::etcd2, "/other/x", "1");
         r.fill(SimulatedStore::etcd2, 1121);
     }},
    {"registrator-skydns2", [](EtcdReplay& r, Simulator&) { r.put_up({"registrator-skydns2"}); }},
    {"etcd2-hidden-underscore",
     [](EtcdReplay& r, Simulator&) { r.keys2("PUT", "/service/_hidden/leader", "value=x"); }},
    {"etcd2-hidden-direct"},
    {"etcd2-watch-stream",
     {},
     [](EtcdReplay& r, Simulator&) {
         for (const char* position : {"100", "101", "102"}) {
             r.keys2("PUT", "/service/demo/status",
                     std::string(R"(value={"optime":)") + position + "}");
         }
     }},
    {"etcd2-remove-cluster",
     [](EtcdReplay& r, Simulator&) {
         r.keys2("PUT", "/service/gone/leader", "value=a");
         r.keys2("PUT", "/service/gone/leader", "value=a");
     }},
    {"etcd2-delete-dir-no-recursive"},
    {"etcd2-remove-missing"},
    {"registrator-etcd2-8008",
     [](EtcdReplay& r, Simulator&) {
         r.put_up({"registrator-etcd2-8008", "registrator-etcd2-5432"});
     }},
    {"registrator-etcd2-5432"},
    {"registrator-etcd2-missing"},
    {"registrator-etcd2-root-listing"},
    {"registrator-etcd2-watch-delete",
     {},
     [](EtcdReplay& r, Simulator&) {
         r.keys2("DELETE",
                 "/dingo-postgresql95-8008/"
                 "0.cell_z1.patroni1.dingo-postgresql.bosh:cf-49a91b69-264b-4df9-a836-523072b2f778:"
                 "8008");
     }},
    {"etcd2-auth-no-credentials",
     [](EtcdReplay&, Simulator& sim) { sim.require_etcd_login("root", "pw"); }},
    {"etcd2-auth-bad-password"},
    {"etcd2-auth-machines-no-credentials"},
};

TEST(EtcdSamples, etcd3) {
    Simulator sim;
    EtcdReplay replay(sim);
    replay_all(replay, sim, etcd3_rows);
    replay_all(replay, sim, etcd3_auth_rows);
}

TEST(EtcdSamples, etcd3_watch_resumed) {
    Simulator sim;
    EtcdReplay replay(sim);
    replay.fill(SimulatedStore::etcd3, 31);
    replay.put3("/service/demo/leader", "pg-a");  // 32
    replay.put3("/service/demo/status", "1");
    replay.put3("/service/demo/status", "2");
    replay.put3("/service/demo/status", "3");
    replay.put3("/service/demo/leader", "pg-b");
    replay.fill(SimulatedStore::etcd3, 960);
    replay.put3("/service/demo/status", R"({"optime":67393701})");
    replay.put3("/service/demo/leader", "pg-b");
    replay.replay("etcd3-watch-resume");
}

TEST(EtcdSamples, etcd2) {
    Simulator sim;
    EtcdReplay replay(sim);
    replay_all(replay, sim, etcd2_rows);
}

TEST(EtcdSamples, without_quorum) {
    Simulator sim{{.time = SimulatedTime::real, .time_scale = 1000}};
    EtcdReplay replay(sim);
    replay.put3("/service/d/leader", "a");
    replay.put3("/service/d/leader", "b");
    sim.etcd_quorum(false);
    for (const char* exchange : {"linearizable-range", "serializable-range", "put", "member-list",
                                 "v2-quorum-read", "v2-read", "v2-put"}) {
        replay.replay_exchange("etcd3-no-quorum", exchange);
    }
}

TEST(EtcdSamples, without_quorum_of_two_nodes) {
    Simulator sim{{.time = SimulatedTime::real, .time_scale = 1000}};
    EtcdReplay replay(sim);
    replay.post3("lease/grant", R"({"ID":"5","TTL":"60000"})");
    replay.put3("/k", "v", "5");
    sim.etcd_quorum(false);
    for (const char* exchange : {"range",
                                 "serializable-range",
                                 "put",
                                 "txn-range",
                                 "txn-serializable-range",
                                 "txn-put",
                                 "txn-nothing",
                                 "deleterange",
                                 "compaction",
                                 "grant",
                                 "revoke",
                                 "keepalive",
                                 "timetolive",
                                 "leases",
                                 "authenticate",
                                 "status",
                                 "put-nothing",
                                 "keepalive-unknown",
                                 "v2-delete",
                                 "v2-wait-quorum"}) {
        replay.replay_exchange("etcd3-no-quorum-two-nodes", exchange);
    }
}

TEST(EtcdSamples, version_3_5_where_it_answers_the_same) {
    Simulator sim;
    EtcdReplay replay(sim);
    replay.put3("/service/demo/config", "1");
    replay.put3("/service/demo/leader", "a");
    sim.compact_etcd();
    for (const char* exchange : {"range-missing", "range-compacted", "range-future", "lease-gone",
                                 "put-lease-gone", "keepalive-gone", "bad-base64", "bad-json",
                                 "empty-request", "get-method", "unknown-path", "v3alpha-range"}) {
        replay.replay_exchange("etcd35-answers", exchange);
    }
}

TEST(EtcdSamples, requests_of_patroni) {
    Simulator sim;
    EtcdReplay replay(sim);
    replay.post3("lease/grant", R"({"ID":"4390624845765865751","TTL":"30"})");
    replay.replay_statuses("etcd3-patroni-requests", 965 - 2);
    replay.replay_statuses("etcd-patroni-requests", 1145 - 4);
}

}  // namespace
}  // namespace patroni::test
