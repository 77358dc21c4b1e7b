#pragma once

#include "simulator/cluster_state.hpp"
#include "simulator/etcd_leases.hpp"
#include "simulator/etcd_store.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::simulation {

/// What one cluster keeps in its store. It writes as Patroni does, so that watches see the same:
/// in etcd 2 each loop sets the member key and renews the lock anew; in etcd 3 a lease is renewed,
/// and a key is written when its content or the lease has changed.
class PublishedKeys {
public:
    PublishedKeys(const ClusterState& cluster, EtcdStore& store, EtcdLeases& leases)
        : cluster_(cluster), store_(store), leases_(leases) {}

    /// Writes what has changed since the last time, deletes what is gone, renews what lives.
    void publish();
    /// Takes over what others wrote into the keys `config`, `failover`, `leader` and `sync`;
    /// whether there was anything.
    bool import(ClusterState& cluster);
    /// Whether it is `publish` that is changing the store.
    bool publishing() const { return publishing_; }

private:
    struct Key {
        std::string name;
        std::string value;
        const MemberState* owner = nullptr;  ///< Whose ttl or lease it lives by.
    };
    /// What a member has in the store by being alive.
    struct Session {
        std::int64_t lease = 0;
        std::chrono::seconds ttl{0};
        SimulatedMoment renewed{0};
        bool loop_ran = false;  ///< Since the last time.
    };
    struct Written {
        std::string value;
        std::int64_t lease = 0;
    };

    std::string path(std::string_view name) const { return cluster_.prefix() + std::string(name); }
    std::vector<Key> keys() const;
    const Written* written(std::string_view name) const;
    void renew_sessions();
    void expire(const std::string& member);
    void release_leader();
    void write(const Key& key);
    void remove(const std::string& path);
    bool is_due(const Key& key) const;
    /// The text that another wrote, "" for a deleted key; nullopt: it is as this wrote it.
    std::optional<std::string> foreign(std::string_view name);

    const ClusterState& cluster_;
    EtcdStore& store_;
    EtcdLeases& leases_;
    std::map<std::string, Session> sessions_;              ///< By the member's name.
    std::map<std::string, Written, std::less<>> written_;  ///< By the key's path.
    bool publishing_ = false;
};

/// Writes registrator's keys of all members of the cluster.
void register_members(const ClusterState& cluster, const std::string& image, EtcdStore& store);

}  // namespace patroni::simulation
