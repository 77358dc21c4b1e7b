#include "dcs/lost_write.hpp"

#include <algorithm>

namespace patroni::dcs {

const Entry* find_key(const Snapshot& snapshot, const std::string& key) {
    const auto& entries = snapshot.entries;
    const auto found = std::find_if(entries.begin(), entries.end(),
                                    [&](const Entry& entry) { return entry.key == key; });
    return found == entries.end() ? nullptr : &*found;
}

Trace find_trace(const StoreWrite& write, const Snapshot& now) {
    if (write.kind == StoreWrite::Kind::remove_prefix) {
        const bool gone =
            std::none_of(now.entries.begin(), now.entries.end(),
                         [&](const Entry& entry) { return entry.key.starts_with(write.key); });
        return gone ? Trace::carried_out : Trace::changed;
    }
    const Entry* entry = find_key(now, write.key);
    const bool as_wanted = write.kind == StoreWrite::Kind::put
                               ? entry != nullptr && entry->value == write.value
                               : entry == nullptr;
    if (as_wanted) {
        return Trace::carried_out;
    }
    // That there is no key proves nothing: it may have been created and removed since, as Patroni
    // does with "failover".
    const bool untouched = entry != nullptr && write.expected == entry->modified;
    return untouched ? Trace::untouched : Trace::changed;
}

}  // namespace patroni::dcs
