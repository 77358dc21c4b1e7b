#pragma once

#include "simulator/etcd_store.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace patroni::simulation {

/// One watch of etcd's v2 API, without its connection.
struct Etcd2Watch {
    std::string path;
    bool recursive = false;
    bool stream = false;
    std::int64_t since = 0;  ///< The first index that counts.

    /// How often the server tells it of the change: a stream hears twice of the end of the very
    /// path that it watches.
    int told_of(const EtcdChange& change) const;
    /// The first change that is past already.
    const EtcdChange* find_in(const EtcdStore& store) const;
};

/// The first index that a watch may ask for.
std::int64_t etcd2_first_index(const EtcdStore& store);

}  // namespace patroni::simulation
