#include "simulator/etcd_store.hpp"

namespace patroni::simulation {

void EtcdStore::put(std::string_view key, std::string_view value) {
    put(key, value, std::nullopt, 0);
}

void EtcdStore::put(std::string_view key, std::string_view value,
                    std::optional<std::chrono::seconds> ttl, std::int64_t lease) {
    ++index_;
    for (std::size_t slash = key.find('/', 1); slash != std::string_view::npos;
         slash = key.find('/', slash + 1)) {
        directories_.try_emplace(std::string(key.substr(0, slash)), index_);
    }
    const auto [place, is_new] = entries_.try_emplace(std::string(key));
    EtcdEntry& entry = place->second;
    entry.created = is_new ? index_ : entry.created;
    entry.version += is_new ? 0 : 1;
    entry.modified = index_;
    entry.value = value;
    entry.ttl = ttl;
    entry.lease = lease;
}

void EtcdStore::remove(std::string_view key) {
    if (entries_.erase(std::string(key)) != 0) {
        ++index_;
    }
}

void EtcdStore::set_ttl(std::string_view key, std::chrono::seconds ttl) {
    const auto found = entries_.find(std::string(key));
    if (found != entries_.end() && found->second.ttl) {
        found->second.ttl = ttl;
    }
}

}  // namespace patroni::simulation
