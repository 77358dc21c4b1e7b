#include "simulator/etcd_store.hpp"

namespace patroni::simulation {

using std::chrono::milliseconds;

void EtcdStore::put(std::string_view key, std::string_view value) {
    put(key, value, std::nullopt, 0);
}

void EtcdStore::put(std::string_view key, std::string_view value, std::optional<milliseconds> ttl,
                    std::int64_t lease) {
    ++index_;
    for (std::size_t slash = key.find('/', 1); slash != std::string_view::npos;
         slash = key.find('/', slash + 1)) {
        directories_.try_emplace(std::string(key.substr(0, slash)), index_);
    }
    const auto [place, is_new] = entries_.try_emplace(std::string(key));
    EtcdEntry& entry = place->second;
    // etcd 2 makes a new key of one that is set.
    entry.created = is_new || kind_ == SimulatedStore::etcd2 ? index_ : entry.created;
    entry.version += is_new ? 0 : 1;
    entry.modified = index_;
    entry.value = value;
    entry.ttl = ttl;
    entry.lease = lease;
}

void EtcdStore::remove(std::string_view key) {
    if (const auto found = entries_.find(key); found != entries_.end()) {
        entries_.erase(found);
        ++index_;
    }
}

void EtcdStore::set_ttl(std::string_view key, milliseconds ttl) {
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.ttl) {
        found->second.ttl = ttl;
    }
}

}  // namespace patroni::simulation
