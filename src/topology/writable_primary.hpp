#pragma once

#include <patroni/result.hpp>
#include <patroni/status.hpp>
#include <patroni/writable_primary.hpp>

#include <string_view>
#include <vector>

namespace patroni::topology {

/// The member of the cluster `scope` (empty: of the only one) that the report proves to be the
/// writable primary. `vouched`: members that answered `GET /` with 200 themselves, which counts
/// where no other source knows the lock. Errors: config (several clusters), not_found (nobody
/// leads), conflict (several primaries, and nobody knows the lock); the message names every member
/// with its reason.
Result<WritablePrimary> find_writable_primary(const StatusReport& report, std::string_view scope,
                                              const std::vector<Origin>& vouched);

/// Whether every member that has not answered is known to belong to the cluster whose lock is
/// known: else it could be one of another cluster that is not seen yet.
bool all_are_placed(const StatusReport& report);

}  // namespace patroni::topology
