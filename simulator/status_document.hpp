#pragma once

#include "simulator/cluster_state.hpp"

#include <patroni/timestamp.hpp>
#include <patroni/value.hpp>

namespace patroni::simulation {

/// The body of `GET /patroni` and of every health endpoint.
Value status_document(const ClusterState& cluster, const MemberState& member, WallTime now);

/// The body of `GET /cluster` (1.6 and later): made from what the members published.
Value cluster_document(const ClusterState& cluster);

}  // namespace patroni::simulation
