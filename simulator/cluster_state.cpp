#include "simulator/cluster_state.hpp"

#include <algorithm>

namespace patroni::simulation {
namespace {

std::string conn_url(const ClusterState& cluster, const MemberState& member) {
    // 0.90 published the replication user with its password.
    const std::string user = cluster.era == Era::v0_90 ? "replicator:rep-pass@" : "";
    return "postgres://" + user + member.postgres.text() + "/postgres";
}

std::string_view role_word(const ClusterState& cluster, const MemberState& member) {
    if (member.state == Postgres::creating_replica) {
        return "uninitialized";
    }
    if (!member.primary) {
        return "replica";
    }
    return cluster.era == Era::v0_90 ? "master" : "primary";
}

}  // namespace

MemberState* ClusterState::find(std::string_view name) {
    const auto found = std::ranges::find(members, name, &MemberState::name);
    return found == members.end() ? nullptr : &*found;
}

const MemberState* ClusterState::find(std::string_view name) const {
    return const_cast<ClusterState*>(this)->find(name);
}

MemberState* ClusterState::primary() {
    MemberState* holder = lock ? find(*lock) : nullptr;
    return holder != nullptr && holder->running() && holder->primary ? holder : nullptr;
}

const MemberState* ClusterState::primary() const {
    return const_cast<ClusterState*>(this)->primary();
}

bool ClusterState::streaming(const MemberState& member) const {
    return member.running() && !member.primary && primary() != nullptr;
}

bool ClusterState::in_sync_set(const MemberState& member) const {
    return sync != SimulatedSync::off &&
           std::ranges::find(sync_standbys, member.name) != sync_standbys.end();
}

Value dynamic_config(const ClusterState& cluster) {
    Value config = Value::object(
        {{"ttl", static_cast<std::int64_t>(cluster.ttl.count())},
         {"loop_wait", 10},
         {"retry_timeout", 10},
         {"maximum_lag_on_failover", 1048576},
         {"postgresql",
          Value::object({{"use_pg_rewind", true},
                         {"use_slots", true},
                         {"parameters", Value::object({{"max_connections", 100},
                                                       {"max_wal_senders", 10},
                                                       {"max_replication_slots", 10},
                                                       {"wal_level", "replica"}})}})}});
    if (cluster.sync != SimulatedSync::off) {
        config.set("synchronous_mode",
                   cluster.sync == SimulatedSync::quorum ? Value("quorum") : Value(true));
    }
    if (cluster.paused) {
        config.set("pause", true);
    }
    return config;
}

Value member_key(const ClusterState& cluster, const MemberState& member) {
    const bool running = member.state == Postgres::running;
    Value key = Value::object({{"conn_url", conn_url(cluster, member)},
                               {"api_url", "http://" + member.api.text() + "/patroni"},
                               {"state", running ? "running" : "stopped"},
                               {"role", role_word(cluster, member)}});
    if (cluster.era == Era::v4_1) {
        key.set("version", cluster.version);
    }
    if (member.tags.if_object() && !member.tags.if_object()->empty()) {
        key.set("tags", member.tags);
    }
    if (running) {
        key.set("xlog_location",
                member.primary ? member.location : std::max(member.location, member.replayed));
        if (cluster.era == Era::v4_1) {
            if (!member.primary) {
                key.set("replay_lsn", member.replayed);
                key.set("receive_lsn", member.location);
            }
            if (cluster.streaming(member)) {
                key.set("replication_state", "streaming");
            }
            key.set("timeline", member.timeline);
        }
    }
    if (cluster.paused) {
        key.set("pause", true);
    }
    return key;
}

}  // namespace patroni::simulation
