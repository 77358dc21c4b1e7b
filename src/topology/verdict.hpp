#pragma once

#include <patroni/status.hpp>

namespace patroni::topology {

/// Judges the whole cluster from its judged rows: fills primary, standby_leader, primaries_seen and
/// verdict, and appends the problems that concern the whole.
///
/// A member that refuses connections has no Patroni that could lead; one that is silent in another
/// way, or that nobody asked, may lead unseen, and then the verdict is `unknown`, not `no_leader`.
/// Where the store tells of the lock, a holder without a key there is no more.
void judge_cluster(ClusterStatus& cluster);

/// Fills primaries_seen, primary and standby_leader; returns the row that leads, or nullptr.
const MemberHealth* find_leader(ClusterStatus& cluster);

}  // namespace patroni::topology
