#pragma once

#include "operations/ports.hpp"

#include <patroni/operation_plan.hpp>

namespace patroni::operations {

/// Looks at the store at most once a second until `judge_effect` has a verdict or the time is over:
/// then `done` is in doubt, and everything else stays what it was. The Error of the last reading
/// when it failed.
Operation verify_plan(const Ports& ports, OperationPlan plan, Outcome outcome,
                      transport::SteadyTime deadline, Callback<void(Result<Outcome>)> done);

}  // namespace patroni::operations
