#pragma once

#include <patroni/cluster.hpp>
#include <patroni/error.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// One key that a watch saw change.
struct KeyChange {
    std::string key;                  ///< Absolute: "/service/demo/leader".
    std::optional<StoredKey> before;  ///< nullopt: it is new.
    std::optional<StoredKey> now;     ///< nullopt: it was removed.
};

/// One thing that a watch tells.
struct StoreEvent {
    enum class Kind {
        connected,  ///< `endpoint` serves the watch from now on.
        lost,       ///< `endpoint` is lost (`error`), or its store has no quorum: what was told may
                    ///< be out of date until the next `connected`. The watch goes on by itself.
        gap,      ///< The thread of changes was lost: what follows up to `current` is what differs
                  ///< now from what was told. Changes in between may be missing for good.
        cluster,  ///< `cluster` is new or changed by `changes`; nullptr: it is gone.
        keys,     ///< `changes`, with WatchOptions::raw.
        current,  ///< Everything was told as it was at `revision`: the first picture is complete.
        ended,    ///< The last event: cancelled, or it can never succeed (`error`: config
                  ///< unsupported unauthorized cancelled).
    };

    Kind kind = Kind::connected;
    std::string scope;         ///< Of `cluster`.
    std::optional<int> group;  ///< Of a Citus cluster (Patroni >= 3.0.0).
    /// The whole cluster behind the changes, with its keys; never changed afterwards, so it can be
    /// kept and shared.
    std::shared_ptr<const Cluster> cluster;
    /// What one transaction of the store changed in this cluster, sorted as the store did.
    std::vector<KeyChange> changes;
    std::uint64_t revision = 0;  ///< Of the store; 0 where it does not say.
    std::string endpoint;        ///< Of `connected` and `lost`.
    std::optional<Error> error;  ///< Of `lost` and `ended`.
};

/// "connected", "lost", "gap", "cluster", "keys", "current", "ended".
std::string_view to_string(StoreEvent::Kind kind) noexcept;

/// How to watch.
struct WatchOptions {
    /// Tell keys as they are (`keys`) instead of clusters. Nothing is held back then.
    bool raw = false;
    /// A store that said nothing for so long is asked whether it is still there.
    std::chrono::milliseconds silence{10000};
};

}  // namespace patroni
