#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patroni::simulation {

/// One key of an etcd, or (etcd 2) a directory.
struct EtcdEntry {
    std::string value = {};
    std::int64_t created = 0;
    std::int64_t modified = 0;
    std::int64_t version = 1;  ///< Writes since it was created.
    /// When its lifetime ends, by `EtcdStore::time`; nullopt: never.
    std::optional<std::chrono::microseconds> ends = {};
    std::int64_t lease = 0;  ///< 0: none (etcd 3).
    /// Whether the writer ends it (`EtcdStore::expire`) and not the time.
    bool kept = false;
};

/// One change of one key.
struct EtcdChange {
    enum class Action {
        set,
        create,
        update,
        compare_and_swap,
        remove,
        compare_and_remove,
        expire,
    };
    Action action = Action::set;
    bool quiet = false;               ///< A refresh of etcd 2, of which no watch is told.
    std::chrono::microseconds at{0};  ///< `EtcdStore::time` when it happened.
    std::int64_t index = 0;           ///< In etcd 3 those of one transaction have the same.
    std::string key = {};
    bool directory = false;                ///< In etcd 2; what was below a removed one is gone too.
    bool replaced_key = false;             ///< A directory in the place of a key.
    std::optional<EtcdEntry> before = {};  ///< nullopt: there was no such key.
    std::optional<EtcdEntry> now = {};     ///< nullopt: there is none any more.
    std::vector<std::string> below = {};   ///< What went with a removed directory.
};

}  // namespace patroni::simulation
