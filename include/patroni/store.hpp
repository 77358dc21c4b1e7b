#pragma once

#include <patroni/callback.hpp>
#include <patroni/cluster.hpp>
#include <patroni/fleet.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/runtime.hpp>
#include <patroni/seeds.hpp>
#include <patroni/store_watch.hpp>
#include <patroni/store_write.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// What a Store may do, and tell.
struct StoreOptions {
    bool writable = false;  ///< Writes of a Store that is not throw Failure (config).
    /// Called with one line for each step of each request; never holds a secret.
    std::function<void(std::string_view)> trace = {};
};

/// Patroni's keys in a store, as they are: for what the REST API of a member cannot do, or when no
/// member answers.
///
///     patroni::Store store{seeds, {.writable = true}};
///     const auto clusters = store.clusters("demo");
///     const auto& config = clusters.at(0).keys.at("config");
///     auto outcome = store.write(StoreWrite::put_if(clusters[0].path + "config", text,
///                                                   config.revision));
///
/// Several endpoints are tried in their order, each for a fair part of the time. A write is never
/// repeated blindly: see `StoreOutcome`.
///
/// Blocking functions run the store's own event loop on the calling thread; `start_` functions need
/// a store that was made on a Runtime. A store that owns its loop may be used by several threads
/// (calls wait for each other); one on a Runtime belongs to the Runtime's thread.
class Store {
public:
    static constexpr std::chrono::milliseconds default_timeout{10000};

    /// `seeds`: of a kind that is_store(); their scope does not matter. Throws Failure (config
    /// unsupported).
    explicit Store(Seeds seeds, StoreOptions options = {});
    /// On a loop of the caller's, which must outlive the store.
    Store(Runtime& runtime, Seeds seeds, StoreOptions options = {});
    ~Store();
    Store(Store&&) noexcept;
    Store& operator=(Store&&) noexcept;

    /// Where the keys of a cluster are: "/service/demo/", of a Citus group "/service/demo/0/".
    /// Throws Failure (config) for a scope that is no name of a cluster ("", ".", "a/../b").
    std::string path(std::string_view scope, std::optional<int> group = std::nullopt) const;

    /// The clusters of a scope, read in one consistent state with all their keys: the plain one
    /// first, then the groups of a Citus cluster in order. Empty when there is no key of Patroni.
    /// Throws Failure: resolve connect_refused unreachable timeout reset tls protocol decode
    /// http_status unauthorized unsupported limit config.
    std::vector<Cluster> clusters(std::string_view scope,
                                  std::chrono::milliseconds timeout = default_timeout);

    /// All keys below a prefix (with a last slash), by their absolute names. Throws as `clusters`.
    std::map<std::string, StoredKey> snapshot(std::string_view prefix,
                                              std::chrono::milliseconds timeout = default_timeout);

    /// Every cluster of the namespace, judged by what is published: for thousands of them, in pages
    /// at one revision where the store has pages (etcd v3), holding the keys of one cluster at a
    /// time. Members are not asked. The user of the store must be allowed to read the whole
    /// namespace. Throws as `clusters`.
    Fleet fleet(std::chrono::milliseconds timeout = default_timeout);

    /// Writes or removes one key of the namespace. Throws Failure as `clusters` when nothing was
    /// done and the store did not say so: whatever may have been carried out, and whatever the
    /// store refused, is a StoreOutcome. `leader` and `members/` belong to the members alone
    /// (their keys end with them): to put one is Failure (config).
    StoreOutcome write(StoreWrite write, std::chrono::milliseconds timeout = default_timeout);

    /// Removes every key below `path(scope, group)`, and nothing else; without a group those of all
    /// groups, too. Members that run write theirs again. Throws as `write`.
    StoreOutcome remove_cluster(std::string_view scope, std::optional<int> group = std::nullopt,
                                std::chrono::milliseconds timeout = default_timeout);

    /// The same with a callback, which is called once on the Runtime's thread, never from within
    /// these calls; dropped when the store is destroyed first. A write that is cancelled after it
    /// was sent is an outcome that is unknown. Without a Runtime: throws Failure (config).
    Operation start_clusters(std::string_view scope, std::chrono::milliseconds timeout,
                             Callback<void(Result<std::vector<Cluster>>)> done);
    Operation start_fleet(std::chrono::milliseconds timeout, Callback<void(Result<Fleet>)> done);
    Operation start_write(StoreWrite write, std::chrono::milliseconds timeout,
                          Callback<void(Result<StoreOutcome>)> done);
    Operation start_remove_cluster(std::string_view scope, std::optional<int> group,
                                   std::chrono::milliseconds timeout,
                                   Callback<void(Result<StoreOutcome>)> done);

    /// Watches a scope (a Citus cluster with all its groups), or with an empty one every cluster of
    /// the namespace, over one connection, until it is cancelled or the store is destroyed. Told in
    /// the order of the store: `connected`, each cluster as it is, `current`, then every change as
    /// it comes; see `StoreEvent`. Nothing is lost and nothing invented while the watch goes on at
    /// other endpoints; where a store cannot tell everything, a `gap` says so. The callback is
    /// called on the Runtime's thread, never from within this call, and may cancel the watch and
    /// destroy the store. The handle ends it: `ended` (cancelled) is the last event. Throws Failure
    /// (config) for a scope that is no name, and without a Runtime.
    Operation start_watch(std::string_view scope, WatchOptions options,
                          Callback<void(const StoreEvent&)> told);

private:
    class Impl;
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni
