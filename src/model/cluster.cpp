#include "base/text.hpp"

#include <patroni/cluster.hpp>

#include <algorithm>

namespace patroni {

const PublishedMember* ClusterOverview::leader() const {
    const auto found = std::find_if(members.begin(), members.end(), [](const PublishedMember& row) {
        return row.role == Role::primary || row.role == Role::standby_leader;
    });
    return found == members.end() ? nullptr : &*found;
}

bool SyncState::contains(std::string_view member) const {
    return std::any_of(standbys.begin(), standbys.end(), [&](const std::string& standby) {
        return equals_ignoring_case(standby, member);
    });
}

const PublishedMember* Cluster::find(std::string_view member) const {
    const auto found = std::find_if(members.begin(), members.end(),
                                    [&](const PublishedMember& row) { return row.name == member; });
    return found == members.end() ? nullptr : &*found;
}

}  // namespace patroni
