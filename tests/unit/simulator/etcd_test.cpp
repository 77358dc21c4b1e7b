#include "base/base64.hpp"
#include "codec/json.hpp"
#include "raw_exchange.hpp"

#include <patroni/simulator.hpp>

#include <gtest/gtest.h>

#include <map>

namespace patroni::test {
namespace {

Value json(const RawAnswer& answer) {
    return codec::parse_json(answer.body).value();
}

void collect(const Value& node, std::map<std::string, Value>& keys) {
    if (const Value* value = node.find("value")) {
        keys[*node.find("key")->if_string()] = *value;
    }
    if (const Value* nodes = node.find("nodes")) {
        for (const Value& child : *nodes->if_array()) {
            collect(child, keys);
        }
    }
}

std::string range_request(std::string_view from, std::string_view to, std::string_view more = "") {
    return R"({"key":")" + encode_base64(from) + R"(","range_end":")" + encode_base64(to) + "\"" +
           std::string(more) + "}";
}

std::map<std::string, std::string> etcd3_keys(const Simulator& sim) {
    const RawAnswer answer =
        ask(sim.etcd(), "POST", "/v3/kv/range", "", range_request("/service/", "/service0"));
    const bool chunked = answer.header("Transfer-Encoding") == "chunked";
    const Value reply =
        codec::parse_json(chunked ? without_chunks(answer.body) : answer.body).value();
    std::map<std::string, std::string> keys;
    if (const Value* kvs = reply.find("kvs")) {
        for (const Value& kv : *kvs->if_array()) {
            keys[*decode_base64(*kv.find("key")->if_string())] =
                *decode_base64(*kv.find("value")->if_string());
        }
    }
    return keys;
}

TEST(SimulatedEtcd2, registrator_directory_as_recorded) {
    Simulator sim;
    sim.add_cluster({.scope = "batman", .patroni_version = "0.90"});
    sim.register_in_etcd("dingo-postgresql95");
    const RawAnswer answer = ask(sim.etcd(), "GET", "/v2/keys/dingo-postgresql95-8008");
    EXPECT_EQ(answer.http_version, "1.1");
    EXPECT_EQ(answer.status, 200);
    EXPECT_EQ(answer.header("Content-Type"), "application/json");
    EXPECT_NE(answer.header("X-Etcd-Index"), "");
    EXPECT_EQ(answer.header("Content-Length"), std::to_string(answer.body.size()));
    const Value reply = json(answer);
    EXPECT_EQ(*reply.find("action"), Value("get"));
    const Value& node = (*reply.find("node")->find("nodes")->if_array())[1];
    EXPECT_EQ(*node.find("key"),
              Value("/dingo-postgresql95-8008/1.cell_z1.patroni1.dingo-postgresql.bosh:pg2:8008"));
    EXPECT_EQ(*node.find("value"), Value(sim.api("pg2").text()));
    const Value sibling = json(ask(sim.etcd(), "GET", "/v2/keys/dingo-postgresql95-5432"));
    EXPECT_EQ(*(*sibling.find("node")->find("nodes")->if_array())[1].find("value"),
              Value(sim.postgres("pg2").text()));
}

TEST(SimulatedEtcd2, missing_key_as_recorded) {
    Simulator sim;
    sim.put(SimulatedStore::etcd2, "/service/other/leader", "a");
    const RawAnswer answer = ask(sim.etcd(), "GET", "/v2/keys/service/nosuch/?recursive=true");
    EXPECT_EQ(answer.status, 404);
    EXPECT_EQ(answer.reason, "Not Found");
    EXPECT_EQ(answer.body,
              "{\"errorCode\":100,\"message\":\"Key not found\",\"cause\":"
              "\"/service/nosuch\",\"index\":" +
                  answer.header("X-Etcd-Index") + "}\n");
}

TEST(SimulatedEtcd2, keys_of_0_90_as_recorded) {
    Simulator sim;
    sim.add_cluster({.scope = "batman", .patroni_version = "0.90"});
    const RawAnswer answer =
        ask(sim.etcd(), "GET", "/v2/keys/service/batman/?recursive=true&quorum=true");
    std::map<std::string, Value> keys;
    const bool chunked = answer.header("Transfer-Encoding") == "chunked";
    const Value reply =
        codec::parse_json(chunked ? without_chunks(answer.body) : answer.body).value();
    collect(*reply.find("node"), keys);
    EXPECT_EQ(keys.size(), 6U);
    EXPECT_EQ(keys["/service/batman/leader"], Value("pg1"));
    EXPECT_EQ(keys["/service/batman/optime/leader"], Value("100663392"));
    EXPECT_EQ(keys["/service/batman/members/pg2"],
              Value(R"({"conn_url":"postgres://replicator:rep-pass@)" + sim.postgres("pg2").text() +
                    R"(/postgres","api_url":"http://)" + sim.api("pg2").text() +
                    R"(/patroni","state":"running","role":"replica","xlog_location":100663392})"));
}

TEST(SimulatedEtcd2, member_keys_carry_a_ttl_that_runs_out) {
    Simulator sim;
    sim.add_cluster({.patroni_version = "0.90", .ttl = std::chrono::seconds(30)});
    sim.kill("pg1");
    sim.advance(std::chrono::seconds(20));
    const auto leader = [&] { return ask(sim.etcd(), "GET", "/v2/keys/service/batman/leader"); };
    EXPECT_EQ(*json(leader()).find("node")->find("ttl"), Value(10));
    EXPECT_NE(json(leader()).find("node")->find("expiration"), nullptr);
    sim.expire();
    EXPECT_EQ(leader().status, 404);
    EXPECT_EQ(ask(sim.etcd(), "GET", "/v2/keys/service/batman/members/pg1").status, 404);
    EXPECT_EQ(ask(sim.etcd(), "GET", "/v2/keys/service/batman/members/pg2").status, 200);
}

TEST(SimulatedEtcd2, listings) {
    Simulator sim;
    sim.put(SimulatedStore::etcd2, "/a/b/c", "1");
    sim.put(SimulatedStore::etcd2, "/a/_hidden", "2");
    const Value shallow = json(ask(sim.etcd(), "GET", "/v2/keys/a"));
    EXPECT_EQ(codec::to_json(*shallow.find("node")),
              R"({"key":"/a","dir":true,"nodes":[{"key":"/a/b","dir":true,"modifiedIndex":4,)"
              R"("createdIndex":4}],"modifiedIndex":4,"createdIndex":4})");
    sim.remove(SimulatedStore::etcd2, "/a/b/c");
    EXPECT_EQ(codec::to_json(*json(ask(sim.etcd(), "GET", "/v2/keys/a/b")).find("node")),
              R"({"key":"/a/b","dir":true,"modifiedIndex":4,"createdIndex":4})");
    const Value root = json(ask(sim.etcd(), "GET", "/v2/keys/"));
    EXPECT_EQ(root.find("node")->find("key"), nullptr);
    EXPECT_EQ(ask(sim.etcd(), "GET", "/v2/keys/a/_hidden").status, 200);
}

TEST(SimulatedEtcd3, keys_of_4_1_as_recorded) {
    Simulator sim;
    sim.add_cluster({.scope = "demo", .members = {{"n1", Value::object({{"zone", "a"}})}, "n2"}});
    const auto keys = etcd3_keys(sim);
    EXPECT_EQ(keys.size(), 6U);
    EXPECT_EQ(keys.at("/service/demo/leader"), "n1");
    EXPECT_EQ(keys.at("/service/demo/members/n1"),
              R"({"conn_url":"postgres://)" + sim.postgres("n1").text() +
                  R"(/postgres","api_url":"http://)" + sim.api("n1").text() +
                  R"(/patroni","state":"running","role":"primary","version":"4.1.4",)"
                  R"("tags":{"zone":"a"},"xlog_location":100663392,"timeline":1})");
    EXPECT_EQ(keys.at("/service/demo/members/n2"),
              R"({"conn_url":"postgres://)" + sim.postgres("n2").text() +
                  R"(/postgres","api_url":"http://)" + sim.api("n2").text() +
                  R"(/patroni","state":"running","role":"replica","version":"4.1.4",)"
                  R"("xlog_location":100663392,"replay_lsn":100663392,"receive_lsn":100663392,)"
                  R"("replication_state":"streaming","timeline":1})");
    EXPECT_EQ(keys.at("/service/demo/status"),
              R"({"optime":100663392,"slots":{"n1":100663392,"n2":100663392},)"
              R"("retain_slots":["n1","n2"]})");
}

TEST(SimulatedEtcd3, keys_change_with_the_cluster) {
    Simulator sim;
    sim.add_cluster({});
    sim.sync_mode(SimulatedSync::sync);
    EXPECT_EQ(etcd3_keys(sim).at("/service/batman/sync"),
              R"({"leader":"pg1","quorum":0,"sync_standby":"pg2"})");
    sim.sync_mode(SimulatedSync::quorum);
    EXPECT_EQ(etcd3_keys(sim).at("/service/batman/sync"),
              R"({"leader":"pg1","quorum":1,"sync_standby":"pg2,pg3"})");
    sim.sync_mode(SimulatedSync::off);
    EXPECT_FALSE(etcd3_keys(sim).contains("/service/batman/sync"));
    EXPECT_FALSE(etcd3_keys(sim).contains("/service/batman/history"));
    sim.promote("pg2");
    EXPECT_EQ(etcd3_keys(sim).at("/service/batman/failover"), "{}");
    EXPECT_TRUE(etcd3_keys(sim)
                    .at("/service/batman/history")
                    .starts_with(R"([[1,100663504,"no recovery target specified","2)"));
    sim.kill("pg2");
    EXPECT_EQ(etcd3_keys(sim).at("/service/batman/leader"), "pg2");
    sim.expire();
    EXPECT_FALSE(etcd3_keys(sim).contains("/service/batman/leader"));
    EXPECT_FALSE(etcd3_keys(sim).contains("/service/batman/members/pg2"));
}

TEST(SimulatedEtcd3, raw_keys_stay_until_the_cluster_changes_them) {
    Simulator sim;
    sim.add_cluster({});
    sim.put(SimulatedStore::etcd3, "/service/batman/leader", "pg9");
    sim.remove(SimulatedStore::etcd3, "/service/batman/members/pg3");
    sim.maintenance(true);
    EXPECT_EQ(etcd3_keys(sim).at("/service/batman/leader"), "pg9");
    EXPECT_TRUE(etcd3_keys(sim).contains("/service/batman/members/pg3"));
}

TEST(SimulatedEtcd3, range_options_as_recorded) {
    Simulator sim;
    sim.put(SimulatedStore::etcd3, "/k/1", "v");
    sim.put(SimulatedStore::etcd3, "/k/2", "");
    sim.put(SimulatedStore::etcd3, "/k/3", "v");
    const auto range = [&](const std::string& body) {
        return ask(sim.etcd(), "POST", "/v3/kv/range", "Content-Type: application/json\r\n", body);
    };
    const std::string head =
        R"({"header":{"cluster_id":"13455796455940752355","member_id":"443629905751424238",)"
        R"("revision":"4","raft_term":"2"})";
    EXPECT_EQ(range(range_request("/k/", "/k0", R"(,"limit":"2")")).body,
              head + R"(,"kvs":[{"key":"L2svMQ==","create_revision":"2","mod_revision":"2",)"
                     R"("version":"1","value":"dg=="},{"key":"L2svMg==","create_revision":"3",)"
                     R"("mod_revision":"3","version":"1"}],"more":true,"count":"3"})");
    EXPECT_EQ(range(range_request("/k/", "/k0", R"(,"count_only":true)")).body,
              head + R"(,"count":"3"})");
    EXPECT_EQ(range(range_request("/nosuch/", "/nosuch0")).body, head + "}");
    const RawAnswer refused = range(R"({"key":"%%%"})");
    EXPECT_EQ(refused.status, 400);
    EXPECT_EQ(*json(refused).find("code"), Value(3));
}

TEST(SimulatedEtcd, keeps_the_connection_and_chunks_long_answers) {
    Simulator sim;
    sim.put(SimulatedStore::etcd2, "/long", std::string(10000, 'x'));
    RawConnection connection{sim.etcd()};
    connection.send("GET /version HTTP/1.1\r\n\r\n");
    EXPECT_NE(connection.read_until("\"3.4.0\"}").find("Content-Length: 45\r\n"),
              std::string::npos);
    connection.send(
        "GET /v2/keys/long HTTP/1.1\r\n\r\nGET /nosuch HTTP/1.1\r\nConnection: close\r\n\r\n");
    const std::string rest = connection.read_all();
    EXPECT_FALSE(connection.timed_out());
    const std::size_t second = rest.find("HTTP/1.1 404");
    ASSERT_NE(second, std::string::npos);
    const RawAnswer first = parse_answer(rest.substr(0, second));
    EXPECT_EQ(first.header("Transfer-Encoding"), "chunked");
    EXPECT_NE(without_chunks(first.body).find(std::string(10000, 'x')), std::string::npos);
}

}  // namespace
}  // namespace patroni::test
