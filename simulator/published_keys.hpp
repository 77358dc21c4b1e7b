#pragma once

#include "simulator/cluster_state.hpp"
#include "simulator/etcd_store.hpp"

#include <map>
#include <optional>
#include <string>

namespace patroni::simulation {

/// What one cluster keeps in its store.
class PublishedKeys {
public:
    /// Writes what has changed since the last time, deletes what is gone, renews what lives.
    void publish(const ClusterState& cluster, EtcdStore& store);
    /// Takes over what others wrote into the keys `config`, `failover` and `leader`; whether there
    /// was anything.
    bool import(ClusterState& cluster, const EtcdStore& store);

private:
    /// The text that another wrote, "" for a deleted key; nullopt: it is as this wrote it.
    std::optional<std::string> foreign(const ClusterState& cluster, const EtcdStore& store,
                                       std::string_view name);

    std::map<std::string, std::string> written_;
};

/// Writes registrator's keys of all members of the cluster.
void register_members(const ClusterState& cluster, const std::string& image, EtcdStore& store);

}  // namespace patroni::simulation
