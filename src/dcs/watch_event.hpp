#pragma once

#include "dcs/snapshot.hpp"

#include <patroni/error.hpp>

#include <chrono>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace patroni::dcs {

/// One change of one key.
struct Change {
    /// Of a removal without a value; `modified` is its revision where known. A removed key with a
    /// last slash is a folder: everything in it is gone.
    Entry entry;
    bool removed = false;
};

/// Everything below the prefix, as it is now: the first event of a watch, and each time the thread
/// of changes was lost (compaction, cleared index, an expired session). Also what a store tells
/// that knows no changes but only states (Consul).
struct WatchSnapshot {
    Snapshot now;
    /// What happened since the event before is not known in full: changes may have been skipped.
    /// False for the first snapshot.
    bool gap = false;
};

/// What one transaction of the store changed, or several that came together; never empty. Keys in
/// the order of the store.
struct WatchChanges {
    std::vector<Change> changes;
    std::uint64_t revision = 0;  ///< Of the store behind them; 0 where nobody says.
};

/// The watch is served by this endpoint from now on. Comes before the first snapshot, too.
struct WatchConnected {
    std::string endpoint;
};

/// The endpoint is lost, or its store has no quorum; the watch goes on trying. What was told
/// before may be out of date until the next WatchConnected.
struct WatchLost {
    Error error;
};

/// The last event of a watch: it was cancelled, or can never succeed (`config`, `unsupported`,
/// and before its first snapshot also `unauthorized`).
struct WatchEnded {
    Error error;
};

using WatchEvent = std::variant<WatchSnapshot, WatchChanges, WatchConnected, WatchLost, WatchEnded>;

/// What to watch.
struct WatchRequest {
    std::string prefix;  ///< With its last slash: "/service/demo/" or "/service/".
    /// A store that said nothing for so long is asked whether it is still there.
    std::chrono::milliseconds silence{10000};
};

/// How long a removal is kept back before it is told, because the store is known to remove a key
/// and put it back at once while nothing really changed. 0: not at all.
struct RemovalHold {
    std::chrono::milliseconds leader{0};
    std::chrono::milliseconds member{0};
};

}  // namespace patroni::dcs
