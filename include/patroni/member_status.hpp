#pragma once

#include <patroni/lsn.hpp>
#include <patroni/timestamp.hpp>
#include <patroni/value.hpp>
#include <patroni/version.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// What a member is. `/patroni` never says sync_standby or quorum_standby as its role word: they
/// come from its flags (Patroni >= 3.0.2), `/cluster` or the DCS.
enum class Role {
    unknown,  ///< Not said, or a word that this library does not know (the word is kept).
    primary,  ///< Called "master" by Patroni before 4.0.
    standby_leader,
    sync_standby,
    quorum_standby,
    replica,
    demoted,        ///< Was the primary and is being stopped or demoted.
    promoted,       ///< The promotion is under way.
    uninitialized,  ///< No data directory yet.
    gone,           ///< Named by the DCS, but without a member key.
};

std::string_view to_string(Role role) noexcept;

/// The role of a word that Patroni uses in any version ("master", "leader", "sync_standby", ...).
Role parse_role(std::string_view word) noexcept;

/// One WAL sender of a member (`replication[]`, Patroni >= 1.1).
struct ReplicationConnection {
    std::string application_name;  ///< Usually the name of the member that streams.
    std::string user;
    std::optional<std::string> client_address;  ///< nullopt: a unix socket.
    std::string state;                          ///< "streaming", "catchup", ...
    std::string sync_state;                     ///< "async", "potential", "sync", "quorum".
    std::optional<std::int64_t> sync_priority;

    friend bool operator==(const ReplicationConnection&, const ReplicationConnection&) = default;
};

/// The status document of one member: `GET /patroni` and every health endpoint.
/// What the server did not say is nullopt; fields list the first Patroni version that has them.
struct MemberStatus {
    std::string state;          ///< As reported: "running", "stopped", "starting", ...
    Role role = Role::unknown;  ///< 0.90 says none while PostgreSQL is down.
    std::string role_reported;  ///< The word itself: "master", "primary", "replica", ...

    std::string patroni_version;                   ///< As written: "0.90", "4.1.4".
    std::optional<Version> version;                ///< `patroni_version`, parsed.
    std::string scope;                             ///< `patroni.scope`.
    std::optional<std::string> name;               ///< `patroni.name`, Patroni >= 3.2.0.
    std::optional<std::string> system_identifier;  ///< Decimal text of 64 bits.
    std::optional<std::int64_t> server_version;    ///< PostgreSQL, as 90624 or 160004.
    std::optional<Timestamp> postmaster_start_time;

    std::optional<Lsn> location;           ///< Not in recovery: the member's own WAL position.
    std::optional<Lsn> received_location;  ///< In recovery: received up to here.
    std::optional<Lsn> replayed_location;  ///< In recovery: replayed up to here.
    std::optional<Timestamp> replayed_timestamp;  ///< Commit time of the last replayed transaction.
    std::optional<bool> replay_paused;            ///< In recovery.
    std::optional<std::int64_t> timeline;         ///< Patroni >= 1.4; can lack on replicas.
    std::optional<std::string>
        replication_state;  ///< "streaming" or "in archive recovery", >= 3.0.4.
    std::vector<ReplicationConnection> replication;

    bool sync_standby = false;             ///< Patroni >= 3.0.2.
    bool quorum_standby = false;           ///< Patroni >= 4.0.0.
    bool paused = false;                   ///< The cluster is in maintenance mode; Patroni >= 1.4.
    bool cluster_unlocked = false;         ///< Nobody holds the leader lock; Patroni >= 1.4.6.
    bool failsafe_mode_is_active = false;  ///< Patroni >= 3.0.0.
    bool pending_restart = false;
    bool watchdog_failed = false;
    std::optional<std::int64_t> dcs_last_seen;  ///< Seconds since 1970; Patroni >= 2.1.2.
    Value tags;                                 ///< An object; null when the member has none.
    Value scheduled_restart;                    ///< An object, or null.
    Value pending_restart_reason;               ///< An object, or null; Patroni >= 3.3.0.

    /// The whole document, with every field that this library does not know.
    Value document;

    /// The position to compare with a primary: max(received, replayed); nullopt if both lack.
    std::optional<Lsn> standby_position() const;
};

}  // namespace patroni
