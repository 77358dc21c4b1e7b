#include "simulator/cluster_state.hpp"

#include <algorithm>
#include <array>

namespace patroni::simulation {
namespace {

std::string conn_url(const ClusterState& cluster, const MemberState& member) {
    const std::string user =
        cluster.has(Feature::member_password) ? "replicator:rep-pass@" : std::string();
    return "postgres://" + user + member.postgres.text() + "/postgres";
}

bool is_true(const Value* tag) {
    return tag != nullptr && *tag == Value(true);
}

}  // namespace

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

std::string_view role_word(const ClusterState& cluster, const MemberState& member) {
    if (member.state == Postgres::creating_replica) {
        return "uninitialized";
    }
    if (cluster.standby_leader(member)) {
        return "standby_leader";
    }
    if (!member.primary) {
        return "replica";
    }
    return cluster.has(Feature::primary_word) ? "primary" : "master";
}

std::string_view replication_state(const ClusterState& cluster, const MemberState& member) {
    if (cluster.streaming(member)) {
        return "streaming";
    }
    return cluster.follows(member) ? "in archive recovery" : "";
}

Value effective_tags(const Value& configured) {
    if (configured.if_object() == nullptr) {
        return {};
    }
    Value tags = Value::object();
    for (const auto& [name, value] : *configured.if_object()) {
        static constexpr std::array<std::string_view, 5> standard{
            "clonefrom", "nofailover", "noloadbalance", "nosync", "nostream"};
        const bool unset = value.is_null() || value == Value(false);
        if (!unset || std::ranges::find(standard, name) == standard.end()) {
            tags.set(name, value);
        }
    }
    return tags.if_object()->empty() ? Value() : tags;
}

MemberState* ClusterState::find(std::string_view name) {
    const auto found = std::ranges::find(members, name, &MemberState::name);
    return found == members.end() ? nullptr : &*found;
}

const MemberState* ClusterState::find(std::string_view name) const {
    return const_cast<ClusterState*>(this)->find(name);
}

MemberState* ClusterState::source() {
    MemberState* holder = lock ? find(*lock) : nullptr;
    const bool leads = holder != nullptr && holder->running();
    return leads && (holder->primary || standby_of) ? holder : nullptr;
}

const MemberState* ClusterState::source() const {
    return const_cast<ClusterState*>(this)->source();
}

bool ClusterState::follows(const MemberState& member) const {
    return member.running() && !member.primary && source() != nullptr;
}

bool ClusterState::streaming(const MemberState& member) const {
    const bool archive = has(Feature::nostream) && is_true(member.tags.find("nostream"));
    return follows(member) && !archive;
}

const MemberState* ClusterState::upstream(const MemberState& member) const {
    if (!streaming(member) || standby_leader(member)) {
        return nullptr;
    }
    const Value* tag = member.tags.find("replicatefrom");
    const std::string* name = tag == nullptr ? nullptr : tag->if_string();
    const MemberState* wanted = name == nullptr ? nullptr : find(*name);
    return wanted != nullptr && wanted != &member && wanted->running() ? wanted : source();
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
    if (cluster.standby_of) {
        config.set("standby_cluster",
                   Value::object({{"host", cluster.standby_of->host},
                                  {"port", cluster.standby_of->port},
                                  {"primary_slot_name", cluster.scope},
                                  {"create_replica_methods", Value(Value::Array{"basebackup"})}}));
    }
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
                               {"state", state_word(member.state)},
                               {"role", role_word(cluster, member)}});
    if (cluster.has(Feature::member_version)) {
        key.set("version", cluster.version);
    }
    if (cluster.standby_leader(member)) {
        key.set("checkpoint_after_promote", false);  // there never is one
    }
    if (!member.tags.is_null()) {
        key.set("tags", member.tags);
    }
    if (running) {
        key.set("xlog_location",
                member.primary ? member.location : std::max(member.location, member.replayed));
        if (!member.primary && cluster.has(Feature::cluster_positions)) {
            key.set("replay_lsn", member.replayed);
            if (member.received_since_start) {
                key.set("receive_lsn", member.location);
            }
        }
        const std::string_view replication = replication_state(cluster, member);
        if (!replication.empty() && cluster.has(Feature::replication_state)) {
            key.set("replication_state", replication);
        }
        if (cluster.has(Feature::timeline)) {
            key.set("timeline", member.timeline);
        }
    }
    if (cluster.paused) {
        key.set("pause", true);
    }
    return key;
}

}  // namespace patroni::simulation
