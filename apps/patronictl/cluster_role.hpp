#pragma once

#include "patronictl/session.hpp"

#include <patroni/value.hpp>

#include <string>

namespace patronictl {

/// Makes a cluster the standby of another one (`standby`: an object), or one of its own (null), and
/// waits until it is. Returns the exit code.
int change_cluster_role(Session& session, const std::string& name, bool force,
                        const patroni::Value& standby);

}  // namespace patronictl
