// A member that does not reach the store, and failsafe mode.
#include "simulator/ha_loop.hpp"
#include "simulator/transitions.hpp"

#include <algorithm>

namespace patroni::simulation {

void HaLoop::partition(MemberState& member) {
    member.cut_off = true;
    if (member.reaches_store) {
        lose_store(member);
        stop_renewing(member);
        changed(member);
    }
}

void HaLoop::lose_store(MemberState& member) {
    member.reaches_store = false;
    member.leads_alone = cluster_.lock == member.name;
}

void HaLoop::store_lost() {
    cluster_.store_decides = false;
    for (MemberState& member : cluster_.members) {
        if (member.reaches_store) {
            lose_store(member);
        }
    }
}

void HaLoop::store_back(bool renewed) {
    cluster_.store_decides = true;
    for (MemberState& member : cluster_.members) {
        if (renewed && member.has_key) {
            member.renewed = cluster_.time;
        }
        expire_later(member);  // before it can renew them
        if (!member.cut_off) {
            heal(member);
        }
    }
    store_.write();
    wake_all();
}

void HaLoop::heal(MemberState& member) {
    member.cut_off = false;
    member.reaches_store = cluster_.store_decides;
    if (!member.reaches_store) {
        return;
    }
    member.leads_alone = false;
    member.failsafe_until.reset();
    wake(member);
}

void HaLoop::without_store(MemberState& member) {
    if (!member.action.empty()) {
        return;
    }
    // `_handle_dcs_error`, when the requests to the store have been given up.
    step(member, cluster_.retry_timeout, [this](MemberState& lonely) {
        if (lonely.reaches_store || !lonely.action.empty()) {
            return;
        }
        lonely.has_view = false;
        if (cluster_.paused || lonely.state != Postgres::running || !lonely.primary) {
            return;
        }
        if (keeps_lead_by_failsafe(lonely)) {
            return;
        }
        lonely.leads_alone = false;
        lonely.failsafe_until.reset();
        step_down(lonely);
    });
}

/// `check_failsafe_topology`: every member of the key must answer, and agree.
bool HaLoop::keeps_lead_by_failsafe(MemberState& member) {
    const bool on = cluster_.has(Feature::failsafe) && config_flag(cluster_, "failsafe_mode");
    const Value::Object* known = cluster_.failsafe.if_object();
    if (!on || known == nullptr || cluster_.failsafe.find(member.name) == nullptr) {
        return false;
    }
    const bool all = std::ranges::all_of(*known, [&](const Value::Field& field) {
        const MemberState* other = cluster_.find(field.first);
        return other == &member || (other != nullptr && other->alive && other->answers &&
                                    !(other->running() && other->primary));
    });
    if (all) {
        const SimulatedMoment until = cluster_.time + cluster_.ttl;
        for (MemberState& each : cluster_.members) {
            if (cluster_.failsafe.find(each.name) != nullptr) {
                each.failsafe_until = until;
            }
        }
        member.leads_alone = true;
    }
    return all;
}

}  // namespace patroni::simulation
