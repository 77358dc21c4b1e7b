#include "operations/ports.hpp"

#include <algorithm>

namespace patroni::operations {

Cluster pick_cluster(std::vector<Cluster> clusters, const std::string& scope,
                     std::optional<int> group) {
    const auto found = std::ranges::find(clusters, group, &Cluster::group);
    if (found != clusters.end()) {
        return std::move(*found);
    }
    Cluster none;
    none.scope = scope;
    none.group = group;
    return none;
}

}  // namespace patroni::operations
