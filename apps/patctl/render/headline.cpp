#include "patctl/render/status.hpp"
#include "patctl/render/words.hpp"

namespace patctl::render {
namespace {

using patroni::ClusterStatus;
using patroni::Role;

std::string leader_part(const ClusterStatus& cluster) {
    if (cluster.primaries_seen.size() > 1) {
        std::string text = "primaries";
        for (std::size_t i = 0; i < cluster.primaries_seen.size(); ++i) {
            text += (i == 0 ? " " : ", ") + safe(cluster.primaries_seen[i]);
        }
        return text;
    }
    if (cluster.primary) {
        return "leader " + safe(*cluster.primary) + " writable";
    }
    if (cluster.standby_leader) {
        return "standby leader " + safe(*cluster.standby_leader);
    }
    if (cluster.lock_holder) {
        return "lock held by " + safe(*cluster.lock_holder) + ", no running primary seen";
    }
    return "no running primary seen";
}

/// Without a leader nobody can tell which of the silent members are replicas: all are counted.
std::string replicas_part(const ClusterStatus& cluster) {
    const auto leader = cluster.primary ? cluster.primary : cluster.standby_leader;
    std::size_t all = 0;
    std::size_t well = 0;
    for (const auto& member : cluster.members) {
        if (member.role != Role::gone && (!leader || member.name != *leader)) {
            ++all;
            well += member.healthy ? 1 : 0;
        }
    }
    const std::string what = leader ? "replica" : "member";
    if (all == 0) {
        return "no " + what;
    }
    return std::to_string(well) + " of " + std::to_string(all) + " " + what +
           (all == 1 ? " well" : "s well");
}

/// A synchronous standby that lacks nothing: what a person with a dying primary wants to know.
std::string successor_part(const ClusterStatus& cluster) {
    for (const auto& member : cluster.members) {
        if (member.role == Role::sync_standby && member.healthy &&
            member.lag_source == patroni::FactSource::live && member.receive_lag_bytes == 0U) {
            return "; " + safe(member.name) + " can take over without loss";
        }
    }
    return {};
}

}  // namespace

std::string headline(const ClusterStatus& cluster) {
    std::string line = verdict_text(cluster.verdict) + "  " +
                       (cluster.scope.empty() ? "(scope unknown)" : safe(cluster.scope)) + "  " +
                       leader_part(cluster) + "; " + replicas_part(cluster);
    if (cluster.paused == true) {
        line += "; paused";
    }
    if (!cluster.problems.empty()) {
        line += "; " + std::to_string(cluster.problems.size()) +
                (cluster.problems.size() == 1 ? " problem" : " problems");
    }
    line += successor_part(cluster);
    if (const auto& planned = cluster.scheduled_switchover) {
        line += "; switchover" + (planned->to ? " to " + safe(*planned->to) : std::string()) +
                " at " + safe(planned->at);
    }
    return line;
}

}  // namespace patctl::render
