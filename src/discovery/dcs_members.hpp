#pragma once

#include "dcs/snapshot.hpp"
#include "discovery/cluster_keys.hpp"

#include <patroni/discovery.hpp>
#include <patroni/result.hpp>
#include <patroni/seeds.hpp>

#include <string>
#include <vector>

namespace patroni::discovery {

/// The clusters of one scope with all their keys: the plain one first, then Citus groups in order.
std::vector<Cluster> clusters_of_snapshot(const std::string& name_space, const std::string& scope,
                                          const dcs::Snapshot& snapshot);

/// The clusters and members that Patroni's keys describe. Error `not_found` when the scope, or the
/// whole namespace, has no key of Patroni.
Result<Discovery> members_of_snapshot(const Seeds& seeds, const dcs::Snapshot& snapshot);

}  // namespace patroni::discovery
