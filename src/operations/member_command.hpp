#pragma once

#include "operations/sender.hpp"

#include <patroni/operation_plan.hpp>

namespace patroni::operations {

/// Sends what the action says to one member: in the words that its version of Patroni reads, which
/// is asked for first where it matters. `timeout` 0: that of the call. `done` may be called from
/// within. An Error: certainly not sent.
Operation send_command(transport::HttpClient& http, const Requester& requester,
                       const Action& action, const PlannedRequest& planned,
                       std::chrono::milliseconds timeout, Callback<void(Result<Outcome>)> done);

/// `{"standby_cluster": {...}}`, the fields in patronictl's order, those that are set.
Value standby_patch(const StandbySource& source);

}  // namespace patroni::operations
