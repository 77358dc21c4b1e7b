#include "topology/grouping.hpp"

#include <algorithm>
#include <map>
#include <set>

namespace patroni::topology {
namespace {

struct Identity {
    std::string scope;
    std::optional<std::string> system_identifier;
};

Identity identity_of(const DiscoveredMember& member, const Observation& observation) {
    Identity identity;
    if (observation.answer) {
        identity.scope = observation.answer->scope;
        identity.system_identifier = observation.answer->system_identifier;
    }
    // The store knows where the key was; the member may be another one at a reused address.
    if (member.scope) {
        identity.scope = *member.scope;
    }
    return identity;
}

std::optional<std::string> initialized_as(const Discovery& discovery, const std::string& scope) {
    const auto found = discovery.clusters.find(scope);
    if (found == discovery.clusters.end() || !found->second.initialize ||
        found->second.initialize->empty()) {
        return std::nullopt;
    }
    return found->second.initialize;
}

using Indices = std::vector<std::size_t>;

void group_scope(const Discovery& discovery, const std::string& scope, const Indices& indices,
                 const std::vector<Identity>& identities, std::vector<Group>& groups) {
    std::map<std::string, Indices> by_identifier;
    Indices without;
    if (const auto initialized = initialized_as(discovery, scope)) {
        by_identifier[*initialized];
    }
    for (const std::size_t index : indices) {
        if (const auto& identifier = identities[index].system_identifier) {
            by_identifier[*identifier].push_back(index);
        } else {
            without.push_back(index);
        }
    }
    const auto initialized = initialized_as(discovery, scope);
    if (by_identifier.empty()) {
        groups.push_back({.scope = scope, .system_identifier = std::nullopt, .members = without});
        return;
    }
    // A store that knows the identifier decides to whom the silent ones belong.
    const bool one_owner = by_identifier.size() == 1 || initialized.has_value();
    if (one_owner) {
        auto& owner =
            by_identifier.size() == 1 ? by_identifier.begin()->second : by_identifier[*initialized];
        owner.insert(owner.end(), without.begin(), without.end());
        without.clear();
    }
    for (auto& [identifier, members] : by_identifier) {
        groups.push_back({.scope = scope,
                          .system_identifier = identifier,
                          .members = std::move(members),
                          .contested = by_identifier.size() > 1});
    }
    if (!without.empty()) {
        groups.push_back({.scope = scope,
                          .system_identifier = std::nullopt,
                          .members = std::move(without),
                          .ambiguous = true});
    }
}

/// Members whose scope nobody knows: into the only group, or one of their own.
void place_nameless(std::vector<Group>& groups, Indices nameless) {
    if (nameless.empty()) {
        return;
    }
    if (groups.size() == 1) {
        auto& members = groups.front().members;
        members.insert(members.end(), nameless.begin(), nameless.end());
        std::sort(members.begin(), members.end());
        return;
    }
    groups.push_back({.scope = "",
                      .system_identifier = std::nullopt,
                      .members = std::move(nameless),
                      .ambiguous = !groups.empty()});
}

}  // namespace

std::vector<Group> group_members(const Discovery& discovery,
                                 const std::vector<Observation>& observations) {
    std::vector<Identity> identities;
    std::map<std::string, Indices> by_scope;
    Indices nameless;
    for (const auto& [scope, cluster] : discovery.clusters) {
        by_scope[scope];  // A cluster without any member key is still a cluster.
    }
    for (std::size_t index = 0; index < discovery.members.size(); ++index) {
        identities.push_back(identity_of(discovery.members[index], observations[index]));
        const auto& scope = identities.back().scope;
        (scope.empty() ? nameless : by_scope[scope]).push_back(index);
    }
    std::vector<Group> groups;
    for (const auto& [scope, indices] : by_scope) {
        group_scope(discovery, scope, indices, identities, groups);
    }
    place_nameless(groups, std::move(nameless));
    std::sort(groups.begin(), groups.end(), [](const Group& a, const Group& b) {
        return std::tie(a.scope, a.system_identifier) < std::tie(b.scope, b.system_identifier);
    });
    return groups;
}

}  // namespace patroni::topology
