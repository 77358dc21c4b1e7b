#pragma once

#include <patroni/cluster.hpp>
#include <patroni/url.hpp>

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace patroni {

/// The parts of a registrator key `HOST:CONTAINER:PORT`.
struct RegistratorIdentity {
    std::string host;
    std::string container;
    std::uint16_t container_port = 0;

    friend bool operator==(const RegistratorIdentity&, const RegistratorIdentity&) = default;
};

/// The REST API of one member, with the identity that discovery knows. Patroni before 3.2 does not
/// name itself in its answers, so this identity travels with every observation.
struct DiscoveredMember {
    /// DCS member name, registrator container, or nullopt when the source knows none.
    std::optional<std::string> name;
    std::optional<std::string> scope;
    std::optional<Origin> api;         ///< nullopt: the source names a member without an address.
    std::optional<HostPort> postgres;  ///< As seen from outside, where the source knows it.
    std::optional<RegistratorIdentity> registrator;

    /// `name`, or `host:port` of the REST API.
    std::string display_name() const {
        return name ? *name : api ? api->address.text() : std::string();
    }
};

/// What a source said: members, and what the store knows beyond them.
struct Discovery {
    std::vector<DiscoveredMember> members;    ///< Sorted by scope and name.
    std::map<std::string, Cluster> clusters;  ///< By scope; from a DCS only.
    /// The answer of the seed (`--api`) that named the members, and which one it was.
    std::optional<ClusterOverview> seed_overview;
    std::optional<Origin> seed;
    /// "registrator", "etcd2", "etcd3", "api" or "members".
    std::string source;
    std::vector<Problem> problems;
};

}  // namespace patroni
