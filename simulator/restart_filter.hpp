#pragma once

#include "simulator/cluster_state.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace patroni::simulation {

/// "15.2" as 150002, "9.5.3" as 90503; nullopt for anything else.
std::optional<std::int64_t> postgres_version_number(std::string_view text);

/// Whether the member is one that the filters of a restart mean.
bool restart_matches(const ClusterState& cluster, const MemberState& member, const Value& request);

/// How long PostgreSQL may take to start.
std::chrono::milliseconds restart_timeout(const ClusterState& cluster, const Value& request);

}  // namespace patroni::simulation
