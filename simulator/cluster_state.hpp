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

enum class Postgres {
    running,
    stopped,
    creating_replica,
    starting,
    stopping,
    restarting,
    crashed,  ///< And its Patroni has not seen it yet.
    start_failed,
};

/// Roles that a Patroni gives itself between two others.
enum class Interim { none, promoted, demoted };

/// Time since the start of the simulation.
using SimulatedMoment = std::chrono::microseconds;

/// A restart for later, as it was asked for.
struct ScheduledRestart {
    Value request;  ///< Its filters, and `schedule` as Patroni prints it.
    WallTime at{};
    WallTime postmaster_started{};
};

/// What the `failover` key asks for.
struct FailoverRequest {
    std::string leader;
    std::string candidate;
    std::optional<WallTime> at;
    std::string at_text;
};

/// One member: its Patroni, and the PostgreSQL under it.
struct MemberState {
    std::string name;
    Value tags;
    HostPort api;
    HostPort postgres;

    bool alive = true;            ///< The processes exist.
    bool cut_off = false;         ///< From the store, by itself.
    bool reaches_store = true;    ///< Not cut off, and the store decides.
    bool has_key = true;          ///< Its member key is in the store.
    bool hangs = false;           ///< Its HA loop does not run.
    SimulatedMoment next_run{0};  ///< When it should run again.
    /// When its keys were renewed the last time; they go when the ttl has passed since.
    SimulatedMoment renewed{0};
    WallTime seen{};  ///< When it reached the store the last time.

    std::string action = {};    ///< What Patroni is busy with ("restart"); empty: nothing.
    unsigned action_count = 0;  ///< Tells a step of an action that has been cancelled.
    Interim interim = Interim::none;
    /// Whether it knows the cluster: what it read last counts until a loop has failed.
    bool has_view = true;
    bool leads_alone = false;  ///< Cut off from the store it goes on as the leader.
    bool answers = true;       ///< Its REST API can be asked by the others.
    /// Failsafe mode is active until then.
    std::optional<SimulatedMoment> failsafe_until;
    Value pending_restart;  ///< `pending_restart_reason`, or null.
    std::optional<ScheduledRestart> scheduled_restart;
    bool start_fails = false;

    Postgres state = Postgres::running;
    bool primary = false;  ///< PostgreSQL is (or was, while stopped) no standby.
    std::int64_t timeline = 1;
    std::uint64_t location = 0;  ///< Primary: written; standby: received.
    std::uint64_t replayed = 0;
    bool connected = true;  ///< A standby: it gets WAL when there is a source.
    bool received_since_start = false;
    bool replay_paused = false;
    std::uint64_t receive_lag = 0;
    std::uint64_t replay_lag = 0;
    std::int64_t lag_rate = 0;  ///< Bytes in a second.
    unsigned lag_rate_count = 0;
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
    SimulatedTimings timings;
    std::string authorization;  ///< The header that unsafe requests need; empty: none.
    /// Whether members lead, follow and publish by themselves, loop by loop; else they publish at
    /// once, and nobody takes a free leader lock unless it was asked for.
    bool automatic = false;
    bool store_decides = true;  ///< It has a quorum.
    SimulatedMoment time{0};

    Value config = Value::object();  ///< The dynamic configuration.
    /// How many compared writes will find that somebody was faster.
    unsigned conflicts = 0;
    bool has_config = true;  ///< Its key is in the store.
    // What it says; see `apply_config`.
    std::chrono::seconds ttl{30};
    std::chrono::seconds loop_wait{10};
    std::chrono::seconds retry_timeout{10};
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
    WallTime last_start{};  ///< Of any PostgreSQL of the cluster.
    /// The `failover` key; it stays as "{}" after the first switchover. What it asks for is beside.
    std::optional<std::string> failover_key;
    std::optional<FailoverRequest> failover;
    Value failsafe;  ///< The `failsafe` key, or null.

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
    /// Whether it is the leader by its own belief.
    bool holds_lock(const MemberState& member) const {
        return member.alive && (member.reaches_store ? lock == member.name : member.leads_alone);
    }
    bool failsafe_active(const MemberState& member) const {
        return member.failsafe_until && *member.failsafe_until > time;
    }
    /// Whether a write that compares what is there finds that somebody was faster.
    bool loses_race() {
        const bool loses = conflicts > 0;
        conflicts -= loses ? 1U : 0U;
        return loses;
    }
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

/// Patroni's word in a member key; in an answer a crash that was not seen yet is "unknown".
std::string_view published_state_word(const MemberState& member);

/// The dynamic configuration that a cluster starts with.
Value first_config(const ClusterState& cluster);
/// Takes over what the dynamic configuration says; values of a wrong type change nothing.
void apply_config(ClusterState& cluster);
/// The configuration is this from now on; members that must restart for it know it.
void set_config(ClusterState& cluster, Value config);
std::int64_t config_integer(const ClusterState& cluster, std::string_view key,
                            std::int64_t otherwise);
bool config_flag(const ClusterState& cluster, std::string_view key);

/// The JSON of the member's key.
Value member_key(const ClusterState& cluster, const MemberState& member);

}  // namespace patroni::simulation
