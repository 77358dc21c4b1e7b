#pragma once

#include "patronictl/session.hpp"

#include <patroni/leader_change.hpp>

#include <optional>
#include <string>

namespace patronictl {

/// The command lines of `switchover` and `failover`.
struct LeaderChange {
    patroni::LeaderRequest::Kind kind = patroni::LeaderRequest::Kind::switchover;
    std::string cluster_name;
    std::optional<int> group;
    std::optional<std::string> leader;  ///< Of a switchover.
    std::optional<std::string> candidate;
    std::optional<std::string> scheduled;  ///< Of a switchover.
    bool force = false;
};

/// Asks for what is missing, tells the leader, and shows what became of it. Returns the exit code.
int change_leader(Session& session, LeaderChange wanted);

}  // namespace patronictl
