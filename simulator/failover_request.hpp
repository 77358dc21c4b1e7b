#pragma once

#include "simulator/cluster_state.hpp"

#include <string>
#include <string_view>

namespace patroni::simulation {

/// The `failover` key says this from now on ("": it is gone). JSON, or "leader:candidate" as
/// versions before 0.4 wrote it.
void set_failover(ClusterState& cluster, const std::string& text);

/// What Patroni writes there; empty parts are left out.
std::string failover_text(std::string_view leader, std::string_view candidate,
                          std::string_view scheduled_at);

}  // namespace patroni::simulation
