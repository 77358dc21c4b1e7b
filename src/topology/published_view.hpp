#pragma once

#include "topology/grouping.hpp"

#include <patroni/cluster.hpp>
#include <patroni/discovery.hpp>
#include <patroni/status.hpp>

#include <optional>
#include <string>

namespace patroni::topology {

/// What members published, from the DCS or from one member's `GET /cluster`; or nothing at all.
/// Keeps pointers: the sources must outlive it.
class PublishedView {
public:
    PublishedView() = default;
    explicit PublishedView(const Cluster& cluster);
    explicit PublishedView(const ClusterOverview& overview);

    FactSource source() const noexcept { return source_; }
    bool lock_known() const noexcept { return source_ != FactSource::none; }
    /// The member name that holds the leader lock.
    const std::optional<std::string>& lock_holder() const noexcept { return lock_holder_; }
    std::optional<bool> paused() const noexcept { return paused_; }
    const std::optional<ScheduledSwitchover>& scheduled_switchover() const noexcept {
        return scheduled_switchover_;
    }
    /// The store's view; nullptr when this comes from `GET /cluster`.
    const Cluster* cluster() const noexcept { return cluster_; }
    const std::vector<PublishedMember>& members() const noexcept;

    /// The published record of a member: by the name of discovery or of its answer, else by the
    /// address of its REST API. nullptr when it cannot be told.
    const PublishedMember* find(const DiscoveredMember& member,
                                const Observation& observation) const;

    /// The record of the lock holder; nullptr when there is none.
    const PublishedMember* leader() const;

    /// Whether the published lags mean anything: Patroni publishes 0 while no leader is known.
    bool lags_known() const noexcept { return lags_known_; }

private:
    const PublishedMember* find_by_name(std::string_view name) const;

    FactSource source_ = FactSource::none;
    const Cluster* cluster_ = nullptr;
    const std::vector<PublishedMember>* members_ = nullptr;
    std::optional<std::string> lock_holder_;
    std::optional<bool> paused_;
    std::optional<ScheduledSwitchover> scheduled_switchover_;
    bool lags_known_ = false;
};

}  // namespace patroni::topology
