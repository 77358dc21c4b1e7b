#pragma once

#include "dcs/watch_event.hpp"
#include "transport/http_client.hpp"

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/store_write.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace patroni::dcs {

/// A part of a reading in pages.
struct Page {
    std::vector<Entry> entries;  ///< Sorted, behind those of the page before.
    /// A reading begins, or begins anew: what came before counts no more.
    bool first = false;
};

/// One store, of any kind: what `Store` and the discovery need from it. Each kind has a folder of
/// its own here, and none knows of the others.
///
/// Callbacks are called from the io_context, never from within the call that starts something, and
/// once (that of a watch: up to WatchEnded). A backend lives until the callbacks of its operations
/// were called, so keep it in them; what is under way when it is destroyed, or its HttpClient, is
/// dropped without a word. One thread, as HttpClient.
class Backend {
public:
    virtual ~Backend() = default;

    /// All keys below a prefix (with its last slash) in one consistent state, as new as the newest
    /// acknowledged write. A prefix without keys is an empty Snapshot.
    virtual Operation start_read(std::string prefix, transport::SteadyTime deadline,
                                 Callback<void(Result<Snapshot>)> done) = 0;

    /// The same for a prefix with very many keys, in pages where the store can give them; `page` is
    /// called for each, then `done` with the revision they are of. Without pages: one.
    virtual Operation start_read_pages(std::string prefix, transport::SteadyTime deadline,
                                       Callback<void(Page)> page,
                                       Callback<void(Result<std::uint64_t>)> done);

    /// Carries out a write. What may have been carried out, and what the store refused, is a
    /// StoreOutcome; an Error means that nothing was written. Never repeated blindly.
    virtual Operation start_write(StoreWrite write, transport::SteadyTime deadline,
                                  Callback<void(Result<StoreOutcome>)> done) = 0;

    /// Watches a prefix until it is cancelled: WatchConnected, WatchSnapshot, then what changes.
    virtual Operation start_watch(WatchRequest request, Callback<void(WatchEvent)> told) = 0;

    /// Kept back in the common part: a backend tells removals at once.
    virtual RemovalHold removal_hold() const { return {}; }
};

}  // namespace patroni::dcs
