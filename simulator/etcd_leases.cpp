#include "simulator/etcd_leases.hpp"

#include <algorithm>
#include <utility>

namespace patroni::simulation {
namespace {

using std::chrono::seconds;

// One and a half election timeouts of a second, rounded up.
constexpr seconds shortest{2};

}  // namespace

std::optional<std::int64_t> EtcdLeases::grant(std::int64_t id, seconds ttl, bool kept) {
    if (id != 0 && leases_.contains(id)) {
        return std::nullopt;
    }
    const std::int64_t chosen = id != 0 ? id : last_id_ += 4;
    const seconds granted = std::max(ttl, shortest);
    leases_[chosen] = {.granted = granted, .ends = store_.time() + granted, .kept = kept};
    return chosen;
}

bool EtcdLeases::revoke(std::int64_t id) {
    if (leases_.erase(id) == 0) {
        return false;
    }
    store_.expire(keys(id));
    return true;
}

bool EtcdLeases::keep_alive(std::int64_t id) {
    const auto found = leases_.find(id);
    if (found == leases_.end()) {
        return false;
    }
    found->second.ends = store_.time() + found->second.granted;
    return true;
}

void EtcdLeases::keep(std::int64_t id, std::optional<EtcdStore::Time> ends) {
    if (const auto found = leases_.find(id); found != leases_.end()) {
        found->second.kept = ends.has_value();
        found->second.ends = ends.value_or(found->second.ends);
    }
}

const EtcdLeases::Lease* EtcdLeases::find(std::int64_t id) const {
    const auto found = leases_.find(id);
    return found == leases_.end() ? nullptr : &found->second;
}

seconds EtcdLeases::left(const Lease& lease) const {
    return std::chrono::floor<seconds>(lease.ends - store_.time());
}

std::vector<std::string> EtcdLeases::keys(std::int64_t id) const {
    std::vector<std::string> keys;
    for (const auto& [key, entry] : store_.entries()) {
        if (entry.lease == id) {
            keys.push_back(key);
        }
    }
    return keys;
}

void EtcdLeases::end_lifetimes() {
    std::vector<std::pair<EtcdStore::Time, std::int64_t>> over;
    for (const auto& [id, lease] : leases_) {
        if (!lease.kept && lease.ends <= store_.time()) {
            over.emplace_back(lease.ends, id);
        }
    }
    std::ranges::sort(over);  // in the order in which they ended
    for (const auto& [ends, id] : over) {
        revoke(id);
    }
}

void EtcdLeases::renew_all() {
    for (auto& [id, lease] : leases_) {
        lease.ends = store_.time() + lease.granted;
    }
}

}  // namespace patroni::simulation
