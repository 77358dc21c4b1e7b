#include "simulator/health.hpp"

#include "base/query.hpp"

#include <algorithm>
#include <array>

namespace patroni::simulation {
namespace {

bool contains(std::string_view path, std::string_view word) {
    return path.find(word) != std::string_view::npos;
}

template <class... Words>
bool contains_any(std::string_view path, Words... words) {
    return (contains(path, words) || ...);
}

bool has_true_tag(const MemberState& member, std::string_view name) {
    const Value* tag = member.tags.find(name);
    return tag != nullptr && *tag == Value(true);
}

/// Whether the role in its status is "replica": that of a standby leader is another word.
bool sql_role_is_replica(const ClusterState& cluster, const MemberState& member) {
    return !member.primary && !cluster.standby_leader(member);
}

/// Patroni 0.90 to 1.3.6: the query is part of the path.
bool is_healthy_0_90(const ClusterState& cluster, const MemberState& member,
                     std::string_view target) {
    const std::string_view path = target == "/" ? "/master" : target;
    if (cluster.holds_lock(member)) {
        return contains(path, "master");
    }
    return !member.primary && contains(path, "replica") && !has_true_tag(member, "noloadbalance");
}

/// The newest position of the leader that the member knows.
std::int64_t leader_position(const ClusterState& cluster, const MemberState& member) {
    // pg_stat_wal_receiver.latest_end_lsn is live, the position in the store a loop old.
    const bool live =
        cluster.has(Feature::live_leader_position) && cluster.upstream(member) == cluster.source();
    return static_cast<std::int64_t>(
        live && cluster.source() != nullptr ? cluster.source()->location : cluster.optime);
}

bool lags(const ClusterState& cluster, const MemberState& member, std::uint64_t position,
          std::int64_t limit) {
    const std::int64_t leader = leader_position(cluster, member);
    return leader != 0 && leader > static_cast<std::int64_t>(position) + limit;
}

/// The text that a `tag_` filter is compared with; falsy standard tags are not in the set.
std::optional<std::string> tag_text(const MemberState& member, std::string_view name) {
    static constexpr std::array<std::string_view, 5> standard{
        "clonefrom", "nofailover", "noloadbalance", "nosync", "nostream"};
    const Value* tag = member.tags.find(name);
    if (tag == nullptr) {
        return std::nullopt;
    }
    if (const bool* flag = tag->if_bool()) {
        if (!*flag && std::ranges::find(standard, name) != standard.end()) {
            return std::nullopt;
        }
        return *flag ? "true" : "false";
    }
    if (const std::int64_t* number = tag->if_int()) {
        return std::to_string(*number);
    }
    if (const Value::Number* number = tag->if_number()) {
        return number->text;
    }
    if (const std::string* text = tag->if_string()) {
        return *text;
    }
    return std::nullopt;
}

bool tags_match(const MemberState& member, const Query& query) {
    return std::ranges::all_of(query, [&](const auto& parameter) {
        return !parameter.first.starts_with("tag_") ||
               tag_text(member, std::string_view(parameter.first).substr(4)) == parameter.second;
    });
}

/// Patroni 1.6: the query is part of the path, and a standby leader is a leader like any other.
bool is_healthy_1_6(const ClusterState& cluster, const MemberState& member,
                    std::string_view target) {
    const std::string_view path = target == "/" ? "/master" : target;
    const bool holder = cluster.holds_lock(member);
    const bool running = member.state == Postgres::running;
    const bool replica =
        running && sql_role_is_replica(cluster, member) && !has_true_tag(member, "noloadbalance");
    if (contains_any(path, "leader", "master", "primary", "read-write")) {
        return holder;
    }
    if (contains(path, "replica")) {
        return replica;
    }
    if (contains(path, "read-only")) {
        return holder || replica;
    }
    if (contains(path, "health")) {
        return running;
    }
    if (path == "/sync" || path == "/synchronous") {
        return replica && cluster.in_sync_set(member);
    }
    return (path == "/async" || path == "/asynchronous") && replica && !cluster.in_sync_set(member);
}

/// The formulas of Patroni 2.1 and later; the node knows the store.
bool is_healthy_2_1(const ClusterState& cluster, const MemberState& member,
                    std::string_view target) {
    const std::string_view full = path_of(target);
    const std::string_view path = full == "/" ? "/primary" : full;
    const Query query = parse_query(target);
    const bool running = member.state == Postgres::running;
    // In maintenance and without the store its own role is what counts.
    const bool on_its_own = cluster.paused && !member.has_view;
    const bool holder = on_its_own ? running && member.primary : cluster.holds_lock(member);
    const bool primary = holder && !cluster.standby_of;
    const bool standby_leader = !on_its_own && cluster.standby_leader(member);

    bool replica =
        running && sql_role_is_replica(cluster, member) && !has_true_tag(member, "noloadbalance");
    if (const auto limit = find_parameter(query, "lag")) {
        const auto bytes = parse_size(*limit);
        replica = replica && !(bytes && lags(cluster, member, member.replayed, *bytes));
    }
    const bool in_set = !member.primary && cluster.in_sync_set(member);
    const bool quorum = in_set && cluster.sync == SimulatedSync::quorum;
    const bool sync = in_set && !quorum;

    if (contains_any(path, "standby_leader", "standby-leader")) {
        return standby_leader;
    }
    if (contains(path, "leader")) {
        return holder;
    }
    if (contains_any(path, "master", "primary", "read-write")) {
        return primary;
    }
    const bool leads = primary || standby_leader;
    // Before 4.0 this is just one more read-only path.
    const bool knows_quorum = cluster.has(Feature::quorum_mode);
    bool healthy = false;
    if (contains(path, "replica")) {
        healthy = replica;
    } else if (contains(path, "read-only") && !contains(path, "sync") &&
               !(knows_quorum && contains(path, "quorum"))) {
        healthy = leads || replica;
    } else if (contains(path, "health")) {
        healthy = running;
    } else if (!member.has_view) {
        return false;  // the rest needs to know the cluster
    } else if (path == "/sync" || path == "/synchronous") {
        healthy = replica && sync;
    } else if (path == "/quorum" && knows_quorum) {
        healthy = replica && quorum;
    } else if (path == "/async" || path == "/asynchronous") {
        healthy = replica && !in_set;
    } else if (path == "/read-only-sync" || path == "/read-only-synchronous") {
        healthy = leads || (replica && sync);
    } else if (path == "/read-only-quorum") {
        healthy = leads || (replica && quorum);
    }
    return healthy && tags_match(member, query);
}

}  // namespace

bool is_healthy(const ClusterState& cluster, const MemberState& member, std::string_view target) {
    if (!cluster.has(Feature::health_paths)) {
        return is_healthy_0_90(cluster, member, target);
    }
    return cluster.has(Feature::query) ? is_healthy_2_1(cluster, member, target)
                                       : is_healthy_1_6(cluster, member, target);
}

bool is_live(const ClusterState& cluster, const MemberState& member) {
    const int patience = member.running() && member.primary ? 1 : 2;
    return !cluster.has(Feature::liveness_by_loop) || cluster.paused ||
           member.next_run + cluster.ttl * patience > cluster.time;
}

bool is_ready(const ClusterState& cluster, const MemberState& member, std::string_view target) {
    if (cluster.holds_lock(member)) {
        return true;
    }
    if (!cluster.has(Feature::readiness_by_lag)) {
        return member.state == Postgres::running;
    }
    if (!cluster.streaming(member)) {
        return false;
    }
    const Query query = parse_query(target);
    std::int64_t limit = 1048576;  // maximum_lag_on_failover
    if (const auto text = find_parameter(query, "lag")) {
        limit = parse_size(*text).value_or(limit);
    }
    const bool by_write = find_parameter(query, "mode") == "write";
    return !lags(cluster, member, by_write ? member.location : member.replayed, limit);
}

std::string_view path_of(std::string_view target) {
    if (const std::size_t scheme = target.find("://");
        scheme != std::string_view::npos && !target.starts_with('/')) {
        const std::size_t path = target.find('/', scheme + 3);
        target = path == std::string_view::npos ? "" : target.substr(path);
    }
    return target.substr(0, target.find_first_of("?#"));
}

}  // namespace patroni::simulation
