#pragma once

#include "operations/ports.hpp"

#include <patroni/operation_plan.hpp>

namespace patroni::operations {

/// Carries a plan out: members in its order, one after the other; where one is enough the next one
/// is told only after an attempt that certainly was not sent, or that may be repeated. The
/// scheduled switchover that no member can cancel is cancelled in the store. An Error means that
/// nothing was sent at all. On the thread of the HttpClient, which outlives it, as `ports` does.
Operation execute_plan(transport::HttpClient& http, const Requester& requester, const Ports& ports,
                       OperationPlan plan, std::chrono::milliseconds member_timeout,
                       Callback<void(Result<OperationResult>)> done);

}  // namespace patroni::operations
