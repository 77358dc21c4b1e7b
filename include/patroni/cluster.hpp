#pragma once

#include <patroni/lsn.hpp>
#include <patroni/member_status.hpp>
#include <patroni/url.hpp>
#include <patroni/value.hpp>

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace patroni {

/// One remark about input that was not as it should be: bad JSON in a key, an entry that is no
/// address, two clusters under one name.
struct Problem {
    std::string kind;     ///< A stable word, such as "bad_value" or "not_host_port".
    std::string where;    ///< Key, endpoint or member that it is about.
    std::string message;  ///< For people. Contains no untrusted text without quotes.
};

/// One key as the store holds it.
struct StoredKey {
    std::string value;  ///< Untrusted.
    /// What a write can be made to depend on: the store's revision of the last change (etcd v3
    /// mod_revision, v2 modifiedIndex, Consul ModifyIndex; ZooKeeper mzxid). Never 0.
    std::uint64_t revision = 0;

    friend bool operator==(const StoredKey&, const StoredKey&) = default;
};

/// A switchover that waits for its time.
struct ScheduledSwitchover {
    std::string at;                   ///< ISO 8601 as the requester wrote it.
    std::optional<std::string> from;  ///< The leader to switch away from.
    std::optional<std::string> to;    ///< The candidate.

    friend bool operator==(const ScheduledSwitchover&, const ScheduledSwitchover&) = default;
};

/// What a member last published to the DCS (its key, or its row in `GET /cluster`): up to one
/// loop_wait old, and kept for up to a ttl after the member died.
struct PublishedMember {
    std::string name;
    std::optional<Origin> api;  ///< Base of its REST API.
    std::optional<HostPort> postgres;
    std::string state;          ///< As published; for standbys `replication_state` first.
    Role role = Role::unknown;  ///< Derived from lock and `/sync` as Patroni does.
    std::string role_reported;  ///< The word in the member key or row.
    std::optional<std::int64_t> timeline;
    std::optional<Lsn> position;     ///< Primary: current; standby: max(received, replayed).
    std::optional<Lsn> receive_lsn;  ///< Patroni >= 4.1.0.
    std::optional<Lsn> replay_lsn;   ///< Patroni >= 4.1.0.
    /// Bytes behind the position that the leader last published; nullopt when either is unknown.
    std::optional<std::uint64_t> lag;
    std::optional<std::uint64_t> receive_lag;
    std::optional<std::uint64_t> replay_lag;
    bool pending_restart = false;
    Value tags;
    std::string patroni_version;  ///< Empty when not published (`/cluster`, Patroni < 1.6).
};

/// `GET /cluster` of one member (Patroni >= 1.6.1): the cluster as the DCS shows it.
struct ClusterOverview {
    std::vector<PublishedMember> members;  ///< Sorted by name.
    std::optional<std::string> scope;      ///< Patroni >= 3.2.0.
    bool paused = false;
    std::optional<ScheduledSwitchover> scheduled_switchover;

    /// The member whose row says leader or standby_leader.
    const PublishedMember* leader() const;
};

/// The `/sync` key: who may be promoted in synchronous or quorum mode.
struct SyncState {
    std::string leader;
    std::vector<std::string> standbys;
    std::optional<std::int64_t> quorum;  ///< Patroni >= 4.0.0.

    /// Whether `member` is one of the standbys. Names are compared without regard to case, as
    /// Patroni does.
    bool contains(std::string_view member) const;
};

/// A member that some key names although it has no member key.
struct GoneMember {
    std::string name;
    std::string named_by;  ///< The key, such as "/service/demo/failsafe".
    std::optional<Origin> api;
};

/// One cluster as the store sees it, at one revision.
struct Cluster {
    std::string scope;
    std::string path;          ///< The key prefix, such as "/service/demo/" or "/service/demo/0/".
    std::optional<int> group;  ///< Of a Citus cluster (Patroni >= 3.0.0): 0 is the coordinator.
    std::optional<std::string> initialize;  ///< System identifier; empty while bootstrapping.
    std::optional<std::string> leader;     ///< Who holds the leader lock; nullopt when nobody does.
    std::vector<PublishedMember> members;  ///< Sorted by name.
    std::vector<GoneMember> gone;          ///< Sorted by name.
    Value config;                          ///< Dynamic configuration; null without a valid one.
    std::optional<SyncState> sync;         ///< nullopt unless synchronous mode is on and set.
    bool quorum_mode = false;
    bool standby_cluster = false;
    std::optional<bool> paused;  ///< nullopt without a valid configuration.
    std::optional<ScheduledSwitchover> scheduled_switchover;
    std::optional<Lsn> leader_lsn;  ///< What the leader last published.
    std::vector<Problem> problems;  ///< Bad JSON and the like; never fatal.
    /// Each key below `path` as it is in the store, by its name: "config", "members/pg1". Read by
    /// `Store` only.
    std::map<std::string, StoredKey, std::less<>> keys;

    const PublishedMember* find(std::string_view member) const;
};

}  // namespace patroni
