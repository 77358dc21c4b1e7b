#pragma once

#include "dcs/snapshot.hpp"

#include <patroni/discovery.hpp>
#include <patroni/result.hpp>
#include <patroni/seeds.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::discovery {

/// "/service/demo/" or "/service/": runs of slashes count as one; the namespace may be "/".
std::string dcs_prefix(std::string_view name_space, std::string_view scope);

/// The clusters of one scope with all their keys: the plain one first, then Citus groups in order.
std::vector<Cluster> clusters_of_snapshot(const std::string& name_space, const std::string& scope,
                                          const dcs::Snapshot& snapshot);

/// The clusters and members that Patroni's keys describe. Error `not_found` when the scope, or the
/// whole namespace, has no key of Patroni.
Result<Discovery> members_of_snapshot(const Seeds& seeds, const dcs::Snapshot& snapshot);

}  // namespace patroni::discovery
