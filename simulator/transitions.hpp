#pragma once

#include "simulator/cluster_state.hpp"

#include <chrono>

namespace patroni::simulation {

/// A new, healthy cluster; ports are filled in by the caller. Throws std::invalid_argument.
ClusterState make_cluster(const SimulatedCluster& options, WallTime now);
/// Adds a member that is being created.
MemberState& add_member(ClusterState& cluster, const SimulatedMember& member, WallTime now);

// What Simulator's functions of the same names do. Each leaves the cluster settled.
void kill(ClusterState& cluster, MemberState& member);
void start(ClusterState& cluster, MemberState& member, WallTime now);
void promote(ClusterState& cluster, MemberState& member, WallTime now);
void stop_postgres(ClusterState& cluster, MemberState& member);
void lag(ClusterState& cluster, MemberState& member, std::uint64_t receive_bytes,
         std::uint64_t replay_bytes, WallTime now);
void pause_replay(ClusterState& cluster, MemberState& member, bool on, WallTime now);
void write(ClusterState& cluster, std::uint64_t bytes, WallTime now);
void set_sync(ClusterState& cluster, SimulatedSync mode);
void set_tags(ClusterState& cluster, MemberState& member, const Value& tags);
void set_paused(ClusterState& cluster, bool on, WallTime now);
void advance(ClusterState& cluster, std::chrono::seconds time);

/// What the members' next loops would do: replicas follow, keys are written, the primary picks its
/// synchronous standbys.
void settle(ClusterState& cluster);

}  // namespace patroni::simulation
