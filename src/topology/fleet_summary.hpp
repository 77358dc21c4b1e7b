#pragma once

#include <patroni/fleet.hpp>

namespace patroni::topology {

/// Judges a cluster by what is published alone.
FleetCluster summarize(const Cluster& cluster, std::string scope);

/// The worst first, then by name.
void sort_fleet(std::vector<FleetCluster>& clusters);

}  // namespace patroni::topology
