#pragma once

#include <patroni/version.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace patroni::rest {

/// What a health check asks after the version's own rules for paths were applied.
enum class HealthQuestion {
    nothing,  ///< Always 503.
    primary,
    leader,
    standby_leader,
    replica,
    read_only,
    health,
    sync,
    async,
    quorum,
    read_only_sync,
    read_only_quorum,
    liveness,
    readiness,
};

struct ReadTarget {
    HealthQuestion question = HealthQuestion::nothing;
    bool has_query = false;  ///< Parameters that this version reads.
    std::vector<std::string> remarks;
};

/// Patroni finds most checks by a part of their path, the first that fits, and takes what it does
/// not know for a check that fails.
ReadTarget read_health_target(std::string_view target, const Version& version);

/// Whether the first part of the path is a call of its own in that version: no health check.
bool is_own_call(std::string_view target, const Version& version);

}  // namespace patroni::rest
