#include "discovery/dcs_members.hpp"

#include "codec/cluster.hpp"

#include <algorithm>
#include <map>
#include <vector>

namespace patroni::discovery {
namespace {

using Keys = std::vector<codec::RawKey>;

bool is_group(std::string_view part) {
    return !part.empty() && (part == "0" || part.front() != '0') &&
           std::all_of(part.begin(), part.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_patroni_key(std::string_view relative) {
    return relative == "leader" || relative == "config" || relative == "initialize" ||
           relative.rfind("members/", 0) == 0;
}

/// The keys of the snapshot by cluster: its scope, or "SCOPE/GROUP" for a Citus cluster.
std::map<std::string, Keys> split_clusters(const Seeds& seeds, const dcs::Snapshot& snapshot,
                                           const std::string& prefix) {
    std::map<std::string, Keys> clusters;
    for (const auto& entry : snapshot.entries) {
        if (entry.key.rfind(prefix, 0) != 0) {
            continue;
        }
        std::string_view relative = std::string_view(entry.key).substr(prefix.size());
        std::string scope = seeds.scope;
        if (scope.empty()) {
            const auto slash = relative.find('/');
            if (slash == std::string_view::npos) {
                continue;
            }
            scope = std::string(relative.substr(0, slash));
            relative.remove_prefix(slash + 1);
        }
        const auto slash = relative.find('/');
        if (slash != std::string_view::npos && is_group(relative.substr(0, slash))) {
            scope += "/" + std::string(relative.substr(0, slash));
            relative.remove_prefix(slash + 1);
        }
        clusters[scope].push_back({std::string(relative), entry.value});
    }
    // Other tools keep keys in the same namespace.
    std::erase_if(clusters, [](const auto& item) {
        return std::none_of(item.second.begin(), item.second.end(),
                            [](const auto& key) { return is_patroni_key(key.key); });
    });
    return clusters;
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

Result<Discovery> members_of_snapshot(const Seeds& seeds, const dcs::Snapshot& snapshot) {
    const std::string prefix = dcs_prefix(seeds.name_space, seeds.scope);
    Discovery discovery;
    for (auto& [scope, keys] : split_clusters(seeds, snapshot, prefix)) {
        Cluster cluster =
            codec::decode_cluster(scope, dcs_prefix(seeds.name_space, scope), std::move(keys));
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
