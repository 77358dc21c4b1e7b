#pragma once

#include <patroni/operation_plan.hpp>

#include <vector>

namespace patroni::operations {

/// What the action would do to the cluster, or why it cannot be done. Pure.
OperationPlan make_plan(const Cluster& seen, Action action);

/// Members that may be promoted: not the leader, not tagged `nofailover` or `failover_priority` 0.
/// Sorted by name.
std::vector<const PublishedMember*> candidates(const Cluster& seen);

/// The leader first, the others in their order; without those that have no REST address.
std::vector<const PublishedMember*> leader_first(const Cluster& seen);

/// A field of the member's key as the store holds it; null when there is none.
Value published_field(const Cluster& seen, std::string_view member, std::string_view field);

}  // namespace patroni::operations
