#pragma once

#include "dcs/backend.hpp"
#include "discovery/cluster_keys.hpp"

#include <functional>
#include <map>
#include <string>
#include <vector>

namespace patroni::discovery {

/// Makes clusters of the pages of a namespace, one after the other: of the keys it holds those of
/// one cluster only, however many there are.
class FleetReader {
public:
    using Found = std::function<void(const std::string& scope, Cluster cluster)>;

    explicit FleetReader(std::string name_space);

    const std::string& prefix() const noexcept { return prefix_; }

    /// Clusters that are complete are given to `found`, with their scope.
    void take(dcs::Page page, const Found& found);
    /// There is no further page.
    void finish(const Found& found);

private:
    std::string name_space_;
    std::string prefix_;
    std::string scope_;  ///< Whose keys are held.
    std::map<ClusterName, std::vector<codec::RawKey>> held_;
};

}  // namespace patroni::discovery
