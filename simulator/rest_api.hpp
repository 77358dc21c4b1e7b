#pragma once

#include "simulator/ha_loop.hpp"
#include "simulator/http_responder.hpp"

#include <patroni/timestamp.hpp>

#include <string>

namespace patroni::simulation {

/// Answers as the member's Patroni does, now or when it is done.
void answer_rest(HaLoop& ha, MemberState& member, const HttpRequest& request,
                 const HttpResponder& responder);

/// The body of `GET /metrics` (2.1 and later).
std::string metrics_text(const ClusterState& cluster, const MemberState& member, WallTime now);

}  // namespace patroni::simulation
