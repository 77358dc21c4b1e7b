#pragma once

#include "topology/published_view.hpp"

#include <patroni/status.hpp>

#include <vector>

namespace patroni::topology {

/// Fills the lags of one standby: live positions against the primary's where both are known and on
/// the same timeline, else what was published, else nothing. `primary` may be nullptr.
void fill_lag(MemberHealth& member, const MemberHealth* primary, const PublishedMember* published,
              const PublishedView& view);

}  // namespace patroni::topology
