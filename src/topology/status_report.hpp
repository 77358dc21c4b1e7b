#pragma once

#include "topology/grouping.hpp"

#include <patroni/discovery.hpp>
#include <patroni/status.hpp>

#include <cstddef>
#include <optional>
#include <vector>

namespace patroni::topology {

/// What one member answered to `GET /cluster`.
struct OverviewAnswer {
    std::size_t member = 0;  ///< Index into Discovery::members.
    Result<ClusterOverview> overview;
};

/// What the seed said, when the source was one.
std::optional<OverviewAnswer> seed_overview(const Discovery& discovery);

/// Puts everything that was seen together: groups, rows, lags, verdicts, problems. Pure: the same
/// input gives the same report.
StatusReport assemble_report(const Discovery& discovery,
                             const std::vector<Observation>& observations,
                             const std::vector<OverviewAnswer>& overviews);

}  // namespace patroni::topology
