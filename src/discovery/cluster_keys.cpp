#include "discovery/cluster_keys.hpp"

#include "base/text.hpp"

#include <algorithm>

namespace patroni::discovery {
namespace {

/// The number of a Citus group: without zeros in front, as Patroni reads it.
std::optional<int> group_number(std::string_view part) {
    const bool plain = part == "0" || !(part.starts_with('0') || part.starts_with('-'));
    return plain ? parse_integer<int>(part) : std::nullopt;
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

std::optional<LocatedKey> locate(std::string_view key, std::string_view prefix,
                                 const std::string& only_scope) {
    if (!key.starts_with(prefix)) {
        return std::nullopt;
    }
    LocatedKey found{{only_scope, std::nullopt}, key.substr(prefix.size())};
    std::string_view& relative = found.relative;
    if (only_scope.empty()) {
        const auto slash = relative.find('/');
        if (slash == std::string_view::npos) {
            return std::nullopt;
        }
        found.cluster.scope = std::string(relative.substr(0, slash));
        relative.remove_prefix(slash + 1);
    }
    const auto slash = relative.find('/');
    if (slash != std::string_view::npos) {
        found.cluster.group = group_number(relative.substr(0, slash));
        relative.remove_prefix(found.cluster.group ? slash + 1 : 0);
    }
    return found;
}

bool is_patroni_key(std::string_view relative) {
    return relative == "leader" || relative == "config" || relative == "initialize" ||
           relative.starts_with("members/");
}

Cluster decode_keys(const std::string& name_space, const ClusterName& name,
                    std::vector<codec::RawKey> keys, codec::Sources sources) {
    Cluster cluster = codec::decode_cluster(name.text(), dcs_prefix(name_space, name.text()),
                                            std::move(keys), sources);
    cluster.group = name.group;
    return cluster;
}

}  // namespace patroni::discovery
