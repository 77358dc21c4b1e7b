#include "simulator/transitions.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace patroni::simulation {
namespace {

/// A standby goes as far as its primary and its own lag let it.
void follow(const MemberState& primary, MemberState& member, bool streams) {
    const auto behind = [&](std::uint64_t bytes) {
        return primary.location - std::min(primary.location, bytes);
    };
    member.timeline = primary.timeline;
    // Ahead of the primary only after a failover that lost data: then pg_rewind.
    member.location =
        std::min(std::max(member.location, behind(member.receive_lag)), primary.location);
    member.received_since_start = member.received_since_start || streams;
    if (!member.replay_paused) {
        member.replayed =
            std::max(member.replayed, behind(std::max(member.receive_lag, member.replay_lag)));
    }
    member.replayed = std::min(member.replayed, member.location);
}

/// The leader of a standby cluster has what the remote primary sent.
void follow_remote(MemberState& leader) {
    leader.received_since_start = true;
    if (!leader.replay_paused) {
        leader.replayed = leader.location;
    }
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
    cluster.sync_leader = cluster.source()->name;
    cluster.sync_standbys = std::move(eligible);
}

}  // namespace

void settle(ClusterState& cluster) {
    if (MemberState* leader = cluster.source()) {
        if (!leader->primary) {
            follow_remote(*leader);
        }
        for (MemberState& member : cluster.members) {
            if (&member != leader && cluster.follows(member)) {
                follow(*leader, member, cluster.streaming(member));
            }
        }
        cluster.optime = leader->location;
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
