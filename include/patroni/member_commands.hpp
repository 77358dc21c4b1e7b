#pragma once

#include <patroni/outcome.hpp>
#include <patroni/timestamp.hpp>
#include <patroni/value.hpp>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>

namespace patroni {

// What one member can be told: each struct is one request and can only say what Patroni accepts.
// Give them to `Member::call`; the answer is an Outcome. What is nullopt is not sent. Words that
// changed over the years (`master`) are chosen by the member's version.

/// `PATCH /config` (Patroni >= 1.0): merges into the dynamic configuration; a null deletes a key.
/// Compare-and-set on the server: rejected with `conflict` when somebody was faster. Members apply
/// it within `loop_wait`. May be repeated.
struct PatchConfig {
    using Data = Outcome;
    Value patch = {};  ///< An object that is not empty.
};

/// `PUT /config` (Patroni >= 1.0): replaces the whole dynamic configuration; the last writer wins.
/// May be repeated.
struct PutConfig {
    using Data = Outcome;
    Value config = {};  ///< An object that is not empty.
};

/// `POST /reload` (Patroni >= 1.0): reads the member's configuration file again. May be repeated.
struct Reload {
    using Data = Outcome;
};

/// `POST /restart`: restarts the member's PostgreSQL, now or at a time, always or under conditions
/// (Patroni >= 1.1). An immediate one takes as long as PostgreSQL's shutdown and start. A scheduled
/// one is kept in that Patroni's memory, one for each member. Never repeat an unknown outcome.
struct Restart {
    using Data = Outcome;
    /// Only roles that a server accepts.
    enum class Role {
        primary,
        standby_leader,  ///< Patroni >= 4.0.0.
        replica,
    };

    std::optional<WallTime> schedule = std::nullopt;
    std::optional<Role> role = std::nullopt;  ///< Only if the member has that role then.
    /// Only if PostgreSQL is older: "15.4", "9.6.24" (three parts before 10).
    std::optional<std::string> postgres_version = std::nullopt;
    bool only_if_pending = false;  ///< Only if a restart is pending.
    /// How long PostgreSQL may take to start (Patroni >= 1.2); nullopt: `primary_start_timeout`.
    std::optional<std::chrono::seconds> timeout = std::nullopt;
};

/// `DELETE /restart` (Patroni >= 1.1): cancels the scheduled one. May be repeated.
struct CancelRestart {
    using Data = Outcome;
};

/// `POST /reinitialize`: deletes the replica's data and copies it anew, in the background: done
/// means started. Never repeat an unknown outcome.
struct Reinitialize {
    using Data = Outcome;
    bool force = false;        ///< End what the member is doing first (Patroni >= 1.4).
    bool from_leader = false;  ///< Copy from the leader only (Patroni >= 4.1.0).
};

/// `POST /switchover` (Patroni >= 1.4; before that `/failover` with a leader): makes another member
/// the leader while the old one lives; any member can be told. Takes the seconds that it takes.
/// Never repeat an unknown outcome before `GetCluster` has shown who leads.
struct Switchover {
    using Data = Outcome;
    std::string leader = {};                              ///< Who leads now.
    std::optional<std::string> candidate = std::nullopt;  ///< nullopt: the healthiest one.
    std::optional<WallTime> schedule = std::nullopt;      ///< Overwrites another scheduled one.
};

/// `DELETE /switchover` (Patroni >= 2.0.0): cancels the scheduled one. May be repeated.
struct CancelSwitchover {
    using Data = Outcome;
};

/// `POST /failover`: makes a member the leader, healthy leader or not: it can lose transactions.
/// Never repeat an unknown outcome.
struct Failover {
    using Data = Outcome;
    std::string candidate = {};
};

// Between members: no program needs them but a test of Patroni.

/// `POST /failsafe` (Patroni >= 3.0.0): "I am the leader and cannot reach the DCS". The receiver
/// believes it for a ttl. Done means accepted.
struct AnnounceFailsafe {
    using Data = Outcome;
    std::string name = {};
    std::string postgres_url = {};
    std::string api_url = {};
    std::map<std::string, std::int64_t> slots = {};
};

/// `POST /citus` (Patroni >= 3.0.0) or `POST /mpp` (>= 3.3.0, without access check): an event for
/// the coordinator. Done says nothing of its effect; `before_demote` can block without limit.
struct NotifyCoordinator {
    using Data = Outcome;
    enum class Event { before_demote, before_promote, after_promote };

    Event event = Event::after_promote;
    int group = 0;
    std::string leader = {};
    std::chrono::seconds timeout{30};
    std::chrono::seconds cooldown{10};
    bool mpp = false;  ///< `/mpp`, else `/citus`.
};

/// `POST /sigterm` (Patroni >= 2.1.5): answered by every server, but it ends none outside of
/// Patroni's own tests on Windows.
struct RequestSigterm {
    using Data = Outcome;
};

}  // namespace patroni
