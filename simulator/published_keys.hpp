#pragma once

#include "simulator/cluster_state.hpp"
#include "simulator/etcd_store.hpp"

#include <map>
#include <string>

namespace patroni::simulation {

/// What one cluster keeps in its store.
class PublishedKeys {
public:
    /// Writes what has changed since the last time, deletes what is gone, renews what lives.
    void publish(const ClusterState& cluster, EtcdStore& store);

private:
    std::map<std::string, std::string> written_;
};

/// Writes registrator's keys of all members of the cluster.
void register_members(const ClusterState& cluster, const std::string& image, EtcdStore& store);

}  // namespace patroni::simulation
