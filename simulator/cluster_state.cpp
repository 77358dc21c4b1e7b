#include "simulator/cluster_state.hpp"

#include "simulator/time_text.hpp"

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
        case Postgres::starting:
            return "starting";
        case Postgres::stopping:
            return "stopping";
        case Postgres::restarting:
            return "restarting";
        case Postgres::start_failed:
            return "start failed";
        case Postgres::crashed:
            return "unknown";
        case Postgres::creating_replica:
            break;
    }
    return "creating replica";
}

std::string_view published_state_word(const MemberState& member) {
    return member.state == Postgres::crashed ? "running" : state_word(member.state);
}

std::string_view role_word(const ClusterState& cluster, const MemberState& member) {
    if (member.state == Postgres::creating_replica) {
        return "uninitialized";
    }
    if (member.interim == Interim::demoted && cluster.has(Feature::demoted_word)) {
        return "demoted";
    }
    if (member.interim == Interim::promoted && cluster.has(Feature::promoted_word)) {
        return "promoted";
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
    return member.running() && !member.primary && member.connected && source() != nullptr;
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

Value member_key(const ClusterState& cluster, const MemberState& member) {
    const bool running = member.state == Postgres::running;
    Value key = Value::object({{"conn_url", conn_url(cluster, member)},
                               {"api_url", "http://" + member.api.text() + "/patroni"},
                               {"state", published_state_word(member)},
                               {"role", role_word(cluster, member)}});
    if (cluster.has(Feature::member_version)) {
        key.set("version", cluster.version);
    }
    if (cluster.standby_leader(member) ||
        (member.action == "promote" && cluster.has(Feature::member_version))) {
        key.set("checkpoint_after_promote", false);  // not yet, or never
    }
    if (!member.tags.is_null()) {
        key.set("tags", member.tags);
    }
    if (!member.pending_restart.is_null()) {
        key.set("pending_restart", true);
        if (cluster.has(Feature::pending_restart_reason)) {
            key.set("pending_restart_reason", member.pending_restart);
        }
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
    if (member.scheduled_restart) {
        Value restart = member.scheduled_restart->request;
        const WallTime started = member.scheduled_restart->postmaster_started;
        restart.set("postmaster_start_time", cluster.has(Feature::python_times)
                                                 ? python_time(started)
                                                 : postgres_time(started));
        key.set("scheduled_restart", std::move(restart));
    }
    if (cluster.paused) {
        key.set("pause", true);
    }
    return key;
}

}  // namespace patroni::simulation
