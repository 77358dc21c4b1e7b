#include "client/call_loop.hpp"
#include "client/runtime_impl.hpp"
#include "client/store_watch.hpp"
#include "dcs/make_backend.hpp"
#include "discovery/dcs_members.hpp"
#include "discovery/fleet_reader.hpp"
#include "topology/fleet_summary.hpp"
#include "transport/http_client.hpp"

#include <patroni/store.hpp>

#include <optional>

namespace patroni {
namespace {

[[noreturn]] void refuse(std::string message) {
    Error error;
    error.kind = ErrorKind::config;
    error.message = std::move(message);
    throw Failure(std::move(error));
}

/// Whether every part between slashes is a name: etcd's v2 API resolves "..", and a part that is
/// empty would name the folder above.
bool has_plain_parts(std::string_view path) {
    while (true) {
        const std::string_view part = path.substr(0, path.find('/'));
        if (part.empty() || part == "." || part == "..") {
            return false;
        }
        for (const char c : part) {
            if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') {
                return false;
            }
        }
        if (part.size() == path.size()) {
            return true;
        }
        path.remove_prefix(part.size() + 1);
    }
}

bool belongs_to_members(std::string_view key) {
    return key.ends_with("/leader") || key.find("/members/") != std::string_view::npos;
}

}  // namespace

class Store::Impl {
public:
    Impl(Runtime* runtime, Seeds seeds, StoreOptions options)
        : loop_(runtime), seeds_(std::move(seeds)), options_(std::move(options)) {
        start_over();
    }

    CallLoop& loop() noexcept { return loop_; }

    std::string path(std::string_view scope, std::optional<int> group) const {
        if (!has_plain_parts(scope)) {
            refuse("not the name of a cluster: '" + std::string(scope) + "'");
        }
        if (group && *group < 0) {
            refuse("a Citus group is 0 or more");
        }
        return discovery::dcs_prefix(
            seeds_.name_space,
            group ? std::string(scope) + "/" + std::to_string(*group) : std::string(scope));
    }

    Operation clusters(std::string scope, std::chrono::milliseconds timeout,
                       Callback<void(Result<std::vector<Cluster>>)> done) {
        const std::string prefix = path(scope, std::nullopt);
        return read(prefix, timeout,
                    [this, scope = std::move(scope),
                     done = std::move(done)](Result<dcs::Snapshot> snapshot) mutable {
                        if (!snapshot) {
                            return done(std::move(snapshot).error());
                        }
                        done(discovery::clusters_of_snapshot(seeds_.name_space, scope, *snapshot));
                    });
    }

    Operation read(std::string prefix, std::chrono::milliseconds timeout,
                   Callback<void(Result<dcs::Snapshot>)> done) {
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        return loop_.begin<dcs::Snapshot>(
            std::move(done), [this, prefix = std::move(prefix),
                              deadline](Callback<void(Result<dcs::Snapshot>)> next) {
                return backend_->start_read(prefix, deadline, std::move(next));
            });
    }

    Operation fleet(std::chrono::milliseconds timeout, Callback<void(Result<Fleet>)> done) {
        struct Collected {
            discovery::FleetReader reader;
            Fleet fleet;
            discovery::FleetReader::Found found;
        };
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        return loop_.begin<Fleet>(std::move(done), [this,
                                                    deadline](Callback<void(Result<Fleet>)> next) {
            auto all = std::make_shared<Collected>(
                Collected{discovery::FleetReader(seeds_.name_space), {}, nullptr});
            all->found = [fleet = &all->fleet](const std::string& scope, const Cluster& cluster) {
                fleet->clusters.push_back(topology::summarize(cluster, scope));
            };
            return backend_->start_read_pages(
                all->reader.prefix(), deadline,
                [all](dcs::Page page) {
                    if (page.first) {
                        all->fleet.clusters.clear();
                    }
                    all->reader.take(std::move(page), all->found);
                },
                [all, next = std::move(next)](Result<std::uint64_t> revision) mutable {
                    if (!revision) {
                        return next(std::move(revision).error());
                    }
                    all->reader.finish(all->found);
                    all->fleet.revision = *revision;
                    topology::sort_fleet(all->fleet.clusters);
                    next(std::move(all->fleet));
                });
        });
    }

    Operation write(StoreWrite write, std::chrono::milliseconds timeout,
                    Callback<void(Result<StoreOutcome>)> done) {
        if (!options_.writable) {
            refuse("this Store only reads: StoreOptions::writable is not set");
        }
        const auto deadline = std::chrono::steady_clock::now() + timeout;
        return loop_.begin<StoreOutcome>(
            std::move(done), [this, write = std::move(write),
                              deadline](Callback<void(Result<StoreOutcome>)> next) mutable {
                return backend_->start_write(std::move(write), deadline, std::move(next));
            });
    }

    Operation watch(std::string_view scope, WatchOptions options,
                    Callback<void(const StoreEvent&)> told) {
        if (!scope.empty()) {
            static_cast<void>(path(scope, std::nullopt));  // Refuses what is no name.
        }
        auto& runtime = loop_.runtime();
        auto watch = std::make_shared<StoreWatch>(
            runtime.impl().context, loop_.alive(),
            discovery::ClusterMirror(seeds_.name_space, std::string(scope), options.raw,
                                     backend_->removal_hold()),
            options.silence, std::move(told));
        runtime.post([this, alive = loop_.alive(), watch] {
            if (!alive.expired()) {
                watch->start(*backend_);
            }
        });
        return Operation([weak = std::weak_ptr<StoreWatch>(watch)] {
            if (const auto running = weak.lock()) {
                running->cancel();
            }
        });
    }

    /// The write that removes a cluster, or one group of it.
    StoreWrite removal(std::string_view scope, std::optional<int> group) const {
        StoreWrite write;
        write.kind = StoreWrite::Kind::remove_prefix;
        write.key = path(scope, group);
        return write;
    }

    void check(const StoreWrite& write) const {
        const std::string below = discovery::dcs_prefix(seeds_.name_space, "");
        if (write.kind == StoreWrite::Kind::remove_prefix) {
            refuse("a whole cluster is removed by Store::remove_cluster");
        }
        if (!write.key.starts_with(below) || !has_plain_parts(write.key.substr(below.size()))) {
            refuse("not a key below " + below + ": '" + write.key + "'");
        }
        if (write.kind == StoreWrite::Kind::put && belongs_to_members(write.key)) {
            refuse(write.key + " is written by the members alone");
        }
        if (write.kind == StoreWrite::Kind::remove && write.expected == 0) {
            refuse("to remove a key needs its revision, or none at all");
        }
    }

    template <class T, class Start>
    T block(Start start_operation) {
        return loop_.block<T>([this] { start_over(); }, std::move(start_operation));
    }

private:
    void start_over() {
        transport::HttpClient::Options transport_options;
        transport_options.trace = options_.trace;
        backend_.reset();
        http_.emplace(loop_.runtime().impl().context, std::move(transport_options));
        auto backend = dcs::make_backend(*http_, seeds_);
        if (!backend) {
            throw Failure(std::move(backend).error());
        }
        backend_ = *std::move(backend);
    }

    CallLoop loop_;
    Seeds seeds_;
    StoreOptions options_;
    std::optional<transport::HttpClient> http_;  ///< Always set.
    std::shared_ptr<dcs::Backend> backend_;      ///< Always set.
};

Store::Store(Seeds seeds, StoreOptions options)
    : impl_(std::make_unique<Impl>(nullptr, std::move(seeds), std::move(options))) {}
Store::Store(Runtime& runtime, Seeds seeds, StoreOptions options)
    : impl_(std::make_unique<Impl>(&runtime, std::move(seeds), std::move(options))) {}
Store::~Store() = default;
Store::Store(Store&&) noexcept = default;
Store& Store::operator=(Store&&) noexcept = default;

std::string Store::path(std::string_view scope, std::optional<int> group) const {
    return impl_->path(scope, group);
}

std::vector<Cluster> Store::clusters(std::string_view scope, std::chrono::milliseconds timeout) {
    return impl_->block<std::vector<Cluster>>(
        [&](Callback<void(Result<std::vector<Cluster>>)> done) {
            impl_->clusters(std::string(scope), timeout, std::move(done));
        });
}

std::map<std::string, StoredKey> Store::snapshot(std::string_view prefix,
                                                 std::chrono::milliseconds timeout) {
    if (!prefix.starts_with('/') || !prefix.ends_with('/')) {
        refuse("a prefix begins and ends with a slash");
    }
    auto snapshot = impl_->block<dcs::Snapshot>([&](Callback<void(Result<dcs::Snapshot>)> done) {
        impl_->read(std::string(prefix), timeout, std::move(done));
    });
    std::map<std::string, StoredKey> keys;
    for (auto& entry : snapshot.entries) {
        keys.insert_or_assign(std::move(entry.key),
                              StoredKey{std::move(entry.value), entry.modified});
    }
    return keys;
}

Fleet Store::fleet(std::chrono::milliseconds timeout) {
    return impl_->block<Fleet>(
        [&](Callback<void(Result<Fleet>)> done) { impl_->fleet(timeout, std::move(done)); });
}

Operation Store::start_fleet(std::chrono::milliseconds timeout,
                             Callback<void(Result<Fleet>)> done) {
    impl_->loop().require_runtime();
    return impl_->fleet(timeout, std::move(done));
}

StoreOutcome Store::write(StoreWrite write, std::chrono::milliseconds timeout) {
    impl_->check(write);
    return impl_->block<StoreOutcome>([&](Callback<void(Result<StoreOutcome>)> done) {
        impl_->write(std::move(write), timeout, std::move(done));
    });
}

StoreOutcome Store::remove_cluster(std::string_view scope, std::optional<int> group,
                                   std::chrono::milliseconds timeout) {
    auto write = impl_->removal(scope, group);
    return impl_->block<StoreOutcome>([&](Callback<void(Result<StoreOutcome>)> done) {
        impl_->write(std::move(write), timeout, std::move(done));
    });
}

Operation Store::start_remove_cluster(std::string_view scope, std::optional<int> group,
                                      std::chrono::milliseconds timeout,
                                      Callback<void(Result<StoreOutcome>)> done) {
    impl_->loop().require_runtime();
    return impl_->write(impl_->removal(scope, group), timeout, std::move(done));
}

Operation Store::start_clusters(std::string_view scope, std::chrono::milliseconds timeout,
                                Callback<void(Result<std::vector<Cluster>>)> done) {
    impl_->loop().require_runtime();
    return impl_->clusters(std::string(scope), timeout, std::move(done));
}

Operation Store::start_watch(std::string_view scope, WatchOptions options,
                             Callback<void(const StoreEvent&)> told) {
    impl_->loop().require_runtime();
    return impl_->watch(scope, options, std::move(told));
}

Operation Store::start_write(StoreWrite write, std::chrono::milliseconds timeout,
                             Callback<void(Result<StoreOutcome>)> done) {
    impl_->loop().require_runtime();
    impl_->check(write);
    return impl_->write(std::move(write), timeout, std::move(done));
}

}  // namespace patroni
