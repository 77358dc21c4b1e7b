#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace patroni::dcs {

/// One key of a store.
struct Entry {
    std::string key;  ///< Absolute, with its leading slash.
    std::string value;
    std::uint64_t modified = 0;  ///< The store's revision of the last change; larger is newer.
};

/// All keys below a prefix at one moment, sorted by key.
struct Snapshot {
    std::vector<Entry> entries;
};

}  // namespace patroni::dcs
