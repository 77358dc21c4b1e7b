#include "topology/verdict.hpp"

#include "topology/member_health.hpp"

#include <algorithm>

namespace patroni::topology {
namespace {

bool answered(const MemberHealth& member) {
    return member.role_source == FactSource::live;
}

bool refused(const MemberHealth& member) {
    return member.error && member.error->kind == ErrorKind::connect_refused;
}

/// Silent, but perhaps alive: it could be the leader without our seeing it.
bool may_lead_unseen(const MemberHealth& member) {
    return !answered(member) && member.role != Role::gone && !refused(member);
}

std::string join(const std::vector<std::string>& names) {
    std::string text;
    for (const auto& name : names) {
        text += (text.empty() ? "" : ", ") + name;
    }
    return text;
}

Verdict without_leader(ClusterStatus& cluster) {
    const auto& members = cluster.members;
    if (std::none_of(members.begin(), members.end(), answered)) {
        cluster.problems.push_back({"nobody_answered", "", "no member answered"});
        return Verdict::unknown;
    }
    if (cluster.lock_holder) {
        const auto holder =
            std::find_if(members.begin(), members.end(),
                         [](const MemberHealth& member) { return member.holds_lock == true; });
        if (holder != members.end() && answered(*holder)) {
            cluster.problems.push_back({"lock_without_primary", holder->name,
                                        "holds the leader lock, but is not a running primary"});
            return Verdict::no_leader;
        }
        const bool streams = std::any_of(members.begin(), members.end(), [](const auto& member) {
            return answered(member) && member.replication_state == "streaming";
        });
        const bool listed = holder != members.end() && holder->role != Role::gone;
        const bool dead = listed ? refused(*holder) : cluster.lock_source == FactSource::dcs;
        cluster.problems.push_back({"leader_unseen", *cluster.lock_holder,
                                    "holds the leader lock, but " +
                                        std::string(listed ? "does not answer" : "is not listed") +
                                        std::string(streams ? "; standbys still stream" : "")});
        return dead && !streams ? Verdict::no_leader : Verdict::unknown;
    }
    // In maintenance mode a primary may run without the lock.
    const bool lock_tells = cluster.lock_source != FactSource::none && cluster.paused != true;
    if (std::any_of(members.begin(), members.end(), may_lead_unseen) && !lock_tells) {
        cluster.problems.push_back(
            {"leader_unseen", "", "no primary among the members that answered"});
        return Verdict::unknown;
    }
    cluster.problems.push_back({"no_leader", "", "no member is a running primary"});
    return Verdict::no_leader;
}

}  // namespace

const MemberHealth* find_leader(ClusterStatus& cluster) {
    const MemberHealth* leader = nullptr;
    for (const auto& member : cluster.members) {
        if (is_live_primary(member)) {
            cluster.primaries_seen.push_back(member.name);
            leader = &member;
        }
    }
    if (cluster.primaries_seen.size() == 1) {
        cluster.primary = cluster.primaries_seen.front();
        return leader;
    }
    if (!cluster.primaries_seen.empty()) {
        return nullptr;
    }
    for (const auto& member : cluster.members) {
        if (is_live_standby_leader(member)) {
            // Two of them exist for a moment in a switchover; the lock decides where it is known.
            if (leader == nullptr || member.holds_lock == true) {
                leader = &member;
            }
        }
    }
    if (leader != nullptr) {
        cluster.standby_leader = leader->name;
    }
    return leader;
}

void judge_cluster(ClusterStatus& cluster) {
    if (cluster.primaries_seen.size() > 1) {
        cluster.problems.insert(cluster.problems.begin(),
                                {"two_primaries", "",
                                 "more than one running primary: " + join(cluster.primaries_seen)});
        cluster.verdict = Verdict::split;
        return;
    }
    if (!cluster.primary && !cluster.standby_leader) {
        cluster.verdict = without_leader(cluster);
        return;
    }
    cluster.verdict = cluster.problems.empty() ? Verdict::ok : Verdict::degraded;
}

}  // namespace patroni::topology
