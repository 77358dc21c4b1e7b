#pragma once

#include <patroni/operation_plan.hpp>

#include <optional>
#include <set>
#include <string>

namespace patroni::operations {

/// What the cluster as it is now says about a plan that was carried out; nullopt: nothing yet, look
/// again. Where nobody answered (`unknown`), only what has changed counts, not what was so before.
/// `interrupted`: members of the plan that were seen in another state than running since. Pure.
std::optional<Outcome> judge_effect(const OperationPlan& plan, const Outcome& outcome,
                                    const Cluster& now,
                                    const std::set<std::string>& interrupted = {});

}  // namespace patroni::operations
