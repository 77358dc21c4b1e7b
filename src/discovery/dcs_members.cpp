#include "discovery/dcs_members.hpp"

#include "base/text.hpp"
#include "codec/cluster.hpp"

#include <algorithm>
#include <compare>
#include <map>
#include <optional>
#include <vector>

namespace patroni::discovery {
namespace {

using Keys = std::vector<codec::RawKey>;

/// The number of a Citus group: without zeros in front, as Patroni reads it.
std::optional<int> group_number(std::string_view part) {
    const bool plain = part == "0" || !(part.starts_with('0') || part.starts_with('-'));
    return plain ? parse_integer<int>(part) : std::nullopt;
}

bool is_patroni_key(std::string_view relative) {
    return relative == "leader" || relative == "config" || relative == "initialize" ||
           relative.rfind("members/", 0) == 0;
}

/// One cluster of a scope: the plain one, or a group of Citus.
struct ClusterName {
    std::string scope;
    std::optional<int> group;

    /// "demo" or "demo/0".
    std::string text() const { return group ? scope + "/" + std::to_string(*group) : scope; }
    friend auto operator<=>(const ClusterName&, const ClusterName&) = default;
};

/// The keys of the snapshot by cluster. `only_scope`: the one that the prefix is of; empty: the
/// prefix is that of the namespace.
std::map<ClusterName, Keys> split_clusters(const std::string& only_scope,
                                           const dcs::Snapshot& snapshot,
                                           const std::string& prefix) {
    std::map<ClusterName, Keys> clusters;
    for (const auto& entry : snapshot.entries) {
        if (entry.key.rfind(prefix, 0) != 0) {
            continue;
        }
        std::string_view relative = std::string_view(entry.key).substr(prefix.size());
        ClusterName name{only_scope, std::nullopt};
        if (name.scope.empty()) {
            const auto slash = relative.find('/');
            if (slash == std::string_view::npos) {
                continue;
            }
            name.scope = std::string(relative.substr(0, slash));
            relative.remove_prefix(slash + 1);
        }
        const auto slash = relative.find('/');
        if (slash != std::string_view::npos) {
            name.group = group_number(relative.substr(0, slash));
            relative.remove_prefix(name.group ? slash + 1 : 0);
        }
        clusters[name].push_back({std::string(relative), entry.value, entry.handle()});
    }
    // Other tools keep keys in the same namespace.
    std::erase_if(clusters, [](const auto& item) {
        return std::none_of(item.second.begin(), item.second.end(),
                            [](const auto& key) { return is_patroni_key(key.key); });
    });
    return clusters;
}

Cluster decode(const std::string& name_space, const ClusterName& name, Keys keys,
               codec::Sources sources) {
    Cluster cluster = codec::decode_cluster(name.text(), dcs_prefix(name_space, name.text()),
                                            std::move(keys), sources);
    cluster.group = name.group;
    return cluster;
}

}  // namespace

std::string dcs_prefix(std::string_view name_space, std::string_view scope) {
    std::string prefix = "/";
    const auto append = [&prefix](std::string_view text) {
        for (const char c : text) {
            if (c != '/' || prefix.back() != '/') {
                prefix += c;
            }
        }
        if (prefix.back() != '/') {
            prefix += '/';
        }
    };
    append(name_space);
    append(scope);
    return prefix;
}

std::vector<Cluster> clusters_of_snapshot(const std::string& name_space, const std::string& scope,
                                          const dcs::Snapshot& snapshot) {
    std::vector<Cluster> clusters;
    for (auto& [name, keys] : split_clusters(scope, snapshot, dcs_prefix(name_space, scope))) {
        clusters.push_back(decode(name_space, name, std::move(keys), codec::Sources::kept));
    }
    return clusters;
}

Result<Discovery> members_of_snapshot(const Seeds& seeds, const dcs::Snapshot& snapshot) {
    const std::string prefix = dcs_prefix(seeds.name_space, seeds.scope);
    Discovery discovery;
    for (auto& [name, keys] : split_clusters(seeds.scope, snapshot, prefix)) {
        const std::string scope = name.text();
        Cluster cluster = decode(seeds.name_space, name, std::move(keys), codec::Sources::dropped);
        for (const auto& published : cluster.members) {
            DiscoveredMember member;
            member.name = published.name;
            member.scope = scope;
            member.api = published.api;
            member.postgres = published.postgres;
            discovery.members.push_back(std::move(member));
        }
        discovery.clusters.emplace(scope, std::move(cluster));
    }
    if (discovery.clusters.empty()) {
        Error error;
        error.kind = ErrorKind::not_found;
        error.endpoint = seeds.endpoints.front().text();
        error.message = seeds.scope.empty()
                            ? "no Patroni cluster has keys below " + prefix
                            : "no Patroni cluster has keys at " + prefix +
                                  " (is the namespace right? --namespace; without SCOPE every "
                                  "cluster of the namespace is listed)";
        error.delivery = Delivery::answered;
        return error;
    }
    return discovery;
}

}  // namespace patroni::discovery
