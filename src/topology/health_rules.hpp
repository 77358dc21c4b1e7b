#pragma once

#include <patroni/status.hpp>

#include <cstdint>
#include <vector>

namespace patroni::topology {

/// From where on a lag is a problem.
struct LagLimits {
    /// Bytes not received: Patroni's own limit for a failover candidate (maximum_lag_on_failover).
    std::uint64_t receive_bytes = 1048576;
    /// Bytes not replayed: one WAL segment of the usual size.
    std::uint64_t replay_bytes = 16777216;
};

/// Judges one row: fills `healthy` and `reasons` and appends one problem for each reason.
/// `primary` is the one live primary, or nullptr; without one, what follows from its absence
/// (nobody streams) is not held against the standbys.
void judge_member(MemberHealth& member, const MemberHealth* primary, const ClusterStatus& cluster,
                  const LagLimits& limits, std::vector<ClusterProblem>& problems);

}  // namespace patroni::topology
