#pragma once

#include <patroni/simulator.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>

namespace patroni::simulation {

/// One key of an etcd.
struct EtcdEntry {
    std::string value = {};
    std::int64_t created = 0;
    std::int64_t modified = 0;
    std::int64_t version = 1;                           ///< Writes since it was created.
    std::optional<std::chrono::milliseconds> ttl = {};  ///< What is left (etcd 2).
    std::int64_t lease = 0;                             ///< 0: none (etcd 3).
};

/// The keys of one etcd API with its counter of changes (index, revision). Lifetimes are counted by
/// who writes the key.
class EtcdStore {
public:
    explicit EtcdStore(SimulatedStore kind) : kind_(kind) {}

    void put(std::string_view key, std::string_view value);
    /// As above with a lifetime.
    void put(std::string_view key, std::string_view value,
             std::optional<std::chrono::milliseconds> ttl, std::int64_t lease);
    void remove(std::string_view key);
    /// Time passed, or a loop renewed the key: no change that anybody sees.
    void set_ttl(std::string_view key, std::chrono::milliseconds ttl);

    const std::map<std::string, EtcdEntry, std::less<>>& entries() const { return entries_; }
    /// When a directory (no slash at its end) came into being; etcd 2 keeps empty ones.
    const std::map<std::string, std::int64_t, std::less<>>& directories() const {
        return directories_;
    }
    std::int64_t index() const { return index_; }

private:
    SimulatedStore kind_;
    std::map<std::string, EtcdEntry, std::less<>> entries_;
    std::map<std::string, std::int64_t, std::less<>> directories_;
    std::int64_t index_ = 3;  // what a new server has written itself
};

}  // namespace patroni::simulation
