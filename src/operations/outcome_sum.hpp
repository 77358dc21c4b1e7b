#pragma once

#include <patroni/operation_plan.hpp>

#include <vector>

namespace patroni::operations {

/// The worst of what members answered. Precondition: there is at least one step.
Outcome sum_of(const std::vector<OperationResult::Step>& steps);

}  // namespace patroni::operations
