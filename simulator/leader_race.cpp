// Who may become the leader: the rules of Patroni's ha.py, with its names for them.
#include "base/text.hpp"
#include "simulator/failover_request.hpp"
#include "simulator/ha_loop.hpp"

#include <algorithm>
#include <utility>

namespace patroni::simulation {
namespace {

std::int64_t priority(const ClusterState& cluster, const MemberState& member) {
    const Value* tag = member.tags.find("failover_priority");
    const std::int64_t* number = tag == nullptr ? nullptr : tag->if_int();
    return number != nullptr && cluster.has(Feature::failover_priority) ? *number : 1;
}

std::uint64_t position(const MemberState& member) {
    return std::max(member.location, member.replayed);
}

/// `sync_mode_is_active`: the mode is on, and the first leader has written its key.
bool sync_is_active(const ClusterState& cluster) {
    return cluster.sync != SimulatedSync::off && !cluster.sync_leader.empty();
}

bool in_sync_key(const ClusterState& cluster, const MemberState& member, bool or_leader) {
    return cluster.in_sync_set(member) ||
           (or_leader && equals_ignoring_case(cluster.sync_leader, member.name));
}

/// What GET /patroni of another member says it is good for.
bool is_reachable(const ClusterState& cluster, const MemberState& member) {
    const bool up = member.state == Postgres::running;
    return member.alive && member.answers && (up || !cluster.has(Feature::stopped_is_unreachable));
}

std::int64_t cluster_timeline(const ClusterState& cluster) {
    const Value::Array& rows = *cluster.history.if_array();
    return rows.empty() ? 1 : *(*rows.back().if_array())[0].if_int() + 1;
}

}  // namespace

bool may_lead(const ClusterState& cluster, const MemberState& member) {
    const Value* nofailover = member.tags.find("nofailover");
    return !(nofailover != nullptr && *nofailover == Value(true)) && priority(cluster, member) > 0;
}

bool HaLoop::can_take_over(const MemberState& member) const {
    return is_reachable(cluster_, member) && may_lead(cluster_, member);
}

bool HaLoop::is_lagging(const MemberState& member) const {
    const std::int64_t limit = config_integer(cluster_, "maximum_lag_on_failover", 1048576);
    const std::uint64_t behind = cluster_.optime - std::min(cluster_.optime, position(member));
    return static_cast<std::int64_t>(behind) > limit;
}

bool HaLoop::is_healthiest(const MemberState& member) const {
    if (member.primary) {
        return cluster_.paused || member.timeline >= cluster_timeline(cluster_);
    }
    if (cluster_.paused) {
        return cluster_.failover && !cluster_.failover->at && may_lead(cluster_, member) &&
               cluster_.failover->candidate == member.name;
    }
    if (!may_lead(cluster_, member)) {
        return false;
    }
    if (cluster_.failover) {
        if (!cluster_.failover->leader.empty() && sync_is_active(cluster_) &&
            !in_sync_key(cluster_, member, true)) {
            return false;
        }
        return wins_requested(member);
    }
    if (cluster_.has(Feature::failsafe) && config_flag(cluster_, "failsafe_mode") &&
        !cluster_.failsafe.is_null() && cluster_.failsafe.find(member.name) == nullptr) {
        return false;
    }
    if (cluster_.sync == SimulatedSync::sync && sync_is_active(cluster_) &&
        !in_sync_key(cluster_, member, true)) {
        return false;
    }
    return wins_race(member, true, "");
}

/// `manual_failover_process_no_leader`
bool HaLoop::wins_requested(const MemberState& member) const {
    const FailoverRequest& asked = *cluster_.failover;
    if (!asked.candidate.empty()) {
        if (asked.candidate == member.name) {
            return true;
        }
        const MemberState* candidate = cluster_.find(asked.candidate);
        if (candidate != nullptr && candidate->has_key && can_take_over(*candidate)) {
            return false;
        }
    }
    if (asked.leader == member.name) {
        return !someone_can_take_over(member, !asked.candidate.empty());
    }
    return wins_race(member, false, asked.leader);
}

/// `_is_healthiest_node`
bool HaLoop::wins_race(const MemberState& member, bool check_lag,
                       const std::string& without) const {
    if (check_lag && is_lagging(member)) {
        return false;
    }
    const bool check_timeline = config_flag(cluster_, "check_timeline") && !cluster_.standby_of;
    if (check_timeline && member.timeline < cluster_timeline(cluster_)) {
        return false;
    }
    const bool quorum_mode = cluster_.sync == SimulatedSync::quorum && sync_is_active(cluster_);
    const auto votes = [&](const MemberState& other) {
        return quorum_mode && in_sync_key(cluster_, other, true);
    };
    const auto quorum = quorum_mode && !cluster_.sync_standbys.empty()
                            ? static_cast<std::int64_t>(cluster_.sync_standbys.size()) - 1
                            : 0;
    std::int64_t count = votes(member) ? 0 : -1;
    for (const MemberState& other : cluster_.members) {
        const bool asked = &other != &member && other.name != without &&
                           (may_lead(cluster_, other) || votes(other));
        if (!asked || !is_reachable(cluster_, other) || other.state != Postgres::running) {
            continue;
        }
        if (other.primary) {
            return false;  // it is still alive
        }
        const bool former_sync_leader =
            sync_is_active(cluster_) && cluster_.sync_leader == other.name;
        if (cluster_.sync == SimulatedSync::sync && sync_is_active(cluster_) &&
            !in_sync_key(cluster_, other, true)) {
            continue;  // only the synchronous ones race
        }
        if (position(member) < position(other)) {
            if (!former_sync_leader) {
                return false;
            }
            continue;
        }
        const bool better = position(member) == position(other) && !former_sync_leader &&
                            priority(cluster_, member) < priority(cluster_, other);
        if (better && (!quorum_mode || votes(other))) {
            return false;
        }
        count += votes(other) ? 1 : 0;
    }
    return !quorum_mode || count >= quorum;
}

/// `is_failover_possible` of the leader's loop
bool HaLoop::someone_can_take_over(const MemberState& leader, bool without_candidate) const {
    const std::string wanted =
        cluster_.failover && !without_candidate ? cluster_.failover->candidate : std::string();
    const std::string unwanted =
        cluster_.failover && without_candidate ? cluster_.failover->candidate : std::string();
    const bool switchover = cluster_.failover && !cluster_.failover->leader.empty();
    return std::ranges::any_of(cluster_.members, [&](const MemberState& member) {
        const bool asked = &member != &leader && member.has_key && member.name != unwanted &&
                           (wanted.empty() || wanted == member.name);
        const bool sync = cluster_.sync != SimulatedSync::sync || !sync_is_active(cluster_) ||
                          cluster_.in_sync_set(member) || (!wanted.empty() && !switchover);
        const bool timeline = !config_flag(cluster_, "check_timeline") ||
                              member.timeline >= cluster_timeline(cluster_);
        return asked && sync && timeline && can_take_over(member) && !is_lagging(member);
    });
}

/// `process_manual_failover_from_leader`
void HaLoop::act_on_request(MemberState& leader) {
    if (!cluster_.failover || (cluster_.paused && !leader.primary)) {
        return;
    }
    const FailoverRequest asked = *cluster_.failover;
    const auto clean_up = [this] { set_failover(cluster_, "{}"); };
    if (asked.at && !is_time_for(*asked.at, clean_up, leader)) {
        return;
    }
    const bool for_me = asked.leader.empty() || asked.leader == leader.name;
    const bool to_another = asked.candidate != leader.name;
    const bool allowed = !asked.candidate.empty() || !cluster_.paused;
    if (for_me && to_another && allowed && someone_can_take_over(leader, false)) {
        demote(leader);
    } else {
        clean_up();
    }
}

/// `should_run_scheduled_action`
bool HaLoop::is_time_for(WallTime at, const std::function<void()>& clean_up, MemberState& member) {
    if (cluster_.paused) {
        return false;
    }
    const auto left = at - clock_.wall();
    if (left > cluster_.loop_wait) {
        return false;
    }
    if (left < -cluster_.loop_wait * 3 / 2) {
        clean_up();
        return false;
    }
    if (left > SimulatedMoment{0}) {
        schedule(member.name, left);  // the real loop sleeps until then
        return false;
    }
    return true;
}

std::string HaLoop::refusal(const std::string& leader, const std::string& candidate,
                            const std::string& action) const {
    // Before 1.4 every operation is a failover.
    const std::string impossible = action + " is not possible: ";
    const bool named = cluster_.has(Feature::switchover_412);
    if (!leader.empty() && cluster_.lock != leader) {
        return "leader name does not match";
    }
    if (leader.empty() && !named && cluster_.lock) {
        return "leader name does not match";  // its check has no parentheses
    }
    const bool sync = cluster_.sync == SimulatedSync::sync;
    const auto listed = [&](auto&& condition) {
        std::vector<const MemberState*> members;
        for (const MemberState& member : cluster_.members) {
            if (member.has_key && condition(member)) {
                members.push_back(&member);
            }
        }
        return members;
    };
    std::vector<const MemberState*> members;
    if (!candidate.empty()) {
        const auto is_sync = [&](const std::string& name) {
            return equals_ignoring_case(name, candidate);
        };
        if (action == "switchover" && sync &&
            std::ranges::none_of(cluster_.sync_standbys, is_sync)) {
            return "candidate name does not match with sync_standby";
        }
        members = listed([&](const MemberState& member) { return member.name == candidate; });
        if (members.empty()) {
            return "candidate does not exists";
        }
    } else if (sync) {
        members = listed([&](const MemberState& member) { return cluster_.in_sync_set(member); });
        if (members.empty()) {
            return impossible + "can not find sync_standby";
        }
    } else {
        members = listed([&](const MemberState& member) { return cluster_.lock != member.name; });
        if (members.empty()) {
            return impossible + "cluster does not have members except leader";
        }
    }
    const bool possible = std::ranges::any_of(
        members, [&](const MemberState* member) { return can_take_over(*member); });
    return possible ? std::string() : impossible + "no good candidates have been found";
}

}  // namespace patroni::simulation
