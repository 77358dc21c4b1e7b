#include "topology/published_view.hpp"

#include <algorithm>

namespace patroni::topology {

PublishedView::PublishedView(const Cluster& cluster)
    : source_(FactSource::dcs),
      cluster_(&cluster),
      members_(&cluster.members),
      lock_holder_(cluster.leader),
      paused_(cluster.paused),
      scheduled_switchover_(cluster.scheduled_switchover),
      lags_known_(cluster.leader_lsn.has_value() && cluster.leader_lsn->bytes() > 0) {}

PublishedView::PublishedView(const ClusterOverview& overview)
    : source_(FactSource::cluster),
      members_(&overview.members),
      paused_(overview.paused),
      scheduled_switchover_(overview.scheduled_switchover) {
    if (const PublishedMember* leader = overview.leader()) {
        lock_holder_ = leader->name;
        lags_known_ = true;
    }
}

const std::vector<PublishedMember>& PublishedView::members() const noexcept {
    static const std::vector<PublishedMember> k_none;
    return members_ != nullptr ? *members_ : k_none;
}

const PublishedMember* PublishedView::find_by_name(std::string_view name) const {
    const auto& all = members();
    const auto found = std::find_if(
        all.begin(), all.end(), [&](const PublishedMember& member) { return member.name == name; });
    return found == all.end() ? nullptr : &*found;
}

const PublishedMember* PublishedView::leader() const {
    return lock_holder_ ? find_by_name(*lock_holder_) : nullptr;
}

const PublishedMember* PublishedView::find(const DiscoveredMember& member,
                                           const Observation& observation) const {
    if (observation.answer && observation.answer->name) {
        if (const auto* found = find_by_name(*observation.answer->name)) {
            return found;
        }
    }
    if (member.name && !member.registrator) {
        if (const auto* found = find_by_name(*member.name)) {
            return found;
        }
    }
    if (!member.api) {
        return nullptr;
    }
    const auto& all = members();
    const auto found = std::find_if(all.begin(), all.end(), [&](const PublishedMember& candidate) {
        return candidate.api && candidate.api->address == member.api->address;
    });
    return found == all.end() ? nullptr : &*found;
}

}  // namespace patroni::topology
