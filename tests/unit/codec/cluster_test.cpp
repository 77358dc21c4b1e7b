#include "codec/cluster.hpp"

#include "codec/json.hpp"
#include "support/recordings.hpp"

#include <gtest/gtest.h>

#include <set>

namespace patroni::codec {
namespace {

std::vector<RawKey> keys_of(const Value& dump) {
    std::vector<RawKey> keys;
    for (const auto& [key, value] : *dump.find("keys")->if_object()) {
        keys.push_back({key, *value.if_string()});
    }
    return keys;
}

TEST(Cluster, KeepsItsSourcesWhenAsked) {
    const std::string member = R"({"state":"running","role":"replica","x":[1]})";
    const std::vector<RawKey> keys = {{"config", "{ \"ttl\": 30 }", 7},
                                      {"members/pg1", member, 8},
                                      {"members/pg2", "[]", 9},
                                      {"other", "\xff", 10}};
    const auto kept = decode_cluster("x", "/x/", keys, Sources::kept);
    EXPECT_EQ(kept.keys.at("config"), (StoredKey{"{ \"ttl\": 30 }", 7}));
    EXPECT_EQ(kept.keys.at("members/pg1"), (StoredKey{member, 8}));
    EXPECT_EQ(kept.keys.at("members/pg2"), (StoredKey{"[]", 9}));
    EXPECT_EQ(kept.keys.at("other").value, "\xff") << "keys that are not known, too";
    const auto plain = decode_cluster("x", "/x/", keys);
    EXPECT_TRUE(plain.keys.empty());
}

Value text_or_null(const std::optional<std::string>& text) {
    return text ? Value(*text) : Value();
}

Value lsn_or_null(const std::optional<Lsn>& lsn) {
    return lsn ? Value(lsn->bytes()) : Value();
}

/// The cluster in the form of `expected` in dcs.jsonl.
Value summary(const Cluster& cluster) {
    Value sync;
    if (cluster.sync) {
        sync.push_back(cluster.sync->leader);
        for (const std::string& name : cluster.sync->standbys) {
            sync.push_back(name);
        }
    }
    Value members = Value::object();
    for (const PublishedMember& member : cluster.members) {
        members.set(
            member.name,
            Value::object({{"state", member.state},
                           {"lag", member.lag ? Value(*member.lag) : Value()},
                           {"role", to_string(member.role)},
                           {"postgres", member.postgres ? Value(member.postgres->text()) : Value()},
                           {"api", member.api ? Value(member.api->text()) : Value()},
                           {"timeline", member.timeline ? Value(*member.timeline) : Value()},
                           {"role_reported", member.role_reported},
                           {"version", member.patroni_version}}));
    }
    return Value::object({{"leader", text_or_null(cluster.leader)},
                          {"leader_lsn", lsn_or_null(cluster.leader_lsn)},
                          {"initialize", text_or_null(cluster.initialize)},
                          {"standby_cluster", cluster.standby_cluster},
                          {"quorum_mode", cluster.quorum_mode},
                          {"paused", cluster.paused ? Value(*cluster.paused) : Value()},
                          {"sync", sync},
                          {"members", members}});
}

/// Names of the JSON text in another order of fields.
Value sorted(const Value& value) {
    if (const auto* object = value.if_object()) {
        Value::Object fields = *object;
        std::sort(fields.begin(), fields.end(),
                  [](const auto& left, const auto& right) { return left.first < right.first; });
        for (auto& field : fields) {
            field.second = sorted(field.second);
        }
        return fields;
    }
    return value;
}

TEST(Cluster, EveryRecordedStoreDecodesAsExpected) {
    std::set<std::string> stores;
    std::set<std::string> roles;
    for (const Value& dump : testing::recorded_dcs()) {
        const std::string name =
            *dump.find("patroni")->if_string() + " " + *dump.find("name")->if_string();
        const std::string& scope = *dump.find("scope")->if_string();
        const std::string& path = *dump.find("path")->if_string();
        const Cluster cluster = decode_cluster(scope, path, keys_of(dump));
        EXPECT_EQ(cluster.scope, scope);
        EXPECT_EQ(cluster.path, path);
        EXPECT_EQ(to_pretty_json(sorted(summary(cluster))),
                  to_pretty_json(sorted(*dump.find("expected"))))
            << name;
        EXPECT_TRUE(cluster.problems.empty()) << name << ": " << cluster.problems[0].where;
        stores.insert(*dump.find("store")->if_string());
        for (const auto& member : cluster.members) {
            roles.insert(std::string(to_string(member.role)));
        }
    }
    EXPECT_EQ(stores, (std::set<std::string>{"etcd", "etcd3", "zookeeper"}));
    EXPECT_EQ(roles, (std::set<std::string>{"primary", "quorum_standby", "replica",
                                            "standby_leader", "sync_standby"}));
}

TEST(Cluster, NoCredentialsOf090AreLeft) {
    for (const Value& dump : testing::recorded_dcs()) {
        const Cluster cluster = decode_cluster("x", "/x/", keys_of(dump));
        for (const PublishedMember& member : cluster.members) {
            EXPECT_EQ(member.postgres->host.find('@'), std::string::npos);
            EXPECT_EQ(to_json(member.tags).find("rep-pass"), std::string::npos);
        }
    }
}

std::vector<std::string> gone(const Cluster& cluster) {
    std::vector<std::string> lines;
    for (const GoneMember& member : cluster.gone) {
        lines.push_back(member.name + " " + member.named_by +
                        (member.api ? " " + member.api->text() : ""));
    }
    return lines;
}

TEST(Cluster, MembersWithoutAKeyAreGoneButNotForgotten) {
    const Cluster cluster = decode_cluster(
        "demo", "/service/demo/",
        {{"leader", "pg1"},
         {"config", R"({"synchronous_mode":true})"},
         {"members/PG-4", R"({"state":"running","role":"replica"})"},
         {"sync", R"({"leader":"pg1","sync_standby":"pg2,pg-4"})"},
         {"failsafe",
          R"({"pg2":"http://h2:8008/patroni","pg3":"http://h3:8008/patroni","pg1":"http://h1:8008"})"},
         {"history", R"([[1,5,"x","t","pg9"],[2,6,"y","t","pg5"]])"},
         {"status", R"({"optime":5,"retain_slots":["pg_4","pg3","pg2","pg_6"]})"}});
    EXPECT_EQ(gone(cluster), (std::vector<std::string>{
                                 "pg1 /service/demo/leader http://h1:8008",
                                 "pg2 /service/demo/sync http://h2:8008",
                                 "pg3 /service/demo/failsafe http://h3:8008",
                                 "pg5 /service/demo/history",
                                 "pg_6 /service/demo/status",
                             }));
    EXPECT_EQ(cluster.leader, "pg1");
    EXPECT_EQ(cluster.find("pg1"), nullptr);
    EXPECT_EQ(cluster.find("PG-4")->role, Role::sync_standby) << "names are equal without case";
    EXPECT_TRUE(cluster.problems.empty());
}

TEST(Cluster, BadValuesAreProblemsAndNothingMore) {
    const Cluster cluster = decode_cluster("demo", "/db/demo/",
                                           {{"leader", ""},
                                            {"initialize", ""},
                                            {"config", "{"},
                                            {"members/pg1", "s3cret"},
                                            {"members/pg2", R"({"state":"running"})"},
                                            {"sync", "x"},
                                            {"status", "x"},
                                            {"failover", "x"},
                                            {"history", "x"},
                                            {"failsafe", "x"}});
    std::set<std::string> where;
    for (const Problem& problem : cluster.problems) {
        EXPECT_EQ(problem.kind, "bad_value");
        EXPECT_EQ(problem.message.find("s3cret"), std::string::npos);
        where.insert(problem.where);
    }
    EXPECT_EQ(where, (std::set<std::string>{"/db/demo/config", "/db/demo/members/pg1",
                                            "/db/demo/sync", "/db/demo/status", "/db/demo/failover",
                                            "/db/demo/history", "/db/demo/failsafe"}));
    EXPECT_EQ(cluster.problems.size(), where.size());
    EXPECT_EQ(cluster.leader, std::nullopt) << "empty is unlocked";
    EXPECT_EQ(cluster.initialize, "") << "empty is bootstrapping, not absent";
    EXPECT_EQ(cluster.paused, std::nullopt);
    EXPECT_TRUE(cluster.config.is_null());
    ASSERT_EQ(cluster.members.size(), 2U);
    EXPECT_EQ(cluster.members[0].name, "pg1");
    EXPECT_EQ(cluster.members[1].state, "running");
}

TEST(Cluster, IgnoresWhatIsNoKeyOfPatroni) {
    const Cluster cluster = decode_cluster("demo", "/service/demo/",
                                           {{"members/a/b", "{}"},
                                            {"members/", "{}"},
                                            {"members", ""},
                                            {"0/members/x", "{}"},
                                            {"future", "x"},
                                            {"leader/x", "y"},
                                            {"", ""}});
    EXPECT_TRUE(cluster.members.empty());
    EXPECT_TRUE(cluster.problems.empty());
    EXPECT_TRUE(cluster.gone.empty());
    EXPECT_EQ(cluster.leader, std::nullopt);
    EXPECT_EQ(decode_cluster("x", "/x/", {}).initialize, std::nullopt);
}

TEST(Cluster, LagNeedsBothPositions) {
    const char* status = R"({"optime":100})";
    const char* replica =
        R"({"state":"running","xlog_location":40,"receive_lsn":120,"replay_lsn":30})";
    const auto decode = [&](std::vector<RawKey> keys) {
        return *decode_cluster("x", "/x/", std::move(keys)).find("r");
    };
    const PublishedMember known = decode({{"status", status}, {"members/r", replica}});
    EXPECT_EQ(known.lag, 60U);
    EXPECT_EQ(known.receive_lag, 0U);
    EXPECT_EQ(known.replay_lag, 70U);
    EXPECT_EQ(decode({{"optime/leader", "100"}, {"members/r", replica}}).lag, 60U);
    EXPECT_EQ(decode({{"status", "{}"}, {"optime/leader", "100"}, {"members/r", replica}}).lag,
              std::nullopt)
        << "status wins over the legacy key";
    EXPECT_EQ(decode({{"members/r", replica}}).lag, std::nullopt);
    EXPECT_EQ(decode({{"status", status}, {"members/r", "{}"}}).lag, std::nullopt);
    EXPECT_EQ(decode({{"status", status}, {"members/r", replica}, {"leader", "r"}}).lag,
              std::nullopt)
        << "the leader has none";
}

TEST(Cluster, TheLockDecidesTheRole) {
    const char* promoting =
        R"({"state":"running","role":"replica","replication_state":"in archive recovery"})";
    const auto role_and_state = [&](const char* config, const char* leader) {
        const Cluster cluster = decode_cluster(
            "x", "/x/", {{"config", config}, {"leader", leader}, {"members/a", promoting}});
        return std::pair(cluster.members[0].role, cluster.members[0].state);
    };
    EXPECT_EQ(role_and_state("{}", "a"), std::pair(Role::primary, std::string("running")));
    EXPECT_EQ(role_and_state("{}", "b"),
              std::pair(Role::replica, std::string("in archive recovery")));
    EXPECT_EQ(role_and_state(R"({"standby_cluster":{"host":"h"}})", "a"),
              std::pair(Role::standby_leader, std::string("in archive recovery")));
}

TEST(Cluster, ScheduledSwitchover) {
    const auto planned = [](const char* failover) {
        return decode_cluster("x", "/x/", {{"failover", failover}}).scheduled_switchover;
    };
    EXPECT_EQ(planned(R"({"leader":"a","member":"b","scheduled_at":"t"})"),
              (ScheduledSwitchover{"t", "a", "b"}));
    EXPECT_EQ(planned(R"({"leader":"a","scheduled_at":"t"})"),
              (ScheduledSwitchover{"t", "a", std::nullopt}));
    EXPECT_EQ(planned(R"({"leader":"a"})"), std::nullopt);
    EXPECT_EQ(planned("{}"), std::nullopt);
}

TEST(Cluster, ManyNamesCostLittle) {
    std::string standbys;
    for (int i = 0; i < 100'000; ++i) {
        standbys += "n" + std::to_string(i) + ",";
    }
    std::vector<RawKey> keys{{"sync", R"({"leader":"a","sync_standby":")" + standbys + "\"}"},
                             {"config", R"({"synchronous_mode":"on"})"}};
    for (int i = 0; i < 1000; ++i) {
        keys.push_back({"members/n" + std::to_string(i), "{}"});
    }
    const Cluster cluster = decode_cluster("x", "/x/", std::move(keys));
    EXPECT_EQ(cluster.gone.size(), 99'001U);
}

}  // namespace
}  // namespace patroni::codec
