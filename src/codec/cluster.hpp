#pragma once

#include <patroni/cluster.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace patroni::codec {

/// One key of a cluster as a store gave it.
struct RawKey {
    std::string key;  ///< Behind the path of the cluster: "leader", "members/pg1".
    std::string value;
    std::uint64_t revision = 0;
};

/// Whether a Cluster also holds what it was read from; of a whole namespace that is much.
enum class Sources { dropped, kept };

/// Builds the cluster that the keys under `path` (with its last slash) describe, as Patroni itself
/// reads them: roles come from the lock and `/sync`, lag from what the leader last published. Bad
/// values become problems; unknown keys are ignored.
Cluster decode_cluster(std::string scope, std::string path, std::vector<RawKey> keys,
                       Sources sources = Sources::dropped);

}  // namespace patroni::codec
