#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace patroni::dcs {

/// One key of a store.
struct Entry {
    std::string key;  ///< Absolute, with its leading slash, in every store.
    std::string value;
    /// When it was changed last; larger is newer. What a write can be made to depend on:
    /// StoredKey::revision, StoreWrite::expected. etcd v3: mod_revision, v2: modifiedIndex, Consul:
    /// ModifyIndex, ZooKeeper: mzxid.
    std::uint64_t modified = 0;
};

/// All keys below a prefix at one moment, sorted by key.
struct Snapshot {
    std::vector<Entry> entries;
    /// The store's revision of that moment: a watch can begin behind it. 0 where nobody says.
    /// etcd v3: header.revision, v2: X-Etcd-Index, Consul: X-Consul-Index, ZooKeeper: zxid.
    std::uint64_t revision = 0;
    /// Which store answered, where it says so (etcd's cluster id): revisions of another one mean
    /// nothing here.
    std::string store = {};
};

}  // namespace patroni::dcs
