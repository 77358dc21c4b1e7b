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

/// PostgreSQL of that member has been started anew.
void restart_postgres(ClusterState& cluster, MemberState& member, WallTime now);
/// PostgreSQL of that member is promoted; the old timeline ends at its position.
void begin_timeline(ClusterState& cluster, MemberState& member, WallTime now);
/// Before a leader gives up its lock it has sent everything.
void finish_wal(ClusterState& cluster, MemberState& leader);
/// The keys of a member are gone, and with them the lock.
void drop_keys(ClusterState& cluster, MemberState& member);

/// Replicas that are connected get what their lag lets them.
void stream(ClusterState& cluster);
/// The leader's loop: the position, and its synchronous standbys.
void publish_leader(ClusterState& cluster);
/// The above, and the key of each member.
void publish_all(ClusterState& cluster);
/// All that the members' next loops would do, at once.
void settle_all(ClusterState& cluster);
/// As above; in an automatic cluster only what does not wait for a loop.
void settle(ClusterState& cluster);

}  // namespace patroni::simulation
