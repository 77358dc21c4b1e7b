#pragma once

#include <patroni/cluster.hpp>
#include <patroni/discovery.hpp>
#include <patroni/error.hpp>
#include <patroni/lsn.hpp>
#include <patroni/member_status.hpp>
#include <patroni/timestamp.hpp>

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// The whole answer about one cluster, in one word.
enum class Verdict {
    ok,         ///< One leader, and every member is well.
    degraded,   ///< One leader, but something is wrong.
    no_leader,  ///< Members answered, and none of them leads.
    split,      ///< More than one primary.
    unknown,    ///< Too little was seen to tell.
};

std::string_view to_string(Verdict verdict) noexcept;

/// Where a number or a word comes from.
enum class FactSource {
    none,
    live,     ///< The member's own answer, now.
    cluster,  ///< `GET /cluster` of another member: published up to a loop ago.
    dcs,      ///< The store: published up to a loop ago.
};

/// "live", "cluster", "dcs"; empty for none.
std::string_view to_string(FactSource source) noexcept;

/// One member of a cluster: what it said, or what others say of it.
struct MemberHealth {
    std::string name;
    DiscoveredMember discovered;
    std::optional<HostPort> postgres;
    Role role = Role::unknown;
    std::string role_reported;  ///< Empty when nobody said one.
    FactSource role_source = FactSource::none;
    std::optional<bool> holds_lock;  ///< nullopt when no source knows the lock.
    std::string state;               ///< Empty when unknown.
    bool healthy = false;
    std::vector<std::string> reasons;  ///< Why not: stable words, see docs/status.md.
    std::optional<std::int64_t> timeline;
    std::optional<Lsn> lsn;  ///< A primary's own position.
    std::optional<Lsn> received_lsn;
    std::optional<Lsn> replayed_lsn;
    std::optional<std::uint64_t> lag_bytes;  ///< Against max(received, replayed).
    std::optional<std::uint64_t> receive_lag_bytes;
    std::optional<std::uint64_t> replay_lag_bytes;
    FactSource lag_source = FactSource::none;
    std::optional<Timestamp> replayed_at;
    std::optional<bool> replay_paused;
    std::optional<std::string> replication_state;
    std::optional<bool> pending_restart;
    Value tags;  ///< An object, or null.
    std::optional<std::int64_t> server_version;
    std::string patroni_version;          ///< Empty when unknown.
    std::optional<WallTime> observed_at;  ///< When the member answered; nullopt if it did not.
    std::optional<Error> error;           ///< Why it did not.
    std::string named_by;                 ///< For a gone member: the key that names it.
};

/// A problem of a cluster; `member` is empty when it concerns the whole.
struct ClusterProblem {
    std::string kind;
    std::string member;
    std::string message;
};

/// Synchronous replication as far as it is known.
struct SyncSummary {
    bool quorum_mode = false;
    std::optional<std::string> leader;
    std::vector<std::string> standbys;
    std::optional<std::int64_t> quorum;
};

/// One cluster: `scope` plus `system_identifier`.
struct ClusterStatus {
    std::string scope;
    std::optional<std::string> system_identifier;
    Verdict verdict = Verdict::unknown;
    std::optional<std::string> primary;         ///< The one live primary.
    std::optional<std::string> standby_leader;  ///< The live leader of a standby cluster.
    std::vector<std::string> primaries_seen;
    FactSource lock_source = FactSource::none;  ///< Who tells of the leader lock.
    std::optional<std::string> lock_holder;
    std::optional<bool> paused;
    std::optional<bool> failsafe;
    std::optional<SyncSummary> sync;
    std::optional<ScheduledSwitchover> scheduled_switchover;
    /// How old published facts can be: a member's key is gone after this long. 30 s is Patroni's
    /// default, used where the configuration is not known.
    std::chrono::seconds ttl{30};
    std::vector<ClusterProblem> problems;
    std::vector<MemberHealth> members;  ///< Sorted by name.
};

/// Every cluster that the source led to.
struct StatusReport {
    std::vector<ClusterStatus> clusters;  ///< Sorted by scope, then system identifier.
    std::vector<Problem> problems;        ///< About the source, not about one cluster.
    std::string source;                   ///< `Discovery::source`.
    WallTime observed_at{};
    std::chrono::microseconds elapsed{};
};

}  // namespace patroni
