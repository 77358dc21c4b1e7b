#include "simulator/status_document.hpp"

#include "simulator/time_text.hpp"

namespace patroni::simulation {
namespace {

std::string time_text(const ClusterState& cluster, WallTime time) {
    return cluster.has(Feature::python_times) ? python_time(time) : postgres_time(time);
}

Value xlog(const ClusterState& cluster, const MemberState& member) {
    if (member.primary) {
        return Value::object({{"location", member.location}});
    }
    Value received = member.location;
    if (!member.received_since_start) {
        received =
            cluster.has(Feature::replay_stands_for_receive) ? Value(member.replayed) : Value();
    }
    Value replayed_at;
    if (member.replayed_at) {
        replayed_at = time_text(cluster, *member.replayed_at);
    }
    return Value::object({{"received_location", received},
                          {"replayed_location", member.replayed},
                          {"replayed_timestamp", replayed_at},
                          {"paused", member.replay_paused}});
}

/// The member's WAL senders: one for each standby that streams from it.
Value replication(const ClusterState& cluster, const MemberState& member) {
    Value senders = Value::array();
    for (const MemberState& standby : cluster.members) {
        if (cluster.upstream(standby) != &member) {
            continue;
        }
        const bool sync = cluster.in_sync_set(standby);
        const char* word = cluster.sync == SimulatedSync::quorum ? "quorum" : "sync";
        senders.push_back(Value::object({{"usename", "replicator"},
                                         {"application_name", standby.name},
                                         {"client_addr", "127.0.0.1"},
                                         {"state", "streaming"},
                                         {"sync_state", sync ? word : "async"},
                                         {"sync_priority", sync ? 1 : 0}}));
    }
    return senders;
}

/// The part that a query to PostgreSQL gives.
void add_sql_part(Value& document, const ClusterState& cluster, const MemberState& member) {
    const bool standby_of_cluster = cluster.standby_of.has_value() && !member.primary;
    document.set("postmaster_start_time", time_text(cluster, member.started_at));
    document.set("role", standby_of_cluster || member.primary ? role_word(cluster, member)
                                                              : std::string_view("replica"));
    document.set("server_version", cluster.server_version());
    if (cluster.has(Feature::cluster_unlocked_flag)) {
        document.set("cluster_unlocked", !cluster.lock.has_value());
    }
    document.set("xlog", xlog(cluster, member));
    if (!member.primary && cluster.in_sync_set(member) &&
        cluster.has(Feature::sync_standby_field)) {
        document.set(cluster.sync == SimulatedSync::quorum ? "quorum_standby" : "sync_standby",
                     true);
    }
    if (cluster.has(Feature::timeline)) {
        document.set("timeline", member.timeline);
    }
    const std::string_view state = replication_state(cluster, member);
    if (!state.empty() && cluster.has(Feature::replication_state)) {
        document.set("replication_state", state);
    }
    if (cluster.has(Feature::replication)) {
        Value senders = replication(cluster, member);
        if (!senders.if_array()->empty()) {
            document.set("replication", std::move(senders));
        }
    }
}

}  // namespace

Value status_document(const ClusterState& cluster, const MemberState& member, WallTime now) {
    Value document = Value::object({{"state", state_word(member.state)}});
    if (member.state == Postgres::running) {
        add_sql_part(document, cluster, member);
    } else if (cluster.has(Feature::role_while_down)) {
        document.set("role", role_word(cluster, member));
    }
    const bool pause_first = cluster.has(Feature::pause_before_last_seen);
    if (cluster.paused && pause_first) {
        document.set("pause", true);
    }
    const bool unlocked = !member.has_view || (!cluster.lock && member.reaches_store);
    if (unlocked && cluster.has(Feature::cluster_unlocked_when_true)) {
        document.set("cluster_unlocked", true);
    }
    if (cluster.failsafe_active(member)) {
        document.set("failsafe_mode_is_active", true);
    }
    if (cluster.has(Feature::dcs_last_seen)) {
        document.set("dcs_last_seen", epoch_seconds(member.reaches_store ? now : member.seen));
    }
    if (!member.tags.is_null()) {
        document.set("tags", member.tags);
    }
    if (member.state != Postgres::creating_replica) {
        document.set("database_system_identifier", cluster.system_identifier);
    }
    if (!member.pending_restart.is_null()) {
        document.set("pending_restart", true);
        if (cluster.has(Feature::pending_restart_reason)) {
            document.set("pending_restart_reason", member.pending_restart);
        }
    }
    Value patroni = Value::object({{"version", cluster.version}, {"scope", cluster.scope}});
    if (cluster.has(Feature::name)) {
        patroni.set("name", member.name);
    }
    document.set("patroni", std::move(patroni));
    if (member.scheduled_restart) {
        document.set("scheduled_restart", member.scheduled_restart->request);
    }
    if (cluster.paused && !pause_first) {
        document.set("pause", true);
    }
    return document;
}

}  // namespace patroni::simulation
