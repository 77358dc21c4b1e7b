#pragma once

#include "simulator/cluster_state.hpp"

#include <string_view>

namespace patroni::simulation {

/// Whether the health endpoint of that request target answers 200 (else 503), for any target.
bool is_healthy(const ClusterState& cluster, const MemberState& member, std::string_view target);

/// Whether `GET /liveness` answers 200: the HA loop runs (2.1.5 and later look at it).
bool is_live(const ClusterState& cluster, const MemberState& member);

/// Whether `GET /readiness` answers 200 (2.1 and later).
bool is_ready(const ClusterState& cluster, const MemberState& member, std::string_view target);

/// The path of a request target as Patroni 2.0 and later see it: without query and fragment, and
/// without the origin of an absolute-form target.
std::string_view path_of(std::string_view target);

}  // namespace patroni::simulation
