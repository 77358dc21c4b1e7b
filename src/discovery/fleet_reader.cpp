#include "discovery/fleet_reader.hpp"

#include <algorithm>
#include <utility>

namespace patroni::discovery {

FleetReader::FleetReader(std::string name_space)
    : name_space_(std::move(name_space)), prefix_(dcs_prefix(name_space_, "")) {}

void FleetReader::take(dcs::Page page, const Found& found) {
    if (page.first) {
        held_.clear();
        scope_.clear();
    }
    for (dcs::Entry& entry : page.entries) {
        auto located = locate(entry.key, prefix_, "");
        if (!located) {
            continue;
        }
        // Keys are sorted, so those of one scope stand together.
        if (located->cluster.scope != scope_) {
            finish(found);
            scope_ = located->cluster.scope;
        }
        held_[std::move(located->cluster)].push_back(
            {std::string(located->relative), std::move(entry.value), entry.modified});
    }
}

void FleetReader::finish(const Found& found) {
    auto complete = std::exchange(held_, {});
    for (auto& [name, keys] : complete) {
        const bool is_cluster = std::any_of(
            keys.begin(), keys.end(), [](const auto& key) { return is_patroni_key(key.key); });
        if (is_cluster) {
            found(name.scope,
                  decode_keys(name_space_, name, std::move(keys), codec::Sources::dropped));
        }
    }
}

}  // namespace patroni::discovery
