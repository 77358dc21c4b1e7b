#include "simulator/status_document.hpp"

#include "simulator/time_text.hpp"

namespace patroni::simulation {
namespace {

std::string_view state_word(Postgres state) {
    switch (state) {
        case Postgres::running:
            return "running";
        case Postgres::stopped:
            return "stopped";
        case Postgres::creating_replica:
            break;
    }
    return "creating replica";
}

Value xlog(const ClusterState& cluster, const MemberState& member) {
    const bool old = cluster.era == Era::v0_90;
    if (member.primary) {
        return Value::object({{"location", member.location}});
    }
    Value received = member.location;
    if (!member.received_since_start) {
        // Newer versions fall back to the replayed position.
        received = old ? Value() : Value(member.replayed);
    }
    Value replayed_at;
    if (member.replayed_at) {
        replayed_at = old ? postgres_time(*member.replayed_at) : python_time(*member.replayed_at);
    }
    return Value::object({{"received_location", received},
                          {"replayed_location", member.replayed},
                          {"replayed_timestamp", replayed_at},
                          {"paused", member.replay_paused}});
}

/// The primary's WAL senders: one for each standby.
Value replication(const ClusterState& cluster) {
    Value senders = Value::array();
    for (const MemberState& standby : cluster.members) {
        if (!cluster.streaming(standby)) {
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

void add_sql_part(Value& document, const ClusterState& cluster, const MemberState& member) {
    const bool old = cluster.era == Era::v0_90;
    const char* leader_word = old ? "master" : "primary";
    document.set("postmaster_start_time",
                 old ? postgres_time(member.started_at) : python_time(member.started_at));
    document.set("role", member.primary ? leader_word : "replica");
    document.set("server_version", old ? 90624 : 150020);
    document.set("xlog", xlog(cluster, member));
    if (old) {
        return;
    }
    if (!member.primary && cluster.in_sync_set(member)) {
        document.set(cluster.sync == SimulatedSync::quorum ? "quorum_standby" : "sync_standby",
                     true);
    }
    document.set("timeline", member.timeline);
    if (cluster.streaming(member)) {
        document.set("replication_state", "streaming");
    }
    if (&member == cluster.primary()) {
        Value senders = replication(cluster);
        if (!senders.if_array()->empty()) {
            document.set("replication", std::move(senders));
        }
    }
}

}  // namespace

Value status_document(const ClusterState& cluster, const MemberState& member, WallTime now) {
    const bool old = cluster.era == Era::v0_90;
    Value document = Value::object({{"state", state_word(member.state)}});
    if (member.state == Postgres::running) {
        add_sql_part(document, cluster, member);
    } else if (!old) {
        document.set("role", member.state == Postgres::creating_replica ? "uninitialized"
                             : member.primary                           ? "primary"
                                                                        : "replica");
    }
    if (!old) {
        if (cluster.paused) {
            document.set("pause", true);
        }
        if (!cluster.lock) {
            document.set("cluster_unlocked", true);
        }
        document.set("dcs_last_seen", epoch_seconds(now));
    }
    if (member.tags.if_object() && !member.tags.if_object()->empty()) {
        document.set("tags", member.tags);
    }
    if (member.state != Postgres::creating_replica) {
        document.set("database_system_identifier", cluster.system_identifier);
    }
    Value patroni = Value::object({{"version", cluster.version}, {"scope", cluster.scope}});
    if (!old) {
        patroni.set("name", member.name);
    }
    document.set("patroni", std::move(patroni));
    return document;
}

}  // namespace patroni::simulation
