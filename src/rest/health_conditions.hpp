#pragma once

#include "base/query.hpp"

#include <patroni/health_explanation.hpp>
#include <patroni/version.hpp>

#include <optional>
#include <string>
#include <vector>

namespace patroni::rest {

/// The single conditions that Patroni's health checks are made of, judged by the facts about one
/// member. Outlived by the facts.
class HealthConditions {
public:
    HealthConditions(const HealthFacts& facts, Version version);

    const Version& version() const noexcept { return version_; }

    HealthCondition holds_lock() const;
    HealthCondition is_standby_cluster(bool wanted) const;
    HealthCondition runs() const;
    HealthCondition has_role(std::vector<Role> roles, std::string what) const;
    HealthCondition knows_cluster() const;
    HealthCondition is_balanced() const;  ///< No tag noloadbalance.
    HealthCondition is_synchronous() const;
    HealthCondition counts_for_quorum() const;
    HealthCondition is_neither() const;
    HealthCondition streams() const;
    HealthCondition is_near(std::int64_t limit, bool by_received) const;
    /// Patroni since 4.1.0 needs to know the leader's position, or failsafe mode.
    HealthCondition knows_leader_position() const;
    HealthCondition has_tag(const std::string& name, const std::string& value) const;
    HealthCondition loop_runs() const;

    /// In maintenance mode and without the DCS the member goes by its own role.
    bool is_on_its_own() const;
    /// `maximum_lag_on_failover`, or Patroni's default.
    std::int64_t failover_lag() const;

private:
    std::string own_name() const;
    const PublishedMember* own_row() const;
    std::optional<bool> in_set(Role role, bool flag, const Version& flag_since) const;
    std::optional<Lsn> leader_position() const;

    const HealthFacts& facts_;
    Version version_;
};

}  // namespace patroni::rest
