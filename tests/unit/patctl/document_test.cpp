// The public JSON shapes patroni.discover/1 and patroni.status/1, field by field.
#include "codec/json.hpp"
#include "codec/report.hpp"
#include "codec/yaml.hpp"
#include "patctl/render/discovery.hpp"
#include "patctl/render/status.hpp"
#include "unit/patctl/reports.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patroni::testing {
namespace {

using ::testing::IsSupersetOf;
using Names = std::vector<std::string>;

Names keys(const Value& object) {
    Names names;
    if (object.if_object() != nullptr) {
        for (const auto& [name, value] : *object.if_object()) {
            names.push_back(name);
        }
    }
    return names;
}

/// The value at a path such as "clusters.0.members.1.name", as JSON; "(absent)" when it is not
/// there.
std::string at(const Value& document, std::string_view path) {
    const Value* value = &document;
    while (value != nullptr && !path.empty()) {
        const auto dot = std::min(path.find('.'), path.size());
        const auto step = path.substr(0, dot);
        path.remove_prefix(std::min(dot + 1, path.size()));
        if (const auto* array = value->if_array()) {
            const auto index = static_cast<std::size_t>(step[0] - '0');
            value = index < array->size() ? &(*array)[index] : nullptr;
        } else {
            value = value->find(step);
        }
    }
    return value != nullptr ? codec::to_json(*value) : "(absent)";
}

struct Field {
    const char* path;
    const char* json;
};

void expect_fields(const Value& document, std::initializer_list<Field> fields) {
    for (const auto& field : fields) {
        EXPECT_EQ(at(document, field.path), field.json) << field.path;
    }
}

// The lists of the issue: fields may be added, never taken away.
const Names k_discover_member = {"name", "scope",       "api_url", "host",
                                 "port", "registrator", "postgres"};
const Names k_cluster = {"scope",          "system_identifier",    "verdict",  "primary",
                         "primaries_seen", "lock_holder",          "paused",   "failsafe",
                         "sync",           "scheduled_switchover", "problems", "members"};
const Names k_member = {"name",
                        "api_url",
                        "host",
                        "port",
                        "postgres",
                        "role",
                        "role_reported",
                        "holds_lock",
                        "state",
                        "healthy",
                        "reasons",
                        "timeline",
                        "lsn",
                        "received_lsn",
                        "replayed_lsn",
                        "lag_bytes",
                        "receive_lag_bytes",
                        "replay_lag_bytes",
                        "lag_source",
                        "replayed_at",
                        "replay_paused",
                        "replication_state",
                        "pending_restart",
                        "tags",
                        "server_version",
                        "patroni_version",
                        "observed_at",
                        "registrator",
                        "error"};

TEST(DiscoverDocument, OfARegistratorMember) {
    DiscoveredMember member;
    member.name = "cf-1";
    member.api = Origin{false, {"10.244.21.7", 32769}};
    member.postgres = HostPort{"10.244.21.7", 32768};
    member.registrator = RegistratorIdentity{"0.cell_z1", "cf-1", 8008};
    Discovery discovery;
    discovery.members = {member};
    discovery.problems = {{"not_host_port", "/d/x", "no"}};
    const auto document = codec::discovery_document(discovery);
    EXPECT_THAT(keys(document), IsSupersetOf({"format", "members", "problems"}));
    EXPECT_THAT(keys(document.find("members")->if_array()->at(0)), IsSupersetOf(k_discover_member));
    expect_fields(document,
                  {{"format", R"("patroni.discover/1")"},
                   {"members.0.name", R"("cf-1")"},
                   {"members.0.scope", "null"},
                   {"members.0.api_url", R"("http://10.244.21.7:32769")"},
                   {"members.0.host", R"("10.244.21.7")"},
                   {"members.0.port", "32769"},
                   {"members.0.registrator",
                    R"({"host":"0.cell_z1","container":"cf-1","container_port":8008})"},
                   {"members.0.postgres", R"({"host":"10.244.21.7","port":32768})"},
                   {"problems.0", R"({"kind":"not_host_port","where":"/d/x","message":"no"})"}});
}

TEST(DiscoverDocument, WhatIsNotKnownIsNull) {
    DiscoveredMember nowhere;
    nowhere.name = "pg1";
    nowhere.scope = "batman";
    Discovery discovery;
    discovery.members = {nowhere};
    const auto document = codec::discovery_document(discovery);
    EXPECT_THAT(keys(document.find("members")->if_array()->at(0)), IsSupersetOf(k_discover_member));
    expect_fields(document, {{"members.0.scope", R"("batman")"},
                             {"members.0.api_url", "null"},
                             {"members.0.host", "null"},
                             {"members.0.port", "null"},
                             {"members.0.registrator", "null"},
                             {"members.0.postgres", "null"},
                             {"problems", "[]"}});
}

TEST(StatusDocument, HasEveryFieldForEveryKindOfMember) {
    MemberHealth gone;
    gone.name = "old";
    gone.role = Role::gone;
    gone.role_source = FactSource::dcs;
    const auto document = codec::status_document(
        report_of({cluster(Verdict::degraded, {gone, healthy("pg1", 1, Role::primary),
                                               healthy("pg2", 2, Role::replica),
                                               silent("pg3", 3, ErrorKind::timeout)})}));
    EXPECT_THAT(keys(document), IsSupersetOf({"format", "clusters", "problems"}));
    const auto& first = document.find("clusters")->if_array()->at(0);
    EXPECT_THAT(keys(first), IsSupersetOf(k_cluster));
    ASSERT_EQ(first.find("members")->if_array()->size(), 4U);
    for (const auto& member : *first.find("members")->if_array()) {
        EXPECT_THAT(keys(member), IsSupersetOf(k_member)) << at(member, "name");
    }
}

TEST(StatusDocument, OfAPrimaryOf090) {
    auto primary = healthy("cf-1", 1, Role::primary);
    primary.role_reported = "master";
    primary.timeline.reset();
    primary.server_version = 90503;
    primary.patroni_version = "0.90";
    primary.discovered.registrator = RegistratorIdentity{"h", "cf-1", 8008};
    const auto document = codec::status_document(report_of({cluster(Verdict::ok, {primary})}));
    expect_fields(document,
                  {{"format", R"("patroni.status/1")"},
                   {"clusters.0.scope", R"("batman")"},
                   {"clusters.0.system_identifier", R"("6304927594")"},
                   {"clusters.0.verdict", R"("ok")"},
                   {"clusters.0.primary", R"("cf-1")"},
                   {"clusters.0.primaries_seen", R"(["cf-1"])"},
                   {"clusters.0.lock_holder", "null"},
                   {"clusters.0.paused", "null"},
                   {"clusters.0.failsafe", "null"},
                   {"clusters.0.sync", "null"},
                   {"clusters.0.scheduled_switchover", "null"},
                   {"clusters.0.problems", "[]"},
                   {"clusters.0.members.0.api_url", R"("http://10.0.0.1:8008")"},
                   {"clusters.0.members.0.postgres", R"({"host":"10.0.0.1","port":5432})"},
                   {"clusters.0.members.0.role", R"("primary")"},
                   {"clusters.0.members.0.role_reported", R"("master")"},
                   {"clusters.0.members.0.holds_lock", "null"},
                   {"clusters.0.members.0.state", R"("running")"},
                   {"clusters.0.members.0.healthy", "true"},
                   {"clusters.0.members.0.reasons", "[]"},
                   {"clusters.0.members.0.timeline", "null"},
                   {"clusters.0.members.0.lsn", R"("0/6000060")"},
                   {"clusters.0.members.0.received_lsn", "null"},
                   {"clusters.0.members.0.lag_bytes", "null"},
                   {"clusters.0.members.0.lag_source", "null"},
                   {"clusters.0.members.0.tags", "{}"},
                   {"clusters.0.members.0.pending_restart", "false"},
                   {"clusters.0.members.0.server_version", "90503"},
                   {"clusters.0.members.0.patroni_version", R"("0.90")"},
                   {"clusters.0.members.0.observed_at", R"("2026-11-23T15:03:09.000Z")"},
                   {"clusters.0.members.0.registrator",
                    R"({"host":"h","container":"cf-1","container_port":8008})"},
                   {"clusters.0.members.0.error", "null"}});
}

TEST(StatusDocument, OfAReplicaAndTheWholeCluster) {
    auto replica = healthy("pg2", 2, Role::sync_standby);
    replica.holds_lock = false;
    replica.replayed_lsn = Lsn(0x1ABCDEF00);
    replica.receive_lag_bytes = 0xFFFFFFFFFFFFFFFFU;
    replica.replayed_at = Timestamp::parse("2016-07-08 06:03:11.407 UTC");
    replica.tags = Value::object({{"zone", "a"}, {"num", 1}, {"flag", true}});
    auto status = cluster(Verdict::no_leader, {replica});
    status.lock_holder = "pg1";
    status.paused = true;
    status.failsafe = false;
    status.sync = SyncSummary{true, "pg1", {"pg2"}, 1};
    status.scheduled_switchover =
        ScheduledSwitchover{"2026-11-23T16:08:12+00:00", "pg1", std::nullopt};
    status.problems = {{"leader_unseen", "pg1", "m"}, {"no_leader", "", "n"}};
    const auto document = codec::status_document(report_of({status}));
    expect_fields(
        document,
        {{"clusters.0.verdict", R"("no_leader")"},
         {"clusters.0.primary", "null"},
         {"clusters.0.lock_holder", R"("pg1")"},
         {"clusters.0.paused", "true"},
         {"clusters.0.failsafe", "false"},
         {"clusters.0.scheduled_switchover",
          R"({"at":"2026-11-23T16:08:12+00:00","from":"pg1","to":null})"},
         {"clusters.0.problems.0", R"({"kind":"leader_unseen","member":"pg1","message":"m"})"},
         {"clusters.0.problems.1", R"({"kind":"no_leader","member":null,"message":"n"})"},
         {"clusters.0.members.0.role", R"("sync_standby")"},
         {"clusters.0.members.0.holds_lock", "false"},
         {"clusters.0.members.0.lsn", "null"},
         {"clusters.0.members.0.received_lsn", R"("0/6000060")"},
         {"clusters.0.members.0.replayed_lsn", R"("1/ABCDEF00")"},
         {"clusters.0.members.0.lag_bytes", "0"},
         {"clusters.0.members.0.receive_lag_bytes", "18446744073709551615"},
         {"clusters.0.members.0.lag_source", R"("live")"},
         {"clusters.0.members.0.replayed_at", R"("2016-07-08T06:03:11.407Z")"},
         {"clusters.0.members.0.replay_paused", "false"},
         {"clusters.0.members.0.replication_state", R"("streaming")"},
         {"clusters.0.members.0.tags", R"({"zone":"a","num":1,"flag":true})"}});
    EXPECT_EQ(at(document, "clusters.0.sync.standbys"), R"(["pg2"])");
    EXPECT_EQ(at(document, "clusters.0.sync.quorum"), "1");
}

TEST(StatusDocument, OfASilentMemberHoldsNothingThatNobodyKnows) {
    const auto document = codec::status_document(
        report_of({cluster(Verdict::unknown, {silent("pg3", 3, ErrorKind::timeout)})}));
    const auto& member =
        document.find("clusters")->if_array()->at(0).find("members")->if_array()->at(0);
    for (const auto* field : {"postgres",
                              "role_reported",
                              "holds_lock",
                              "state",
                              "timeline",
                              "lsn",
                              "received_lsn",
                              "replayed_lsn",
                              "lag_bytes",
                              "receive_lag_bytes",
                              "replay_lag_bytes",
                              "lag_source",
                              "replayed_at",
                              "replay_paused",
                              "replication_state",
                              "pending_restart",
                              "tags",
                              "server_version",
                              "patroni_version",
                              "observed_at",
                              "registrator"}) {
        EXPECT_EQ(at(member, field), "null") << field;
    }
    expect_fields(member, {{"role", R"("unknown")"},
                           {"healthy", "false"},
                           {"reasons", R"(["no_answer"])"},
                           {"error.kind", R"("timeout")"},
                           {"error.message", R"("no connection in 1 s")"},
                           {"error.delivery", R"("not_sent")"}});
}

TEST(Documents, OfEveryRoleVerdictAndSourceUseTheIssuesWords) {
    const std::pair<Role, const char*> roles[] = {{Role::primary, "primary"},
                                                  {Role::standby_leader, "standby_leader"},
                                                  {Role::sync_standby, "sync_standby"},
                                                  {Role::quorum_standby, "quorum_standby"},
                                                  {Role::replica, "replica"},
                                                  {Role::demoted, "demoted"},
                                                  {Role::promoted, "promoted"},
                                                  {Role::uninitialized, "uninitialized"},
                                                  {Role::gone, "gone"},
                                                  {Role::unknown, "unknown"}};
    for (const auto& [role, word] : roles) {
        const auto document =
            codec::status_document(report_of({cluster(Verdict::ok, {healthy("m", 1, role)})}));
        EXPECT_EQ(at(document, "clusters.0.members.0.role"), "\"" + std::string(word) + "\"");
    }
    const std::pair<Verdict, const char*> verdicts[] = {{Verdict::ok, "ok"},
                                                        {Verdict::degraded, "degraded"},
                                                        {Verdict::no_leader, "no_leader"},
                                                        {Verdict::split, "split"},
                                                        {Verdict::unknown, "unknown"}};
    for (const auto& [verdict, word] : verdicts) {
        EXPECT_EQ(
            at(codec::status_document(report_of({cluster(verdict, {})})), "clusters.0.verdict"),
            "\"" + std::string(word) + "\"");
    }
}

TEST(Documents, JsonAndYamlHoldTheSame) {
    const auto report = report_of({cluster(Verdict::ok, {healthy("pg1", 1, Role::primary)})});
    const auto expected = codec::status_document(report);
    ::patctl::render::StatusStyle style;
    style.format = ::patctl::Format::json;
    EXPECT_EQ(codec::parse_json(::patctl::render::status_text(report, style)).value(), expected);
    style.format = ::patctl::Format::yaml;
    EXPECT_EQ(codec::parse_yaml(::patctl::render::status_text(report, style), "x").value().value,
              expected);
    Discovery discovery;
    discovery.members.emplace_back();
    EXPECT_EQ(codec::parse_json(::patctl::render::discovery_text(discovery, ::patctl::Format::json))
                  .value(),
              codec::discovery_document(discovery));
}

}  // namespace
}  // namespace patroni::testing
