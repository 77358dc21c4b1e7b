#pragma once

#include "simulator/etcd_store.hpp"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace patroni::simulation {

/// The leases of an etcd 3 and the end of the keys that live by them. Those of clients run out as
/// time passes; a simulated cluster renews and ends its own itself.
class EtcdLeases {
public:
    struct Lease {
        std::chrono::seconds granted{0};
        EtcdStore::Time ends{0};
        bool kept = false;  ///< Its owner ends it.
    };

    explicit EtcdLeases(EtcdStore& store) : store_(store) {}

    /// A lease of at least two seconds, as etcd grants it; `id` 0: a new one. nullopt: the id is in
    /// use.
    std::optional<std::int64_t> grant(std::int64_t id, std::chrono::seconds ttl, bool kept = false);
    /// Ends it with all its keys, in one change; false: there is none.
    bool revoke(std::int64_t id);
    /// Starts its time anew; false: there is none.
    bool keep_alive(std::int64_t id);
    /// A kept lease ends then, if nobody renews it; or its owner renews it no more (`nullopt`).
    void keep(std::int64_t id, std::optional<EtcdStore::Time> ends);
    const Lease* find(std::int64_t id) const;
    /// Whole seconds, as etcd tells it.
    std::chrono::seconds left(const Lease& lease) const;
    const std::map<std::int64_t, Lease>& all() const { return leases_; }
    /// The keys that live by it.
    std::vector<std::string> keys(std::int64_t id) const;
    /// What has lived long enough ends, each lease with its keys in one change.
    void end_lifetimes();
    /// All start anew, as after an election.
    void renew_all();

private:
    EtcdStore& store_;
    std::map<std::int64_t, Lease> leases_;
    std::int64_t last_id_ = 7587890000000000000;
};

}  // namespace patroni::simulation
