#include "base/base64.hpp"
#include "simulator/transitions.hpp"

#include <algorithm>
#include <stdexcept>

namespace patroni::simulation {
namespace {

constexpr std::uint64_t first_location = 0x6000060;

/// Decimal text like a real one, always the same for a scope.
std::string system_identifier(std::string_view scope) {
    std::uint64_t hash = 14695981039346656037ULL;  // FNV-1a
    for (const char c : scope) {
        hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    }
    return std::to_string(7700000000000000000ULL + hash % 100000000000000000ULL);
}

}  // namespace

ClusterState make_cluster(const SimulatedCluster& options, WallTime now) {
    ClusterState cluster;
    cluster.version = simulated_version(options.patroni_version);
    cluster.number = Version::parse(cluster.version).value();
    if (options.members.empty()) {
        throw std::invalid_argument("patroni::Simulator: a cluster without members");
    }
    cluster.scope = options.scope;
    cluster.name_space = options.name_space;
    const bool etcd3 = cluster.has(Feature::etcd3);
    cluster.store = options.store.value_or(etcd3 ? SimulatedStore::etcd3 : SimulatedStore::etcd2);
    if (cluster.store == SimulatedStore::etcd3 && !etcd3) {
        throw std::invalid_argument("patroni::Simulator: Patroni " + cluster.version +
                                    " does not know etcd 3");
    }
    cluster.standby_of = options.standby_of;
    if (cluster.standby_of && !cluster.has(Feature::standby_cluster)) {
        throw std::invalid_argument("patroni::Simulator: Patroni " + cluster.version +
                                    " has no standby clusters");
    }
    cluster.ttl = options.ttl;
    cluster.loop_wait = options.loop_wait;
    cluster.retry_timeout = options.retry_timeout;
    cluster.timings = options.timings;
    if (!options.rest_user.empty()) {
        cluster.authorization =
            "Basic " + encode_base64(options.rest_user + ":" + options.rest_password);
    }
    cluster.config = first_config(cluster);
    cluster.system_identifier = system_identifier(options.scope);
    for (const SimulatedMember& wanted : options.members) {
        if (cluster.find(wanted.name) != nullptr) {
            throw std::invalid_argument("patroni::Simulator: two members '" + wanted.name + "'");
        }
        MemberState member;
        member.name = wanted.name;
        member.tags = effective_tags(wanted.tags);
        const bool first = cluster.members.empty();
        member.primary = first && !cluster.standby_of;
        member.location = member.replayed = first_location;
        member.seen = now;
        // The standbys are copies of the primary, so they started later, each at its own moment.
        member.started_at = cluster.last_start =
            first ? now - std::chrono::seconds(60)
                  : cluster.last_start + std::chrono::milliseconds(137);
        cluster.members.push_back(std::move(member));
    }
    cluster.lock = cluster.members.front().name;
    std::ranges::sort(cluster.members, {}, &MemberState::name);
    return cluster;
}

MemberState& add_member(ClusterState& cluster, const SimulatedMember& wanted, WallTime now) {
    if (!cluster.has(Feature::role_while_down)) {
        throw std::logic_error("patroni::Simulator: how 0.90 creates a member was not recorded");
    }
    if (cluster.find(wanted.name) != nullptr) {
        throw std::invalid_argument("patroni::Simulator: member '" + wanted.name + "' exists");
    }
    MemberState member;
    member.name = wanted.name;
    member.tags = effective_tags(wanted.tags);
    member.state = Postgres::creating_replica;
    member.started_at = member.seen = now;
    member.renewed = cluster.time;
    if (!cluster.automatic && cluster.lock) {
        member.action = "bootstrap from leader '" + *cluster.lock + "'";
    }
    cluster.members.push_back(std::move(member));
    std::ranges::sort(cluster.members, {}, &MemberState::name);
    return *cluster.find(wanted.name);
}

}  // namespace patroni::simulation
