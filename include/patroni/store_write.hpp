#pragma once

#include <patroni/cluster.hpp>
#include <patroni/outcome.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <utility>

namespace patroni {

/// One change of a store: one key, or all keys of a cluster.
struct StoreWrite {
    enum class Kind { put, remove, remove_prefix };

    Kind kind = Kind::put;
    std::string key;    ///< Absolute, "/service/demo/config"; of `remove_prefix` with a last slash.
    std::string value;  ///< Of `put`.
    /// The write is carried out only while the key has this revision; 0: while there is no such
    /// key; nullopt: in any case.
    std::optional<std::uint64_t> expected;

    static StoreWrite put(std::string key, std::string value) {
        return {Kind::put, std::move(key), std::move(value), std::nullopt};
    }
    /// Compare and set: `revision` is that of `Cluster::keys`.
    static StoreWrite put_if(std::string key, std::string value, std::uint64_t revision) {
        return {Kind::put, std::move(key), std::move(value), revision};
    }
    static StoreWrite create(std::string key, std::string value) {
        return {Kind::put, std::move(key), std::move(value), 0};
    }
    static StoreWrite remove(std::string key) {
        return {Kind::remove, std::move(key), {}, std::nullopt};
    }
    static StoreWrite remove_if(std::string key, std::uint64_t revision) {
        return {Kind::remove, std::move(key), {}, revision};
    }
};

/// The truth about one write to a store.
///
/// - `done`: carried out, `revision` says at which one. To remove what is not there is done, too.
/// - `rejected` with Reason::conflict: not carried out, the key has another revision than expected.
/// - `rejected`: the store refused it; `message` says why and what to do.
/// - `unknown`: sent, and even a look at the store does not tell what became of it. With
///   Reason::conflict somebody changed the key at the same time, before or after this write.
struct StoreOutcome : Outcome {
    std::uint64_t revision = 0;            ///< Of the change, when it is done; 0 where nobody says.
    std::optional<std::uint64_t> removed;  ///< How many keys went, where the store says (etcd v3).
    /// Whether `current` tells what the key is now; with a conflict it nearly always does.
    bool current_known = false;
    std::optional<StoredKey> current;  ///< nullopt with `current_known`: there is no such key.

    bool conflict() const noexcept { return reason == Reason::conflict; }
};

}  // namespace patroni
