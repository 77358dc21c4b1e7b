#pragma once

#include "operations/ports.hpp"

#include <patroni/leader_change.hpp>

namespace patroni::operations {

/// Carries out a switchover or failover: tells the member; and when no answer comes, reads the
/// cluster again and writes the key `failover` with compare-and-set, if nothing has changed
/// meanwhile. Nothing is sent twice. The Error of a request that was cancelled before it was sent.
/// On the thread of the HttpClient, which outlives it, as `ports` does.
Operation change_leader(transport::HttpClient& http, const Requester& requester, const Ports& ports,
                        LeaderRequest request, transport::SteadyTime deadline,
                        Callback<void(Result<LeaderResult>)> done);

}  // namespace patroni::operations
