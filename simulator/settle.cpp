#include "simulator/transitions.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace patroni::simulation {
namespace {

/// A standby goes as far as its primary and its own lag let it.
void follow(const MemberState& primary, MemberState& member) {
    const auto behind = [&](std::uint64_t bytes) {
        return primary.location - std::min(primary.location, bytes);
    };
    member.timeline = primary.timeline;
    // Ahead of the primary only after a failover that lost data: then pg_rewind.
    member.location =
        std::min(std::max(member.location, behind(member.receive_lag)), primary.location);
    member.received_since_start = true;
    if (!member.replay_paused) {
        member.replayed =
            std::max(member.replayed, behind(std::max(member.receive_lag, member.replay_lag)));
    }
    member.replayed = std::min(member.replayed, member.location);
}

void choose_sync_standbys(ClusterState& cluster) {
    std::vector<std::string> eligible;
    for (const MemberState& member : cluster.members) {
        const Value* nosync = member.tags.find("nosync");
        if (cluster.streaming(member) && (nosync == nullptr || *nosync != Value(true))) {
            eligible.push_back(member.name);
        }
    }
    if (cluster.sync == SimulatedSync::sync && eligible.size() > 1) {
        // One is enough, and a standby that is well stays.
        const auto stays = std::ranges::find_first_of(eligible, cluster.sync_standbys);
        eligible = {stays == eligible.end() ? eligible.front() : *stays};
    }
    cluster.sync_leader = cluster.primary()->name;
    cluster.sync_standbys = std::move(eligible);
}

}  // namespace

void settle(ClusterState& cluster) {
    if (const MemberState* primary = cluster.primary()) {
        for (MemberState& member : cluster.members) {
            if (cluster.streaming(member)) {
                follow(*primary, member);
            }
        }
        cluster.optime = primary->location;
        if (cluster.sync != SimulatedSync::off) {
            choose_sync_standbys(cluster);
        }
    }
    for (MemberState& member : cluster.members) {
        if (member.alive) {
            member.published = member_key(cluster, member);
        }
    }
}

}  // namespace patroni::simulation
