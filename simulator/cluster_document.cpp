#include "simulator/status_document.hpp"

#include <patroni/lsn.hpp>

#include <algorithm>
#include <string>

namespace patroni::simulation {
namespace {

/// Lag before position when it is known, position before lag when it is not: as Patroni prints it.
/// The older versions print the lag only, and take 0 for a position too.
void add_position(Value& row, const std::string& lag_key, const std::string& lsn_key,
                  const Value* published, const ClusterState& cluster) {
    const bool with_position = cluster.has(Feature::cluster_positions);
    const std::int64_t* bytes = published != nullptr ? published->if_int() : nullptr;
    if (bytes == nullptr || (*bytes == 0 && with_position)) {
        if (with_position) {
            row.set(lsn_key, "unknown");
        }
        row.set(lag_key, "unknown");
        return;
    }
    const Lsn position{static_cast<std::uint64_t>(*bytes)};
    row.set(lag_key, lag_bytes(Lsn{cluster.optime}, position));
    if (with_position) {
        row.set(lsn_key, position.text());
    }
}

std::string_view role_in_cluster(const ClusterState& cluster, const MemberState& member) {
    if (cluster.lock == member.name) {
        return cluster.standby_of ? "standby_leader" : "leader";
    }
    if (cluster.in_sync_set(member)) {
        return cluster.sync == SimulatedSync::quorum ? "quorum_standby" : "sync_standby";
    }
    return "replica";
}

Value member_row(const ClusterState& cluster, const MemberState& member) {
    const Value& key = member.published;
    const std::string_view role = role_in_cluster(cluster, member);
    const Value* state = role == "leader" ? nullptr : key.find("replication_state");
    Value row = Value::object({{"name", member.name},
                               {"role", role},
                               {"state", state != nullptr ? *state : *key.find("state")},
                               {"api_url", *key.find("api_url")},
                               {"host", member.postgres.host},
                               {"port", member.postgres.port}});
    for (const char* copied :
         {"timeline", "pending_restart", "pending_restart_reason", "scheduled_restart", "tags"}) {
        if (const Value* value = key.find(copied)) {
            row.set(copied, *value);
        }
    }
    if (cluster.lock != member.name) {
        if (cluster.has(Feature::cluster_positions)) {
            add_position(row, "receive_lag", "receive_lsn", key.find("receive_lsn"), cluster);
            add_position(row, "replay_lag", "replay_lsn", key.find("replay_lsn"), cluster);
        }
        add_position(row, "lag", "lsn", key.find("xlog_location"), cluster);
    }
    return row;
}

}  // namespace

Value cluster_document(const ClusterState& cluster) {
    Value members = Value::array();
    for (const MemberState& member : cluster.members) {
        if (member.has_key) {
            members.push_back(member_row(cluster, member));
        }
    }
    Value document = Value::object({{"members", std::move(members)}});
    if (cluster.paused) {
        document.set("pause", true);
    }
    if (cluster.failover && cluster.failover->at) {
        Value planned = Value::object({{"at", cluster.failover->at_text}});
        if (!cluster.failover->leader.empty()) {
            planned.set("from", cluster.failover->leader);
        }
        if (!cluster.failover->candidate.empty()) {
            planned.set("to", cluster.failover->candidate);
        }
        document.set("scheduled_switchover", std::move(planned));
    }
    if (cluster.has(Feature::cluster_scope)) {
        document.set("scope", cluster.scope);
    }
    return document;
}

}  // namespace patroni::simulation
