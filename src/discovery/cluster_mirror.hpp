#pragma once

#include "dcs/watch_event.hpp"
#include "discovery/cluster_keys.hpp"

#include <patroni/store_watch.hpp>

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace patroni::discovery {

/// What a watch has told until now, and what each further event of the store means for the
/// clusters. Pure: it is told the time.
class ClusterMirror {
public:
    using Time = std::chrono::steady_clock::time_point;

    /// `scope` empty: the whole namespace.
    ClusterMirror(std::string name_space, std::string scope, bool raw, dcs::RemovalHold hold);

    const std::string& prefix() const noexcept { return prefix_; }

    std::vector<StoreEvent> take(dcs::WatchEvent event, Time now);

    /// When release() has something to tell.
    std::optional<Time> due() const;
    /// Removals that were held back, and were none of those that come back at once.
    std::vector<StoreEvent> release(Time now);

private:
    using Keys = std::map<std::string, dcs::Entry, std::less<>>;
    struct Held {
        Time due;
        dcs::Change change;
    };

    std::vector<StoreEvent> take_snapshot(const dcs::WatchSnapshot& snapshot, Time now);
    std::vector<dcs::Change> differences(const dcs::Snapshot& now) const;
    void spread(std::vector<dcs::Change>& changes) const;
    void hold_back(std::vector<dcs::Change>& changes, Time now);
    std::chrono::milliseconds hold_of(const std::string& key) const;
    std::vector<StoreEvent> apply(std::vector<dcs::Change> changes, std::uint64_t revision);
    std::optional<KeyChange> apply_one(dcs::Change change);
    StoreEvent event_of(const ClusterName& name, std::vector<KeyChange> changes,
                        std::uint64_t revision);

    std::string name_space_;
    std::string scope_;
    std::string prefix_;
    bool raw_;
    dcs::RemovalHold hold_;
    Keys keys_;  ///< Absolute.
    std::map<std::string, Held> held_;
    std::set<ClusterName> told_;  ///< Clusters that were told and are not gone.
    bool is_first_ = true;
};

}  // namespace patroni::discovery
