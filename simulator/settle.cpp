#include "simulator/transitions.hpp"

#include <algorithm>
#include <functional>
#include <iterator>
#include <string>
#include <utility>
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
    const auto count = static_cast<std::size_t>(
        std::max<std::int64_t>(1, config_integer(cluster, "synchronous_node_count", 1)));
    for (const MemberState& member : cluster.members) {
        const Value* nosync = member.tags.find("nosync");
        if (cluster.streaming(member) && (nosync == nullptr || *nosync != Value(true))) {
            eligible.push_back(member.name);
        }
    }
    if (cluster.sync == SimulatedSync::sync && eligible.size() > count) {
        // So many are enough, and a standby that is well stays.
        const auto stays = [&](const std::string& name) {
            return std::ranges::find(cluster.sync_standbys, name) != cluster.sync_standbys.end();
        };
        std::vector<std::string> chosen;
        std::ranges::copy_if(eligible, std::back_inserter(chosen), stays);
        std::ranges::copy_if(eligible, std::back_inserter(chosen), std::not_fn(stays));
        chosen.resize(count);
        std::ranges::sort(chosen);
        eligible = std::move(chosen);
    }
    cluster.sync_leader = cluster.source()->name;
    cluster.sync_standbys = std::move(eligible);
}

}  // namespace

void stream(ClusterState& cluster) {
    MemberState* leader = cluster.source();
    if (leader == nullptr) {
        return;
    }
    if (!leader->primary) {
        follow_remote(*leader);
    }
    for (MemberState& member : cluster.members) {
        if (&member != leader && cluster.follows(member)) {
            follow(*leader, member, cluster.streaming(member));
        }
    }
}

void publish_leader(ClusterState& cluster) {
    if (const MemberState* leader = cluster.source()) {
        cluster.optime = leader->location;
        if (cluster.sync != SimulatedSync::off) {
            choose_sync_standbys(cluster);
        }
    }
}

void publish_all(ClusterState& cluster) {
    publish_leader(cluster);
    for (MemberState& member : cluster.members) {
        if (member.alive && member.reaches_store) {
            member.published = member_key(cluster, member);
        }
    }
}

void settle_all(ClusterState& cluster) {
    for (MemberState& member : cluster.members) {
        member.connected = true;
    }
    stream(cluster);
    publish_all(cluster);
}

void settle(ClusterState& cluster) {
    if (cluster.automatic) {
        stream(cluster);
    } else {
        settle_all(cluster);
    }
}

}  // namespace patroni::simulation
