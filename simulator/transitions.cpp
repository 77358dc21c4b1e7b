#include "simulator/transitions.hpp"

#include "simulator/time_text.hpp"

#include <algorithm>
#include <stdexcept>

namespace patroni::simulation {
namespace {

// Shutdown checkpoint, and the end-of-recovery record with its checkpoint: as in the recordings.
constexpr std::uint64_t shutdown_bytes = 112;
constexpr std::uint64_t promotion_bytes = 272;

void erase_field(Value& object, std::string_view key) {
    std::erase_if(*object.if_object(),
                  [&](const Value::Field& field) { return field.first == key; });
}

void require(bool condition, const std::string& message) {
    if (!condition) {
        throw std::logic_error("patroni::Simulator: " + message);
    }
}

}  // namespace

void drop_keys(ClusterState& cluster, MemberState& member) {
    member.has_key = false;
    if (cluster.lock == member.name) {
        cluster.lock.reset();
    }
}

void restart_postgres(ClusterState& cluster, MemberState& member, WallTime now) {
    // Never two at the same moment: before 3.2 a start time is all that tells members apart.
    member.started_at =
        std::max(now - std::chrono::seconds(1), cluster.last_start + std::chrono::milliseconds(37));
    cluster.last_start = member.started_at;
    member.replayed_at.reset();
    member.received_since_start = false;
    member.replay_paused = false;
}

void begin_timeline(ClusterState& cluster, MemberState& member, WallTime now) {
    if (!cluster.has(Feature::history_microseconds)) {
        now = std::chrono::floor<std::chrono::seconds>(now);
    }
    Value::Array row{member.timeline, member.location, "no recovery target specified",
                     iso_time(now)};
    if (cluster.has(Feature::history_promoted)) {
        row.emplace_back(member.name);
    }
    cluster.history.push_back(Value(std::move(row)));
    member.primary = true;
    ++member.timeline;
    member.location += promotion_bytes;
    member.replayed_at.reset();
    member.receive_lag = member.replay_lag = 0;
    member.replay_paused = false;
}

void finish_wal(ClusterState& cluster, MemberState& leader) {
    // A clean shutdown waits until the replicas have everything.
    leader.location += leader.primary ? shutdown_bytes : 0;
    stream(cluster);
    cluster.optime = leader.location;
}

void kill(ClusterState& cluster, MemberState& member) {
    if (member.alive) {
        member.alive = false;
        member.action.clear();
        ++member.action_count;
        settle(cluster);
    }
}

void start(ClusterState& cluster, MemberState& member, WallTime now) {
    if (member.running()) {
        return;
    }
    member.action.clear();
    ++member.action_count;
    if (member.alive && member.state == Postgres::creating_replica) {
        require(cluster.source() != nullptr, "no leader to copy '" + member.name + "' from");
        member.state = Postgres::running;
    } else if (member.alive) {
        member.state = Postgres::running;
        if (member.primary && !cluster.lock) {
            cluster.lock = member.name;  // in maintenance a primary takes the free lock back
        }
    }
    member.alive = member.has_key = true;
    member.interim = Interim::none;
    member.primary = member.primary && cluster.lock == member.name;
    member.replayed = member.location;
    restart_postgres(cluster, member, now);
    settle_all(cluster);
}

void promote(ClusterState& cluster, MemberState& member, WallTime now) {
    require(member.running() && !cluster.holds_lock(member),
            "'" + member.name + "' is no running replica");
    if (MemberState* old = cluster.source()) {
        // A clean shutdown waits until the replicas have everything.
        old->location += old->primary ? shutdown_bytes : 0;
        member.location = old->location;
        old->primary = false;
        old->replayed = old->location;
        restart_postgres(cluster, *old, now);
        cluster.failover_key = "{}";
        cluster.failover.reset();
    } else if (cluster.lock) {
        MemberState* holder = cluster.find(*cluster.lock);
        if (holder != nullptr) {
            drop_keys(cluster, *holder);
        }
    }
    cluster.lock = member.name;
    if (cluster.standby_of) {
        member.receive_lag = member.replay_lag = 0;
        member.replay_paused = false;
    } else {
        begin_timeline(cluster, member, now);
    }
    if (!cluster.has(Feature::follows_without_restart)) {
        for (MemberState& other : cluster.members) {
            if (&other != &member && other.running()) {
                restart_postgres(cluster, other, now);
            }
        }
    }
    settle_all(cluster);
}

void stop_postgres(ClusterState& cluster, MemberState& member) {
    require(cluster.paused, "outside of maintenance Patroni starts PostgreSQL again");
    require(member.running(), "PostgreSQL of '" + member.name + "' does not run");
    if (cluster.holds_lock(member)) {
        cluster.lock.reset();
    }
    member.state = Postgres::stopped;
    settle(cluster);
}

void lag(ClusterState& cluster, MemberState& member, std::uint64_t receive_bytes,
         std::uint64_t replay_bytes, WallTime now) {
    require(cluster.follows(member) && &member != cluster.source(),
            "'" + member.name + "' does not follow a leader");
    member.receive_lag = receive_bytes;
    member.replay_lag = std::max(receive_bytes, replay_bytes);
    const std::uint64_t needed =
        std::max(member.location + member.receive_lag, member.replayed + member.replay_lag);
    const std::uint64_t written = cluster.source()->location;
    if (needed > written) {
        write(cluster, needed - written, now);
    } else {
        settle(cluster);
    }
}

void pause_replay(ClusterState& cluster, MemberState& member, bool on, WallTime now) {
    require(member.running() && !member.primary, "'" + member.name + "' is no running replica");
    member.replay_paused = on;
    write(cluster, 0, now);
}

void write(ClusterState& cluster, std::uint64_t bytes, WallTime now) {
    require(cluster.source() != nullptr || bytes == 0, "no leader in '" + cluster.scope + "'");
    if (MemberState* leader = cluster.source()) {
        leader->location += bytes;  // of a standby cluster: received from the remote primary
    }
    std::vector<std::uint64_t> before;
    for (const MemberState& member : cluster.members) {
        before.push_back(member.replayed);
    }
    settle(cluster);
    for (std::size_t i = 0; i < before.size(); ++i) {
        if (cluster.members[i].replayed > before[i]) {
            cluster.members[i].replayed_at = now;
        }
    }
}

void set_sync(ClusterState& cluster, SimulatedSync mode) {
    require(cluster.has(Feature::sync_mode) || mode == SimulatedSync::off,
            "Patroni " + cluster.version + " has no synchronous mode");
    require(cluster.has(Feature::quorum_mode) || mode != SimulatedSync::quorum,
            "Patroni " + cluster.version + " has no quorum mode");
    require(!cluster.standby_of, "a standby cluster has no synchronous mode");
    if (mode == SimulatedSync::off) {
        erase_field(cluster.config, "synchronous_mode");
    } else {
        cluster.config.set("synchronous_mode",
                           mode == SimulatedSync::quorum ? Value("quorum") : Value(true));
    }
    cluster.sync = SimulatedSync::off;  // so that standbys are chosen anew
    cluster.sync_standbys.clear();
    cluster.sync_leader.clear();
    apply_config(cluster);
    settle_all(cluster);
}

void set_paused(ClusterState& cluster, bool on, WallTime now) {
    require(cluster.has(Feature::maintenance),
            "Patroni " + cluster.version + " has no maintenance mode");
    if (on) {
        cluster.config.set("pause", true);
    } else {
        erase_field(cluster.config, "pause");
    }
    apply_config(cluster);
    for (MemberState& member : cluster.members) {
        // Resumed, Patroni starts what was stopped; as in maintenance nobody else was promoted, the
        // former leader takes the lock back.
        if (!on && member.alive && member.state == Postgres::stopped) {
            start(cluster, member, now);
        }
    }
    settle_all(cluster);
}

void set_tags(ClusterState& cluster, MemberState& member, const Value& tags) {
    require(member.alive, "'" + member.name + "' does not run");
    member.tags = effective_tags(tags);
    settle_all(cluster);
}

}  // namespace patroni::simulation
