#include "topology/fleet_summary.hpp"

#include "topology/health_rules.hpp"

#include <algorithm>
#include <functional>
#include <set>
#include <tuple>

namespace patroni::topology {
namespace {

bool is_running(const PublishedMember& member) {
    return member.state == "running" || member.state == "streaming" ||
           member.state == "in archive recovery";
}

int rank(Verdict verdict) {
    switch (verdict) {
        case Verdict::split:
            return 0;
        case Verdict::no_leader:
            return 1;
        case Verdict::unknown:
            return 2;
        case Verdict::degraded:
            return 3;
        case Verdict::ok:
            break;
    }
    return 4;
}

void look_at(const PublishedMember& member, const PublishedMember* leader, FleetCluster& summary,
             std::set<std::string>& reasons) {
    ++summary.members;
    if (!is_running(member)) {
        reasons.insert("not_running");
        return;
    }
    ++summary.running;
    if (&member == leader || leader == nullptr) {
        return;
    }
    if (member.lag) {
        summary.lag_bytes = std::max(summary.lag_bytes.value_or(0), *member.lag);
        if (*member.lag > LagLimits().receive_bytes) {
            reasons.insert("lagging");
        }
    }
    if (member.timeline && leader->timeline && *member.timeline != *leader->timeline) {
        reasons.insert("other_timeline");
    }
}

}  // namespace

FleetCluster summarize(const Cluster& cluster, std::string scope) {
    FleetCluster summary;
    summary.scope = std::move(scope);
    summary.group = cluster.group;
    summary.leader = cluster.leader;
    summary.paused = cluster.paused;
    summary.standby_cluster = cluster.standby_cluster;
    const PublishedMember* leader = cluster.leader ? cluster.find(*cluster.leader) : nullptr;
    std::set<std::string> reasons;
    for (const PublishedMember& member : cluster.members) {
        look_at(member, leader, summary, reasons);
    }
    if (leader != nullptr) {
        summary.timeline = leader->timeline;
    }
    if (!cluster.gone.empty()) {
        reasons.insert("gone");
    }
    for (const Problem& problem : cluster.problems) {
        reasons.insert(problem.kind);
    }
    if (!cluster.leader) {
        // In maintenance mode a primary may run without the lock.
        reasons.insert("no_leader");
        summary.verdict = cluster.paused == true ? Verdict::unknown : Verdict::no_leader;
    } else if (leader == nullptr) {
        reasons.insert("leader_unseen");
        summary.verdict = Verdict::unknown;
    } else {
        summary.verdict = reasons.empty() ? Verdict::ok : Verdict::degraded;
    }
    summary.reasons.assign(reasons.begin(), reasons.end());
    return summary;
}

void sort_fleet(std::vector<FleetCluster>& clusters) {
    std::sort(clusters.begin(), clusters.end(), [](const FleetCluster& a, const FleetCluster& b) {
        return std::make_tuple(rank(a.verdict), std::cref(a.scope), a.group) <
               std::make_tuple(rank(b.verdict), std::cref(b.scope), b.group);
    });
}

}  // namespace patroni::topology
