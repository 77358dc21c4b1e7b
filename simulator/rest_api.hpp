#pragma once

#include "simulator/cluster_state.hpp"
#include "simulator/http_message.hpp"

#include <patroni/timestamp.hpp>

#include <string>

namespace patroni::simulation {

/// What the member's Patroni answers.
HttpReply rest_reply(const ClusterState& cluster, const MemberState& member,
                     const HttpRequest& request, WallTime now);

/// The body of `GET /metrics` (2.1 and later).
std::string metrics_text(const ClusterState& cluster, const MemberState& member, WallTime now);

}  // namespace patroni::simulation
