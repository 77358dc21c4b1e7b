#pragma once

#include "operations/sender.hpp"

#include <patroni/callback.hpp>
#include <patroni/cluster.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/store_write.hpp>

#include <chrono>
#include <functional>
#include <optional>
#include <vector>

namespace patroni::operations {

/// How operations reach the store and the clock. Callbacks come later, never from within.
struct Ports {
    using TakeClusters = Callback<void(Result<std::vector<Cluster>>)>;
    using TakeOutcome = Callback<void(Result<StoreOutcome>)>;

    std::function<Operation(std::string scope, TakeClusters done)> read;
    std::function<Operation(StoreWrite write, TakeOutcome done)> write;
    std::function<Operation(std::string scope, std::optional<int> group, TakeOutcome done)> remove;
    /// Calls after that time; a cancelled one at once.
    std::function<Operation(std::chrono::milliseconds pause, Callback<void()> done)> wait;
};

/// The cluster of a scope, or its Citus group; without keys of Patroni an empty one.
Cluster pick_cluster(std::vector<Cluster> clusters, const std::string& scope,
                     std::optional<int> group);

}  // namespace patroni::operations
