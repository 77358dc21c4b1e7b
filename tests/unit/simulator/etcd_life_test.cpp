// What clusters and clients do to the simulator's etcd, as its watches see it.
#include "base/base64.hpp"
#include "codec/json.hpp"
#include "etcd_watcher.hpp"

#include <patroni/simulator.hpp>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace patroni::test {
namespace {

using std::chrono::seconds;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::IsSupersetOf;
using ::testing::StartsWith;

constexpr auto etcd2 = SimulatedStore::etcd2;
constexpr auto etcd3 = SimulatedStore::etcd3;

Value call(const Simulator& sim, std::string_view path, const std::string& body) {
    const RawAnswer answer = ask(sim.etcd(), "POST", "/v3/" + std::string(path), "", body);
    const bool chunked = answer.header("Transfer-Encoding") == "chunked";
    return codec::parse_json(chunked ? without_chunks(answer.body) : answer.body).value();
}

void put(const Simulator& sim, std::string_view key, std::string_view value) {
    call(sim, "kv/put",
         R"({"key":")" + encode_base64(key) + R"(","value":")" + encode_base64(value) + "\"}");
}

std::string read(const Simulator& sim, std::string_view key) {
    const Value reply = call(sim, "kv/range", R"({"key":")" + encode_base64(key) + "\"}");
    const Value* kvs = reply.find("kvs");
    return kvs == nullptr ? "" : *decode_base64(*(*kvs->if_array())[0].find("value")->if_string());
}

std::string lease_of(const Simulator& sim, std::string_view key) {
    const Value reply = call(sim, "kv/range", R"({"key":")" + encode_base64(key) + "\"}");
    const Value* kvs = reply.find("kvs");
    return kvs == nullptr ? "" : *(*kvs->if_array())[0].find("lease")->if_string();
}

std::string ttl_of(const Simulator& sim, const std::string& lease) {
    const Value reply = call(sim, "lease/timetolive", R"({"ID":")" + lease + "\"}");
    return *reply.find("TTL")->if_string();
}

/// Where the first text that begins so stands; the end when there is none.
std::ptrdiff_t position(const std::vector<std::string>& all, std::string_view beginning) {
    const auto found = std::ranges::find_if(
        all, [&](const std::string& text) { return text.starts_with(beginning); });
    return found - all.begin();
}

/// Why a watch is canceled at once.
std::string watch_refusal(const Simulator& sim, const std::string& headers,
                          const std::string& create) {
    const std::string body = R"({"create_request":)" + create + "}";
    RawConnection connection{sim.etcd()};
    connection.send("POST /v3/watch HTTP/1.1\r\nContent-Length: " + std::to_string(body.size()) +
                    "\r\n" + headers + "\r\n" + body);
    const RawAnswer answer = parse_answer(connection.read_until("\n\r\n"));
    const Value line = codec::parse_json(without_chunks(answer.body)).value();
    return *line.find("result")->find("cancel_reason")->if_string();
}

SimulatedCluster living(SimulatedStore store = etcd3) {
    return {.store = store, .automatic_failover = true};
}

TEST(EtcdLife, an_idle_cluster_is_silent_in_etcd_3) {
    Simulator sim;
    sim.add_cluster(living());
    sim.advance(seconds(15));
    EtcdWatcher watcher(sim, etcd3, "/service/batman/");
    sim.advance(seconds(60));
    EXPECT_THAT(watcher.told(), IsEmpty());
    const std::string lease = lease_of(sim, "/service/batman/leader");
    EXPECT_EQ(lease_of(sim, "/service/batman/members/pg1"), lease);
    EXPECT_GE(std::stoi(ttl_of(sim, lease)), 19);
}

TEST(EtcdLife, every_loop_writes_in_etcd_2) {
    Simulator sim;
    sim.add_cluster(living(etcd2));
    sim.advance(seconds(15));
    EtcdWatcher watcher(sim, etcd2, "/service/batman/");
    sim.advance(seconds(10));
    EXPECT_THAT(watcher.told(), ::testing::UnorderedElementsAre("set members/pg1=running,primary",
                                                                "compareAndSwap leader=pg1",
                                                                "set members/pg2=running,replica",
                                                                "set members/pg3=running,replica"));
}

TEST(EtcdLife, a_dead_leader_expires_in_one_message) {
    Simulator sim;
    sim.add_cluster(living());
    sim.advance(seconds(15));
    EtcdWatcher watcher(sim, etcd3, "/service/batman/");
    sim.kill("pg1");
    EXPECT_THAT(watcher.told(), IsEmpty());
    EXPECT_EQ(read(sim, "/service/batman/leader"), "pg1");
    sim.advance(seconds(45));
    const auto told = watcher.told();
    const std::string leader = *sim.leader();
    EXPECT_THAT(told, Contains("DELETE leader DELETE members/pg1"));
    EXPECT_GT(position(told, "PUT leader=" + leader), position(told, "DELETE leader"));
    EXPECT_LT(position(told, "PUT leader=" + leader),
              position(told, "PUT members/" + leader + "=running,primary"));
    EXPECT_THAT(told, Contains(StartsWith("PUT history=[[1,")));
    EXPECT_THAT(told, Contains(StartsWith("PUT status=")));
}

TEST(EtcdLife, a_dead_leader_expires_key_by_key_in_etcd_2) {
    Simulator sim;
    sim.add_cluster(living(etcd2));
    sim.advance(seconds(15));
    EtcdWatcher watcher(sim, etcd2, "/service/batman/");
    sim.kill("pg1");
    sim.advance(seconds(45));
    auto told = watcher.told();
    EXPECT_THAT(told, IsSupersetOf({"expire leader", "expire members/pg1"}));
    const auto expired = position(told, "expire leader");
    EXPECT_LT(expired, position(told, "create leader=" + *sim.leader()));
}

/// The order of tests/data/dcs-samples/etcd3-real-switchover-4.1.4, which was recorded so.
TEST(EtcdLife, a_switchover_is_seen_as_recorded) {
    Simulator sim;
    sim.add_cluster(living());
    sim.advance(seconds(15));
    EtcdWatcher watcher(sim, etcd3, "/service/batman/");
    put(sim, "/service/batman/failover", R"({"leader":"pg1","member":"pg2"})");
    sim.advance(seconds(30));
    const auto told = watcher.told();
    std::ptrdiff_t last = -1;
    for (const char* step :
         {R"(PUT failover={"leader":"pg1")", "PUT members/pg1=stopping,primary",
          "PUT status=", "DELETE leader", "PUT leader=pg2", "PUT failover={}",
          "PUT members/pg2=running,promoted", "PUT history=", "PUT members/pg2=running,primary"}) {
        const auto here = position(told, step);
        EXPECT_LT(last, here) << step;
        EXPECT_LT(here, static_cast<std::ptrdiff_t>(told.size())) << step;
        last = here;
    }
    EXPECT_LT(position(told, "DELETE leader"), position(told, "PUT members/pg1=stopped,demoted"));
}

TEST(EtcdLife, a_configuration_of_a_client_wakes_the_members) {
    Simulator sim;
    sim.add_cluster(living());
    sim.advance(seconds(15));
    put(sim, "/service/batman/config", R"({"ttl":40,"loop_wait":10,"pause":true})");
    const std::string before = lease_of(sim, "/service/batman/leader");
    EtcdWatcher watcher(sim, etcd3, "/service/batman/");
    sim.advance(std::chrono::milliseconds(100));
    const auto told = watcher.told();
    // Another ttl is another lease: all is written anew, nothing is deleted.
    EXPECT_THAT(told, IsSupersetOf({"PUT leader=pg1", "PUT members/pg1=running,primary",
                                    "PUT members/pg2=running,replica"}));
    EXPECT_THAT(told, ::testing::Each(::testing::Not(HasSubstr("DELETE"))));
    const std::string lease = lease_of(sim, "/service/batman/leader");
    EXPECT_NE(lease, before);
    EXPECT_EQ(ttl_of(sim, lease), "39");
    EXPECT_THAT(read(sim, "/service/batman/members/pg3"), HasSubstr(R"("pause":true)"));
}

TEST(EtcdLife, the_sync_key_of_a_client_decides_who_may_lead) {
    Simulator sim;
    sim.add_cluster(living());
    sim.sync_mode(SimulatedSync::sync);
    sim.advance(seconds(15));
    ASSERT_EQ(read(sim, "/service/batman/sync"),
              R"({"leader":"pg1","quorum":0,"sync_standby":"pg2"})");
    put(sim, "/service/batman/sync", R"({"leader":"pg1","quorum":0,"sync_standby":"pg3"})");
    sim.kill("pg1");
    sim.advance(seconds(60));
    EXPECT_EQ(sim.leader(), "pg3");
}

TEST(EtcdLife, a_leader_of_nobody_makes_the_primary_step_down) {
    Simulator sim;
    sim.add_cluster(living());
    sim.advance(seconds(15));
    put(sim, "/service/batman/leader", "stranger");
    sim.advance(seconds(20));
    EXPECT_EQ(sim.leader(), "stranger");
    EXPECT_THAT(read(sim, "/service/batman/members/pg1"), HasSubstr(R"("role":"replica")"));
    call(sim, "kv/deleterange", R"({"key":")" + encode_base64("/service/batman/leader") + "\"}");
    sim.advance(seconds(20));
    EXPECT_THAT(*sim.leader(), StartsWith("pg"));
}

TEST(EtcdLife, a_removed_cluster_comes_back_with_the_next_loops) {
    for (const SimulatedStore store : {etcd2, etcd3}) {
        Simulator sim;
        sim.add_cluster(living(store));
        sim.advance(seconds(15));
        EtcdWatcher watcher(sim, store, "/service/batman/");
        if (store == etcd2) {
            ask(sim.etcd(), "DELETE", "/v2/keys/service/batman?recursive=true");
            EXPECT_THAT(watcher.next().find("node")->find("key")->if_string(),
                        ::testing::Pointee(std::string("/service/batman")));
        } else {
            call(sim, "kv/deleterange",
                 R"({"key":")" + encode_base64("/service/batman/") + R"(","range_end":")" +
                     encode_base64("/service/batman0") + "\"}");
            EXPECT_THAT(watcher.told().at(0), HasSubstr("DELETE leader DELETE members/pg1"));
        }
        sim.advance(seconds(20));
        const std::string word = store == etcd2 ? "set " : "PUT ";
        const auto told = watcher.told();
        for (const std::string& key : {word + "members/pg1=", word + "members/pg2=",
                                       word + "members/pg3=", word + "config="}) {
            EXPECT_THAT(told, Contains(StartsWith(key)));
        }
        EXPECT_THAT(told, Contains(HasSubstr(" leader=")));
        EXPECT_THAT(told, Contains(HasSubstr(" initialize=")));
    }
}

TEST(EtcdLife, a_lease_of_a_client_ends_by_the_clock_of_the_simulation) {
    Simulator sim;
    EtcdWatcher watcher(sim, etcd3, "/k/");
    call(sim, "lease/grant", R"({"ID":"5","TTL":"10"})");
    for (const char* key : {"/k/a", "/k/b"}) {
        call(sim, "kv/put", R"({"lease":"5","key":")" + encode_base64(key) + "\"}");
    }
    sim.advance(seconds(8));
    call(sim, "lease/keepalive", R"({"ID":"5"})");
    sim.advance(seconds(8));
    EXPECT_EQ(ttl_of(sim, "5"), "2");
    sim.advance(seconds(2));
    EXPECT_THAT(watcher.told(), ElementsAre("PUT a=", "PUT b=", "DELETE a DELETE b"));
}

TEST(EtcdLife, without_a_quorum_nothing_changes_and_the_leader_steps_down) {
    Simulator sim;
    sim.add_cluster(living());
    sim.advance(seconds(15));
    EtcdWatcher plain(sim, etcd3, "/service/batman/");
    EtcdWatcher careful(sim, etcd3, "/service/batman/", "Grpc-Metadata-hasleader: true\r\n");
    sim.etcd_quorum(false);
    sim.kill("pg3");
    sim.advance(seconds(5));
    EXPECT_EQ(codec::to_json(careful.next()),
              R"({"error":{"grpc_code":14,"http_code":503,"message":"etcdserver: no leader",)"
              R"("http_status":"Service Unavailable"}})");
    EXPECT_EQ(ask(sim.etcd(), "POST", "/v3/watch", "Grpc-Metadata-hasleader: true\r\n",
                  R"({"create_request":{}})")
                  .status,
              503);
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/primary").status, 200);
    sim.advance(seconds(120));
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/primary").status, 503);
    EXPECT_THAT(plain.told(), IsEmpty());
    EXPECT_EQ(sim.leader(), "pg1");
    EXPECT_THROW(sim.put(etcd3, "/x", "y"), std::logic_error);
    sim.etcd_quorum(true);
    sim.advance(seconds(20));
    EXPECT_EQ(ask(sim.api("pg1"), "GET", "/primary").status, 200);
    EXPECT_THAT(plain.told(), ::testing::Each(::testing::Not(HasSubstr("DELETE"))));
    sim.advance(seconds(20));  // 30 s since the quorum is back
    EXPECT_THAT(plain.told(), Contains("DELETE members/pg3"));
    EXPECT_EQ(*call(sim, "maintenance/status", "{}").find("raftTerm"), Value("3"));
}

TEST(EtcdLife, who_wants_a_leader_is_told_at_once_that_there_is_none) {
    Simulator sim;
    sim.add_cluster(living());
    sim.etcd_quorum(false);
    const auto tell = [&](const std::string& path, const std::string& body) {
        return ask(sim.etcd(), "POST", "/v3/" + path, "Grpc-Metadata-hasleader: true\r\n", body);
    };
    const char* paths[] = {
        "kv/range",           "kv/put",           "lease/grant",       "lease/revoke",
        "lease/leases",       "lease/timetolive", "auth/authenticate", "maintenance/status",
        "cluster/member/list"};
    for (const std::string path : paths) {
        const auto answer = tell(path, R"({"key":"aw==","ID":"1","TTL":"5"})");
        EXPECT_EQ(answer.status, 503) << path;
        EXPECT_THAT(answer.body,
                    HasSubstr(R"({"error":"etcdserver: no leader","message":"etcdserver: no )"
                              R"(leader","code":14})"))
            << path;
    }
    EXPECT_THAT(tell("lease/keepalive", R"({"ID":"1"})").body,
                HasSubstr(R"({"error":{"grpc_code":14,"http_code":503,)"));
    EXPECT_EQ(tell("kv/put", "{").status, 400) << "the gateway reads first";
    EXPECT_EQ(tell("kv/put", R"({"key":1})").status, 400);
    EXPECT_EQ(tell("kv/nosuch", "{}").status, 404);
}

TEST(EtcdLife, a_write_waits_for_the_quorum) {
    Simulator sim;
    sim.etcd_quorum(false);
    const std::size_t before = sim.etcd_traffic().requests;
    RawConnection first{sim.etcd()};
    first.send("PUT /v2/keys/a?value=1 HTTP/1.1\r\nConnection: close\r\n\r\n");
    while (sim.etcd_traffic().requests == before) {
    }
    sim.advance(seconds(8));
    EXPECT_EQ(parse_answer(first.read_all()).status, 500);
    RawConnection second{sim.etcd()};
    second.send("PUT /v2/keys/a?value=2 HTTP/1.1\r\nConnection: close\r\n\r\n");
    while (sim.etcd_traffic().requests == before + 1) {
    }
    sim.advance(seconds(5));
    sim.etcd_quorum(true);
    EXPECT_EQ(parse_answer(second.read_all()).status, 201);
}

TEST(EtcdLife, watches_are_cut_and_silent_on_demand) {
    for (const SimulatedStore store : {etcd2, etcd3}) {
        Simulator sim;
        EtcdWatcher watcher(sim, store, "/k/");
        const std::string path = store == etcd2 ? "/v2/keys/k" : "/v3/watch";
        sim.fault_etcd(Fault::silent().on(path));
        sim.put(store, "/k/a", "1");
        EXPECT_THAT(watcher.told(), IsEmpty());
        sim.clear_etcd_fault();
        EXPECT_THAT(watcher.told(), ElementsAre(HasSubstr(" a=1")));
        EXPECT_FALSE(watcher.ended());
        sim.cut_etcd_watches();
        EXPECT_TRUE(watcher.ended());
        sim.put(store, "/k/a", "2");  // nobody is told
        EXPECT_EQ(sim.etcd_traffic().open, 0U);
    }
}

TEST(EtcdLife, a_watch_breaks_within_a_document) {
    Simulator sim;
    sim.fault_etcd(Fault::reset_within(600).on("/v3/watch"));
    EtcdWatcher watcher(sim, etcd3, "/k/");
    for (int i = 0; i < 20; ++i) {
        sim.put(etcd3, "/k/a", "value");
    }
    EXPECT_TRUE(watcher.ended());
}

TEST(EtcdLife, compaction_makes_old_watches_read_anew) {
    Simulator sim;
    sim.put(etcd3, "/k/a", "1");
    sim.put(etcd2, "/k/a", "1");
    sim.put(etcd3, "/k/a", "2");
    sim.put(etcd2, "/k/a", "2");
    sim.compact_etcd();
    EtcdWatcher late(sim, etcd3, "/k/", "", R"(,"start_revision":"2")");
    EXPECT_EQ(*late.next().find("result")->find("compact_revision"), Value("3"));
    EXPECT_EQ(ask(sim.etcd(), "GET", "/v2/keys/k?wait=true&recursive=true&waitIndex=4").status,
              400);
}

TEST(EtcdLife, forgotten_tokens_are_refused_and_watches_go_on) {
    Simulator sim;
    sim.require_etcd_login("patroni", "pw", "/k/");
    const std::string login = R"({"name":"patroni","password":"pw"})";
    const std::string token = *call(sim, "auth/authenticate", login).find("token")->if_string();
    const std::string header = "Authorization: " + token + "\r\n";
    EtcdWatcher watcher(sim, etcd3, "/k/", header);
    EXPECT_THAT(watch_refusal(sim, header, "{}"), HasSubstr("permission denied"));
    EXPECT_THAT(watch_refusal(sim, "", "{}"), HasSubstr("user name is empty"));
    sim.forget_etcd_tokens();
    const std::string body = R"({"key":")" + encode_base64("/k/a") + "\"}";
    EXPECT_EQ(ask(sim.etcd(), "POST", "/v3/kv/range", header, body).status, 401);
    sim.put(etcd3, "/k/a", "1");
    EXPECT_THAT(watcher.told(), ElementsAre("PUT a=1"));
}

TEST(EtcdLife, progress_is_told_when_nothing_happens) {
    Simulator sim;
    EtcdWatcher watcher(sim, etcd3, "/k/", "", R"(,"progress_notify":true)");
    sim.advance(std::chrono::minutes(9));
    sim.put(etcd3, "/k/a", "1");
    sim.advance(std::chrono::minutes(11));
    EXPECT_NE(watcher.next().find("result")->find("events"), nullptr);
    const Value progress = watcher.next();
    EXPECT_EQ(progress.find("result")->find("events"), nullptr);
    EXPECT_EQ(*progress.find("result")->find("header")->find("revision"), Value("2"));
}

}  // namespace
}  // namespace patroni::test
