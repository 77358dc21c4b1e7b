#pragma once

#include <patroni/leader_change.hpp>
#include <patroni/member_commands.hpp>
#include <patroni/member_status.hpp>
#include <patroni/result.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace patroni {

// What can be done to a cluster: each struct is one action. `Operations::prepare` makes a plan of
// it.

/// Makes another member the leader, the old one living: nothing that was committed is lost.
struct SwitchLeader {
    std::optional<std::string> leader = std::nullopt;     ///< Who must lead; nullopt: whoever does.
    std::optional<std::string> candidate = std::nullopt;  ///< nullopt: Patroni chooses.
    std::optional<WallTime> at = std::nullopt;            ///< nullopt: now.
};

/// Makes a member the leader whether there is one or not: what it has not received is lost.
struct FailOver {
    std::string candidate = {};
    /// In synchronous mode: also to a member that is not synchronous.
    bool accept_asynchronous = false;
};

/// Cancels the switchover that waits for its time.
struct CancelScheduledSwitchover {};

/// Which members an action is for: those named, or all; and of these the ones with the role.
struct WhichMembers {
    std::vector<std::string> names = {};
    /// Role::primary also means the leader of a standby cluster; Role::replica every other member.
    std::optional<Role> role = std::nullopt;
};

struct RestartMembers {
    WhichMembers which = {};
    Restart how = {};
};
struct CancelRestarts {
    WhichMembers which = {};
};
/// Replicas only; at least one must be named.
struct ReinitializeMembers {
    WhichMembers which = {};
    Reinitialize how = {};
};
struct ReloadMembers {
    WhichMembers which = {};
};

/// Maintenance mode: Patroni stops to act by itself. Off: it acts again.
struct SetPause {
    bool on = true;
};

/// Whom a standby cluster copies; at least one of host, port and restore_command.
struct StandbySource {
    std::optional<std::string> host = std::nullopt;
    std::optional<std::uint16_t> port = std::nullopt;
    std::optional<std::string> restore_command = std::nullopt;
    std::optional<std::string> primary_slot_name = std::nullopt;
};
/// Makes a cluster the standby of another server: it becomes read-only.
struct DemoteCluster {
    StandbySource source = {};
};
/// Makes a standby cluster one of its own.
struct PromoteCluster {};

/// Deletes all keys of the cluster (or group) in the store, its configuration included. Members
/// that run write theirs again: stop them first.
struct RemoveCluster {};

using Action = std::variant<SwitchLeader, FailOver, CancelScheduledSwitchover, RestartMembers,
                            CancelRestarts, ReinitializeMembers, ReloadMembers, SetPause,
                            DemoteCluster, PromoteCluster, RemoveCluster>;

/// One request that a plan would send.
struct PlannedRequest {
    std::string member;
    Origin api;
    std::string call;  ///< "POST /switchover".
};

/// What an action would do to the cluster as it was seen. It changes nothing, and can be shown.
struct OperationPlan {
    Action action = SwitchLeader{};
    std::string scope;
    std::optional<int> group;
    Cluster seen;
    /// In their order, the leader first.
    std::vector<PlannedRequest> requests;
    /// Whether the first member that answers is enough; the others are not asked then.
    bool one_is_enough = false;
    /// Of SwitchLeader and FailOver: the request in full.
    std::optional<LeaderRequest> leader_request;
    /// What it costs or risks, for people; names in them are escaped.
    std::vector<std::string> warnings;
    /// Why it cannot be done: `execute` returns this and does nothing.
    std::optional<Outcome> refusal;
    /// What would happen, in one line.
    std::string summary;
};

/// What became of a plan.
struct OperationResult {
    struct Step {
        std::string member;
        Result<Outcome> outcome;  ///< An Error: certainly not sent.
    };
    /// The whole: of several members the worst (unknown, rejected, unsupported, scheduled, done).
    Outcome outcome;
    std::vector<Step> steps;  ///< What members were told, in this order.
    /// The write to the store, where one was made.
    std::optional<StoreOutcome> store;
};

}  // namespace patroni
