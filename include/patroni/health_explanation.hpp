#pragma once

#include <patroni/cluster.hpp>
#include <patroni/lsn.hpp>
#include <patroni/member_status.hpp>
#include <patroni/value.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patroni {

/// What is known of a member when one of its health checks is explained: its own answers, as far as
/// they came.
struct HealthFacts {
    MemberStatus status;  ///< `GET /patroni`, or the document of the health check itself.
    std::string name;     ///< The member's; empty: as `status` says (Patroni >= 3.2.0).
    std::optional<ClusterOverview> cluster;  ///< `GET /cluster` (Patroni >= 1.6.1).
    /// `GET /cluster` closed without an answer: the member cannot reach its DCS.
    bool dcs_lost = false;
    Value config;  ///< `GET /config`, an object; null: not known.
    /// Where the leader's log ends; nullopt: as `cluster` shows it.
    std::optional<Lsn> leader_position;
};

/// One condition of a health check, and whether the member meets it.
struct HealthCondition {
    std::string what;           ///< "it holds the leader lock"
    std::optional<bool> holds;  ///< nullopt: the facts do not say.
    std::string evidence;  ///< "GET /cluster: pg1 leads". May hold names: escape before printing.
};

/// One way to pass the check: all of its conditions.
struct HealthAlternative {
    std::string as;  ///< "primary", "standby leader", "replica", "synchronous standby", ...
    std::vector<HealthCondition> conditions;

    std::optional<bool> holds() const;
};

/// Why Patroni answers a health check with 200 or 503.
struct HealthExplanation {
    std::string asks;                       ///< "a running replica ...", by the member's version.
    std::vector<HealthAlternative> any_of;  ///< One that holds suffices; empty: never healthy.
    std::vector<HealthCondition> all_of;    ///< These must hold as well: filters by tag.
    /// What a reader would not expect: a parameter that is ignored, a name that this version takes
    /// for another.
    std::vector<std::string> remarks;

    /// 200 (true), 503 (false); nullopt: the facts do not decide.
    std::optional<bool> expected() const;
};

/// Evaluates the health check `target` ("/replica?lag=1MB", "/sync", "/readiness?mode=write") as
/// the Patroni of `facts.status` does, 0.90 to 4.1, with what each condition rests on. Pure: asks
/// nobody. A member whose version is not known is taken for a 4.1. nullopt: the target is no health
/// check but a call of its own ("/cluster").
std::optional<HealthExplanation> explain_health_check(std::string_view target,
                                                      const HealthFacts& facts);

}  // namespace patroni
