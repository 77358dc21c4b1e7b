#include "simulator/ha_loop.hpp"

#include "simulator/failover_request.hpp"
#include "simulator/restart_filter.hpp"
#include "simulator/transitions.hpp"

#include <utility>

namespace patroni::simulation {

using std::chrono::milliseconds;

HaLoop::HaLoop(ClusterState& cluster, Clock& clock, Store store)
    : cluster_(cluster), clock_(clock), store_(std::move(store)) {}

void HaLoop::wake(const MemberState& member) {
    schedule(member.name, SimulatedMoment{0});
}

void HaLoop::wake_all() {
    // Never two at the same moment: who comes first is always the same.
    milliseconds delay{0};
    for (const MemberState& member : cluster_.members) {
        if (member.alive) {
            schedule(member.name, delay += milliseconds(20));
        }
    }
}

void HaLoop::changed(MemberState& member) {
    stream(cluster_);
    if (!cluster_.automatic) {
        publish_all(cluster_);
    } else if (member.alive && member.reaches_store) {
        if (cluster_.lock == member.name) {
            publish_leader(cluster_);
        }
        member.published = member_key(cluster_, member);
    }
    store_.write();
}

void HaLoop::refresh() {
    cluster_.time = clock_.time();
    const auto lock = cluster_.lock;
    if (store_.read() && cluster_.lock != lock) {
        wake_all();
    }
}

void HaLoop::hear(const std::vector<EtcdChange>& changes) {
    const std::string leader = cluster_.prefix() + "leader";
    const std::string config = cluster_.prefix() + "config";
    for (const EtcdChange& change : changes) {
        if (change.key == leader || (change.directory && leader.starts_with(change.key + "/"))) {
            refresh();
        } else if (change.key == config && cluster_.store == SimulatedStore::etcd3) {
            refresh();
            wake_all();
        }
    }
}

void HaLoop::schedule(const std::string& name, SimulatedMoment delay) {
    MemberState* due = cluster_.find(name);
    if (due == nullptr || due->hangs) {
        return;
    }
    due->next_run = clock_.time() + delay;
    const unsigned number = ++loops_[name];
    clock_.after(delay, [this, name, number] {
        MemberState* member = cluster_.find(name);
        if (member != nullptr && member->alive && !member->hangs && loops_[name] == number) {
            schedule(name, cluster_.loop_wait);
            loop(*member);
        }
    });
}

void HaLoop::expire_later(const MemberState& member) {
    clock_.at(member.renewed + cluster_.ttl, [this, name = member.name] {
        MemberState* expired = cluster_.find(name);
        cluster_.time = clock_.time();
        if (expired == nullptr || !expired->has_key || !cluster_.store_decides ||
            cluster_.time < expired->renewed + cluster_.ttl) {
            return;
        }
        const bool led = cluster_.lock == name;
        drop_keys(cluster_, *expired);
        store_.write();
        if (led) {
            wake_all();
        }
    });
}

void HaLoop::hang(MemberState& member, bool on) {
    member.hangs = on;
    on ? stop_renewing(member) : wake(member);
}

void HaLoop::stop_renewing(MemberState& member) {
    if (!cluster_.automatic) {
        member.renewed = cluster_.time;
    }
    expire_later(member);
}

void HaLoop::loop(MemberState& member) {
    refresh();
    if (!member.reaches_store) {
        without_store(member);
        return;
    }
    member.renewed = cluster_.time;
    member.seen = clock_.wall();
    member.has_key = member.has_view = true;
    expire_later(member);
    cycle(member);
    changed(member);
}

void HaLoop::cycle(MemberState& member) {
    if (!member.action.empty()) {
        return;  // the lock is renewed meanwhile
    }
    if (member.state != Postgres::running) {
        recover(member);
        return;
    }
    if (!cluster_.lock) {
        without_leader(member);
    } else if (cluster_.lock == member.name) {
        lead(member);
    } else {
        follow(member);
    }
    if (member.action.empty()) {
        run_scheduled_restart(member);
    }
}

void HaLoop::recover(MemberState& member) {
    if (member.state == Postgres::creating_replica) {
        if (cluster_.automatic && cluster_.source() != nullptr) {
            begin(member, "bootstrap from leader '" + *cluster_.lock + "'");
            step(member, cluster_.timings.copy, [this](MemberState& copy) {
                start_postgres(copy, [this](MemberState& started) { connect(started); });
            });
        }
        return;
    }
    if (cluster_.paused) {
        if (member.state == Postgres::crashed) {
            member.state = Postgres::stopped;
        }
        if (cluster_.lock == member.name) {
            release(member);
        }
        return;
    }
    // Who does not hold the lock starts as a standby, whatever it was.
    member.primary = member.primary && cluster_.lock == member.name;
    member.interim = Interim::none;
    begin(member, "restarting after failure");
    start_postgres(member, [this](MemberState& started) {
        if (!started.primary) {
            connect(started);
        }
        wake(started);
    });
}

void HaLoop::lead(MemberState& member) {
    if (cluster_.paused && !member.primary && !cluster_.standby_of &&
        !(cluster_.failover && cluster_.failover->candidate == member.name)) {
        release(member);
        return;
    }
    cluster_.has_config = true;  // deleted, it is written again
    if (cluster_.has(Feature::failsafe)) {
        Value known;
        if (config_flag(cluster_, "failsafe_mode")) {
            known = Value::object();
            for (const MemberState& each : cluster_.members) {
                if (each.has_key) {
                    known.set(each.name, "http://" + each.api.text() + "/patroni");
                }
            }
        }
        cluster_.failsafe = std::move(known);
    }
    act_on_request(member);
    if (member.action.empty() && !member.primary && !cluster_.standby_of) {
        promote(member);
    }
}

void HaLoop::follow(MemberState& member) {
    if (member.primary) {
        if (!cluster_.paused) {
            step_down(member);
        }
    } else if (!member.connected && cluster_.source() != nullptr) {
        connect(member);
    }
}

void HaLoop::without_leader(MemberState& member) {
    if (!cluster_.automatic && !cluster_.failover && !cluster_.paused) {
        return;  // the scene says who leads
    }
    if (!is_healthiest(member)) {
        if (member.primary && !cluster_.paused) {
            step_down(member);
        }
        return;
    }
    cluster_.lock = member.name;
    if (cluster_.failover) {
        const FailoverRequest& asked = *cluster_.failover;
        const bool goes_on = cluster_.paused && !asked.leader.empty() && !asked.candidate.empty();
        set_failover(cluster_, goes_on ? failover_text("", asked.candidate, asked.at_text) : "{}");
    }
    changed(member);
    wake_all();
    if (cluster_.standby_of) {
        member.receive_lag = member.replay_lag = 0;
        member.replay_paused = false;
    } else if (!member.primary) {
        promote(member);
    }
}

void HaLoop::run_scheduled_restart(MemberState& member) {
    if (!member.scheduled_restart) {
        return;
    }
    const ScheduledRestart planned = *member.scheduled_restart;
    const auto forget = [&member] { member.scheduled_restart.reset(); };
    if (planned.postmaster_started != member.started_at) {
        forget();  // it was restarted meanwhile
    } else if (is_time_for(planned.at, forget, member)) {
        forget();
        if (restart_matches(cluster_, member, planned.request)) {
            restart(member, restart_timeout(cluster_, planned.request),
                    [](bool, const std::string&) {});
        }
    }
}

/// It runs as a primary and must not.
void HaLoop::step_down(MemberState& member) {
    begin(member, "demote");
    member.state = Postgres::stopping;
    step(member, cluster_.timings.stop, [this](MemberState& stopped) {
        stopped.primary = false;
        start_postgres(stopped, [this](MemberState& started) {
            connect(started);
            wake(started);
        });
    });
}

void HaLoop::release(MemberState& member) {
    cluster_.lock.reset();
    changed(member);
    wake_all();
}

}  // namespace patroni::simulation
