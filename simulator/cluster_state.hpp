#pragma once

#include "simulator/version_features.hpp"

#include <patroni/simulator.hpp>
#include <patroni/timestamp.hpp>
#include <patroni/value.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::simulation {

enum class Postgres { running, stopped, creating_replica };

/// One member: its Patroni, and the PostgreSQL under it.
struct MemberState {
    std::string name;
    Value tags;
    HostPort api;
    HostPort postgres;

    bool alive = true;  ///< The processes exist.
    /// Simulated time since the death; the keys go when it reaches the ttl.
    std::chrono::seconds dead_for{0};
    bool has_key = true;  ///< Its member key is in the store.

    Postgres state = Postgres::running;
    bool primary = false;  ///< PostgreSQL is (or was, while stopped) no standby.
    std::int64_t timeline = 1;
    std::uint64_t location = 0;  ///< Primary: written; standby: received.
    std::uint64_t replayed = 0;
    bool received_since_start = false;
    bool replay_paused = false;
    std::uint64_t receive_lag = 0;
    std::uint64_t replay_lag = 0;
    std::optional<WallTime> replayed_at;
    WallTime started_at{};

    Value published;  ///< The JSON of its member key.

    bool running() const { return alive && state == Postgres::running; }
};

/// A cluster as it is, without any network: everything the answers are made from.
struct ClusterState {
    std::string scope;
    std::string name_space;
    std::string version;  ///< As the members report it.
    Version number;
    SimulatedStore store = SimulatedStore::etcd3;
    std::chrono::seconds ttl{30};
    std::string system_identifier;
    std::vector<MemberState> members;  ///< Sorted by name.
    std::optional<std::string> lock;   ///< Who holds the leader lock.
    Value history = Value::array();
    std::uint64_t optime = 0;  ///< The position that the leader published.
    bool paused = false;
    /// Where a standby cluster replicates from; its leader is a standby.
    std::optional<HostPort> standby_of;
    SimulatedSync sync = SimulatedSync::off;
    std::vector<std::string> sync_standbys;
    std::string sync_leader;
    WallTime last_start{};      ///< Of any PostgreSQL of the cluster.
    bool failover_key = false;  ///< The key exists (idle) after the first switchover.

    /// PostgreSQL 9.6 with 0.90, else 15: as in the recordings.
    int server_version() const { return has(Feature::config_key) ? 150020 : 90624; }
    bool has(Feature feature) const { return simulation::has(number, feature); }
    MemberState* find(std::string_view name);
    const MemberState* find(std::string_view name) const;
    /// The running PostgreSQL that the others replicate from: the primary, or the standby leader.
    const MemberState* source() const;
    MemberState* source();
    /// Whether the member is a standby that gets WAL, streamed or (tag `nostream`) from an archive.
    bool follows(const MemberState& member) const;
    bool streaming(const MemberState& member) const;
    /// Which member it streams from; nullptr for none, or a server outside of the cluster.
    const MemberState* upstream(const MemberState& member) const;
    bool holds_lock(const MemberState& member) const { return member.alive && lock == member.name; }
    /// Whether it is the leader of a standby cluster.
    bool standby_leader(const MemberState& member) const {
        return standby_of && !member.primary && holds_lock(member);
    }
    bool in_sync_set(const MemberState& member) const;
    /// The prefix of its keys, such as "/service/batman/".
    std::string prefix() const { return "/" + name_space + "/" + scope + "/"; }
};

/// Patroni's word for the state.
std::string_view state_word(Postgres state);
/// The member's role as its Patroni knows it: in the member key, and while PostgreSQL is down.
std::string_view role_word(const ClusterState& cluster, const MemberState& member);
/// What `replication_state` says of a standby: "streaming", "in archive recovery" or nothing.
std::string_view replication_state(const ClusterState& cluster, const MemberState& member);

/// The tags as Patroni has them: without the standard ones that are not set.
Value effective_tags(const Value& configured);

/// The dynamic configuration as it is in the `config` key (not for 0.90).
Value dynamic_config(const ClusterState& cluster);

/// The JSON of the member's key.
Value member_key(const ClusterState& cluster, const MemberState& member);

}  // namespace patroni::simulation
