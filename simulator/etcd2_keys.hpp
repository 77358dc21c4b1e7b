#pragma once

#include "simulator/etcd2_form.hpp"
#include "simulator/etcd_store.hpp"

#include <patroni/timestamp.hpp>
#include <patroni/value.hpp>

#include <string>
#include <string_view>

namespace patroni::simulation {

/// What the calls of etcd's v2 API work on.
struct Etcd2 {
    EtcdStore& store;
    WallTime now{};  ///< The date and time of the store's `time`.
    std::int64_t term = 2;
};

/// GET (without `wait`), PUT, POST and DELETE of keys, as the form says.
EtcdAnswer etcd2_read(const Etcd2& etcd, const Etcd2Form& form);
EtcdAnswer etcd2_put(const Etcd2& etcd, const Etcd2Form& form);
EtcdAnswer etcd2_post(const Etcd2& etcd, const Etcd2Form& form);
EtcdAnswer etcd2_delete(const Etcd2& etcd, const Etcd2Form& form);

/// One moment as people and as the store count it.
struct Etcd2Moment {
    WallTime wall{};
    EtcdStore::Time time{0};
};

// Parts of the answers.
/// The headers of every answer that is no error.
std::string etcd2_headers(const Etcd2& etcd);
inline Etcd2Moment etcd2_now(const Etcd2& etcd) {
    return {.wall = etcd.now, .time = etcd.store.time()};
}
/// A change as a write answers it and a watch tells it.
Value etcd2_event(const EtcdChange& change, const Etcd2Moment& now);
Value etcd2_key(const std::string& key, const EtcdEntry& entry, const Etcd2Moment& moment);
/// `expiration`, and `ttl` while it has not ended.
void etcd2_add_lifetime(Value& node, const EtcdEntry& entry, const Etcd2Moment& moment);
/// The error for a path that does not exist: 104 when a key is in its way, else 100 for the first
/// part of it that is missing.
Etcd2Error etcd2_missing(const EtcdStore& store, const std::string& path);
/// The key in the place of one of the path's directories; empty: there is none.
std::string etcd2_key_in_the_way(const EtcdStore& store, std::string_view path);

}  // namespace patroni::simulation
