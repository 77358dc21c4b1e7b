#pragma once

#include <patroni/store_write.hpp>
#include <patroni/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patronictl {

/// A member as its key describes it; every field may be missing or of any type.
struct DcsMember {
    std::string name;
    std::uint64_t revision = 0;  ///< 0: there is no such key, only the leader key names it.
    patroni::Value data = patroni::Value::object();

    /// A field of the data that is a text; empty when it is none.
    std::string text(std::string_view field) const;
    /// "" without one.
    std::string api_url() const { return text("api_url"); }
    /// Truthy as Python sees it.
    bool has(std::string_view field) const;
    bool nofailover() const;
};

/// Where PostgreSQL of a member listens.
struct ConnectionData {
    std::optional<std::string> host;
    std::optional<std::string> port;
};
/// `conn_kwargs` of the member, else what its `conn_url` says; nullopt when there is neither.
/// Throws Fail for a port that is none.
std::optional<ConnectionData> connection_data(const DcsMember& member);

struct DcsFailover {
    std::uint64_t revision = 0;
    std::optional<std::string> leader;
    std::optional<std::string> candidate;
    std::optional<std::string> scheduled_at;  ///< ISO 8601, written anew.

    /// Names somebody; else Patroni takes it for empty.
    bool active() const {
        return (leader && !leader->empty()) || (candidate && !candidate->empty());
    }
};

struct DcsSync {
    std::optional<std::string> leader;
    std::string standbys;  ///< As in the key, comma-separated.

    /// Without regard to case; false while nobody leads.
    bool matches(std::string_view name, bool or_leader = false) const;
};

/// One cluster as patronictl reads its keys: raw values, lenient, with what a write needs.
struct DcsCluster {
    std::optional<int> group;                                     ///< Of a Citus cluster.
    std::string path;                                             ///< With its last slash.
    std::map<std::string, patroni::StoredKey, std::less<>> keys;  ///< By name below `path`.

    std::optional<std::string> initialize;
    patroni::Value config;            ///< null without a config key; {} when it is broken.
    std::optional<DcsMember> leader;  ///< Of the leader key, also when no member has the name.
    std::int64_t leader_lsn = 0;
    std::vector<DcsMember> members;  ///< In DCS order.
    std::optional<DcsFailover> failover;
    DcsSync sync;
    patroni::Value::Array history;
    std::vector<DcsCluster> workers;  ///< Other Citus groups, in DCS order (0, 1, 10, 2).

    const DcsMember* find(std::string_view name) const;
    /// Without a name the leader key counts as missing.
    bool has_leader() const { return leader && !leader->name.empty(); }
    /// 0: there is no such key.
    std::uint64_t revision(std::string_view key) const;

    bool paused() const;
    bool is_standby_cluster() const;
    bool is_synchronous() const;
    bool is_quorum() const;
};

/// Builds the view of the keys under `path` (absolute names). With `all_groups` each first part
/// that is a number is a group of Citus: 0 is the cluster, the others are its workers.
DcsCluster view_of(const std::map<std::string, patroni::StoredKey>& keys, const std::string& path,
                   std::optional<int> group, bool all_groups);

}  // namespace patronictl
