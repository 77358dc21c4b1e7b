#include "discovery/dcs_members.hpp"

#include "dcs/find_endpoints.hpp"

#include <algorithm>
#include <map>

namespace patroni::discovery {
namespace {

using Keys = std::vector<codec::RawKey>;

/// The keys of the snapshot by cluster. `only_scope`: the one that the prefix is of; empty: the
/// prefix is that of the namespace.
std::map<ClusterName, Keys> split_clusters(const std::string& only_scope,
                                           const dcs::Snapshot& snapshot,
                                           const std::string& prefix) {
    std::map<ClusterName, Keys> clusters;
    for (const auto& entry : snapshot.entries) {
        if (auto found = locate(entry.key, prefix, only_scope)) {
            clusters[std::move(found->cluster)].push_back(
                {std::string(found->relative), entry.value, entry.modified});
        }
    }
    std::erase_if(clusters, [](const auto& item) {
        return std::none_of(item.second.begin(), item.second.end(),
                            [](const auto& key) { return is_patroni_key(key.key); });
    });
    return clusters;
}

}  // namespace

std::vector<Cluster> clusters_of_snapshot(const std::string& name_space, const std::string& scope,
                                          const dcs::Snapshot& snapshot) {
    std::vector<Cluster> clusters;
    for (auto& [name, keys] : split_clusters(scope, snapshot, dcs_prefix(name_space, scope))) {
        clusters.push_back(decode_keys(name_space, name, std::move(keys), codec::Sources::kept));
    }
    return clusters;
}

Result<Discovery> members_of_snapshot(const Seeds& seeds, const dcs::Snapshot& snapshot) {
    const std::string prefix = dcs_prefix(seeds.name_space, seeds.scope);
    Discovery discovery;
    for (auto& [name, keys] : split_clusters(seeds.scope, snapshot, prefix)) {
        const std::string scope = name.text();
        Cluster cluster =
            decode_keys(seeds.name_space, name, std::move(keys), codec::Sources::dropped);
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
        error.endpoint = dcs::first_endpoint(seeds);
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
