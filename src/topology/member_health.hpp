#pragma once

#include "topology/grouping.hpp"
#include "topology/published_view.hpp"

#include <patroni/status.hpp>

namespace patroni::topology {

/// One row from a member's own answer, completed by what was published: every field but lags,
/// `healthy` and `reasons`, which need the other members.
MemberHealth describe_member(const DiscoveredMember& member, const Observation& observation,
                             const PublishedView& published);

/// The row of a member that some key names although it has no member key.
MemberHealth describe_gone(const GoneMember& gone, const std::string& scope,
                           const PublishedView& published);

/// Whether this row is a primary that answered and whose PostgreSQL runs.
bool is_live_primary(const MemberHealth& member);
/// The same for the leader of a standby cluster.
bool is_live_standby_leader(const MemberHealth& member);

}  // namespace patroni::topology
