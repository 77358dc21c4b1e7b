// What takes a PostgreSQL some time.
#include "simulator/ha_loop.hpp"
#include "simulator/transitions.hpp"

#include <memory>
#include <utility>

namespace patroni::simulation {

std::string HaLoop::busy(const MemberState& member) const {
    return member.action.empty() ? std::string() : member.action + " already in progress";
}

void HaLoop::step(MemberState& member, SimulatedMoment delay,
                  std::function<void(MemberState&)> next) {
    clock_.after(delay,
                 [this, name = member.name, number = member.action_count, next = std::move(next)] {
                     MemberState* found = cluster_.find(name);
                     if (found != nullptr && found->alive && found->action_count == number) {
                         cluster_.time = clock_.time();
                         next(*found);
                         changed(*found);
                     }
                 });
}

void HaLoop::begin(MemberState& member, std::string action) {
    member.action = std::move(action);
    ++member.action_count;
}

void HaLoop::start_postgres(MemberState& member, std::function<void(MemberState&)> then) {
    member.state = Postgres::starting;
    member.connected = member.primary;
    step(member, cluster_.timings.start, [this, then = std::move(then)](MemberState& started) {
        started.action.clear();
        if (started.start_fails) {
            started.state = Postgres::start_failed;
            return;
        }
        started.state = Postgres::running;
        started.interim = Interim::none;
        started.pending_restart = {};
        started.replayed = started.location;
        restart_postgres(cluster_, started, clock_.wall());
        then(started);
    });
}

void HaLoop::connect(MemberState& member) {
    member.connected = false;
    step(member, cluster_.timings.connect, [this](MemberState& standby) {
        const bool possible = cluster_.source() != nullptr && !standby.primary;
        standby.connected = standby.primary || possible;
    });
}

void HaLoop::restart(MemberState& member, std::chrono::milliseconds timeout, Done done) {
    begin(member, "restart");
    member.state = Postgres::restarting;
    const auto once = std::make_shared<Done>(std::move(done));
    const auto finish = [once](bool good, const std::string& text) {
        if (const Done call = std::exchange(*once, nullptr)) {
            call(good, text);
        }
    };
    step(member, cluster_.timings.stop, [this, timeout, finish](MemberState& stopped) {
        if (timeout < cluster_.timings.start) {
            step(stopped, timeout,
                 [finish](MemberState&) { finish(false, "postgres is still starting"); });
        }
        start_postgres(stopped, [this](MemberState& started) {
            if (!started.primary) {
                connect(started);
            }
        });
        // After the step that ends the start: it was asked for at the same moment, but earlier.
        step(stopped, cluster_.timings.start, [this, finish](MemberState& started) {
            const bool good = started.state == Postgres::running;
            finish(good, good ? "restarted successfully" : "restart failed");
            wake(started);
        });
    });
    changed(member);
}

void HaLoop::reinitialize(MemberState& member) {
    begin(member, "reinitialize");
    member.state = Postgres::stopping;
    step(member, cluster_.timings.stop, [this](MemberState& stopped) {
        stopped.state = Postgres::creating_replica;
        step(stopped, cluster_.timings.copy, [this](MemberState& copied) {
            if (const MemberState* leader = cluster_.source()) {
                copied.location = leader->location;
                copied.timeline = leader->timeline;
            }
            start_postgres(copied, [this](MemberState& started) { connect(started); });
        });
    });
    changed(member);
}

void HaLoop::crash(MemberState& member) {
    member.state = Postgres::crashed;
    member.action.clear();
    ++member.action_count;
    changed(member);
}

void HaLoop::boot(MemberState& member) {
    member.alive = true;
    member.cut_off = false;
    member.reaches_store = cluster_.store_decides;
    member.has_view = true;
    member.leads_alone = false;
    member.scheduled_restart.reset();
    if (member.state != Postgres::creating_replica) {
        member.state = Postgres::stopped;
        member.primary = member.primary && cluster_.lock == member.name;
    }
    wake(member);
}

void HaLoop::promote(MemberState& member) {
    begin(member, "promote");
    if (cluster_.sync != SimulatedSync::off) {
        // The others must not count as synchronous before the new primary has seen them.
        cluster_.sync_leader = member.name;
        std::erase(cluster_.sync_standbys, member.name);
        if (cluster_.sync == SimulatedSync::sync) {
            cluster_.sync_standbys.clear();
        }
    }
    step(member, cluster_.timings.promotion / 2,
         [](MemberState& promoted) { promoted.interim = Interim::promoted; });
    step(member, cluster_.timings.promotion, [this](MemberState& primary) {
        primary.action.clear();
        primary.interim = Interim::none;
        primary.connected = true;
        begin_timeline(cluster_, primary, clock_.wall());
        for (MemberState& other : cluster_.members) {
            if (&other != &primary && other.running() && !other.primary) {
                if (!cluster_.has(Feature::follows_without_restart)) {
                    restart_postgres(cluster_, other, clock_.wall());
                }
                other.connected = false;
            }
        }
        wake_all();
    });
}

void HaLoop::demote(MemberState& member) {
    const bool named = cluster_.has(Feature::switchover_rules);
    const bool switchover = cluster_.failover && !cluster_.failover->leader.empty();
    begin(member, named && switchover ? "switchover: demote" : "manual failover: demote");
    member.state = Postgres::stopping;
    step(member, cluster_.timings.stop, [this](MemberState& stopped) {
        finish_wal(cluster_, stopped);
        stopped.state = Postgres::stopped;
        stopped.interim = Interim::demoted;
        stopped.primary = stopped.connected = false;
        stopped.action.clear();
        cluster_.lock.reset();
        changed(stopped);
        wake_all();
        // It gives the others time to take the lock.
        schedule(stopped.name, std::chrono::seconds(2));
    });
    changed(member);
}

}  // namespace patroni::simulation
