#pragma once

#include "codec/cluster.hpp"

#include <patroni/cluster.hpp>

#include <compare>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni::discovery {

/// One cluster of a namespace: a plain one, or a group of Citus.
struct ClusterName {
    std::string scope;
    std::optional<int> group;

    /// "demo" or "demo/0".
    std::string text() const { return group ? scope + "/" + std::to_string(*group) : scope; }
    friend auto operator<=>(const ClusterName&, const ClusterName&) = default;
};

/// Whose key it is, and its name there: "config", "members/pg1".
struct LocatedKey {
    ClusterName cluster;
    std::string_view relative;
};

/// "/service/demo/" or "/service/": runs of slashes count as one; the namespace may be "/".
std::string dcs_prefix(std::string_view name_space, std::string_view scope);

/// `prefix`: of the scope, or with an empty `only_scope` of the namespace. nullopt: not a key of a
/// cluster there.
std::optional<LocatedKey> locate(std::string_view key, std::string_view prefix,
                                 const std::string& only_scope);

/// Whether a key makes what it belongs to a cluster of Patroni. Other tools keep keys in the same
/// namespace.
bool is_patroni_key(std::string_view relative);

Cluster decode_keys(const std::string& name_space, const ClusterName& name,
                    std::vector<codec::RawKey> keys, codec::Sources sources);

}  // namespace patroni::discovery
