#pragma once

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

/// The versions differ in more than their text: what a member says, and what it publishes.
enum class Era { v0_90, v4_1 };

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
    std::string version;
    Era era = Era::v4_1;
    SimulatedStore store = SimulatedStore::etcd3;
    std::chrono::seconds ttl{30};
    std::string system_identifier;
    std::vector<MemberState> members;  ///< Sorted by name.
    std::optional<std::string> lock;   ///< Who holds the leader lock.
    Value history = Value::array();
    std::uint64_t optime = 0;  ///< The position that the leader published.
    bool paused = false;
    SimulatedSync sync = SimulatedSync::off;
    std::vector<std::string> sync_standbys;
    std::string sync_leader;
    WallTime last_start{};      ///< Of any PostgreSQL of the cluster.
    bool failover_key = false;  ///< The key exists (idle) after the first switchover.

    MemberState* find(std::string_view name);
    const MemberState* find(std::string_view name) const;
    /// The running PostgreSQL that holds the lock and is no standby; nullptr when there is none.
    const MemberState* primary() const;
    MemberState* primary();
    /// Whether the member is a standby with a WAL receiver.
    bool streaming(const MemberState& member) const;
    bool holds_lock(const MemberState& member) const { return member.alive && lock == member.name; }
    bool in_sync_set(const MemberState& member) const;
    /// The prefix of its keys, such as "/service/batman/".
    std::string prefix() const { return "/" + name_space + "/" + scope + "/"; }
};

/// The dynamic configuration as it is in the `config` key (not for 0.90).
Value dynamic_config(const ClusterState& cluster);

/// The JSON of the member's key.
Value member_key(const ClusterState& cluster, const MemberState& member);

}  // namespace patroni::simulation
