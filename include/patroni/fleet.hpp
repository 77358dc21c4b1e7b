#pragma once

#include <patroni/status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patroni {

/// One cluster as the store alone shows it: what its members published, up to a loop ago. Nobody
/// was asked, so a member that is in trouble and has not said so yet looks well.
struct FleetCluster {
    std::string scope;
    std::optional<int> group;            ///< Of a Citus cluster (Patroni >= 3.0.0).
    Verdict verdict = Verdict::unknown;  ///< Never split: only members can tell that.
    /// Why not ok: stable words, those of docs/status.md (no_leader, leader_unseen, gone,
    /// not_running, lagging, other_timeline) and the kinds of Cluster::problems. Sorted, each once.
    std::vector<std::string> reasons;
    std::optional<std::string> leader;  ///< Who holds the leader lock.
    std::size_t members = 0;
    std::size_t running = 0;                 ///< Of them.
    std::optional<std::uint64_t> lag_bytes;  ///< The largest of a running standby.
    std::optional<std::int64_t> timeline;    ///< Of the leader.
    std::optional<bool> paused;              ///< nullopt without a valid configuration.
    bool standby_cluster = false;

    /// "demo" or "demo/0".
    std::string name() const { return group ? scope + "/" + std::to_string(*group) : scope; }
};

/// Every cluster of a namespace, at one revision of the store.
struct Fleet {
    std::vector<FleetCluster> clusters;  ///< The worst first, then by name.
    std::uint64_t revision = 0;          ///< 0 where the store does not say.
};

}  // namespace patroni
