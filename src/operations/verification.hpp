#pragma once

#include "operations/ports.hpp"

#include <patroni/operation_plan.hpp>

namespace patroni::operations {

/// What the cluster as it is now says about a plan that was carried out; nullopt: nothing yet, look
/// again. Pure.
std::optional<Outcome> judge_effect(const OperationPlan& plan, const Outcome& outcome,
                                    const Cluster& now);

/// Looks at the store at most once a second until `judge_effect` has a verdict or the time is over:
/// then `done` is in doubt, and everything else stays what it was. The Error of the last reading
/// when it failed.
Operation verify_plan(const Ports& ports, OperationPlan plan, Outcome outcome,
                      transport::SteadyTime deadline, Callback<void(Result<Outcome>)> done);

}  // namespace patroni::operations
