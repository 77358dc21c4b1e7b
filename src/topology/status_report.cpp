#include "topology/status_report.hpp"

#include "topology/health_rules.hpp"
#include "topology/lag.hpp"
#include "topology/member_health.hpp"
#include "topology/verdict.hpp"

#include <algorithm>
#include <tuple>

namespace patroni::topology {
namespace {

const OverviewAnswer* overview_of(const Group& group, const std::vector<OverviewAnswer>& answers) {
    const OverviewAnswer* failed = nullptr;
    for (const auto& answer : answers) {
        if (std::find(group.members.begin(), group.members.end(), answer.member) !=
            group.members.end()) {
            if (answer.overview) {
                return &answer;
            }
            failed = &answer;
        }
    }
    return failed;
}

/// The store's view of a group; nullptr for a group that the store does not know.
const Cluster* cluster_of(const Group& group, const Discovery& discovery) {
    const auto found = discovery.clusters.find(group.scope);
    if (found == discovery.clusters.end()) {
        return nullptr;
    }
    const auto& initialize = found->second.initialize;
    const bool ours = !group.contested || !initialize || initialize->empty() ||
                      group.system_identifier == initialize;
    return ours ? &found->second : nullptr;
}

/// Builds the status of one group.
class GroupReport {
public:
    GroupReport(const Group& group, const Discovery& discovery,
                const std::vector<Observation>& observations,
                const std::vector<OverviewAnswer>& overviews)
        : group_(group), discovery_(discovery), observations_(observations) {
        if (const Cluster* cluster = cluster_of(group, discovery)) {
            view_ = PublishedView(*cluster);
        } else if (const OverviewAnswer* answer = overview_of(group, overviews)) {
            if (answer->overview) {
                view_ = PublishedView(*answer->overview);
            } else {
                overview_failure_ = answer;
            }
        }
    }

    ClusterStatus build() {
        status_.scope = group_.scope;
        status_.system_identifier = group_.system_identifier;
        add_rows();
        add_facts();
        add_group_problems();
        const MemberHealth* leader = find_leader(status_);
        const MemberHealth* primary = status_.primary ? leader : nullptr;
        for (auto& row : status_.members) {
            fill_lag(row, primary, record_of(row), view_);
        }
        for (auto& row : status_.members) {
            judge_member(row, primary, status_, lag_limits(), status_.problems);
        }
        judge_cluster(status_);
        return std::move(status_);
    }

    /// What is wrong with the list of members, not with the cluster.
    std::vector<Problem> take_remarks() { return std::move(remarks_); }

private:
    struct Record {
        std::string name;
        const PublishedMember* record;
    };

    /// The other index of the group under which the same server answered: same name, same start of
    /// the postmaster. The lowest address keeps the row. A clone of the same name started apart,
    /// and members that do not name themselves (before 3.2) are never taken for each other.
    std::optional<std::size_t> listed_twin(std::size_t index) const {
        const auto& answer = observations_[index].answer;
        if (!answer || !answer->name || !answer->postmaster_start_time) {
            return std::nullopt;
        }
        for (const std::size_t other : group_.members) {
            const auto& twin = observations_[other].answer;
            if (other != index && twin && twin->name == answer->name &&
                twin->postmaster_start_time &&
                twin->postmaster_start_time->text == answer->postmaster_start_time->text &&
                discovery_.members[other].api < discovery_.members[index].api) {
                return other;
            }
        }
        return std::nullopt;
    }

    void add_rows() {
        for (const std::size_t index : group_.members) {
            const auto& member = discovery_.members[index];
            if (const auto twin = listed_twin(index)) {
                remarks_.push_back({"same_member", member.display_name(),
                                    "is listed twice: the same server answers at " +
                                        discovery_.members[*twin].api->text()});
                continue;
            }
            const auto& observation = observations_[index];
            status_.members.push_back(describe_member(member, observation, view_));
            records_.push_back({status_.members.back().name, view_.find(member, observation)});
            check_identity(member, observation);
        }
        if (view_.cluster() != nullptr) {
            for (const auto& gone : view_.cluster()->gone) {
                status_.members.push_back(describe_gone(gone, group_.scope, view_));
            }
        }
        std::sort(status_.members.begin(), status_.members.end(),
                  [](const MemberHealth& a, const MemberHealth& b) {
                      return std::tie(a.name, a.discovered.api) <
                             std::tie(b.name, b.discovered.api);
                  });
    }

    /// An address can be reused: what answers there may be somebody else.
    void check_identity(const DiscoveredMember& member, const Observation& observation) {
        if (!observation.answer || member.registrator) {
            return;
        }
        const auto& answer = *observation.answer;
        if (member.scope && !answer.scope.empty() && answer.scope != *member.scope &&
            member.scope->rfind(answer.scope + "/", 0) != 0) {
            status_.problems.push_back(
                {"scope_mismatch", status_.members.back().name,
                 "its address is answered by a member of cluster \"" + answer.scope + "\""});
        } else if (member.name && answer.name && *member.name != *answer.name) {
            status_.problems.push_back(
                {"name_mismatch", status_.members.back().name,
                 "its address is answered by member \"" + *answer.name + "\""});
        }
    }

    void add_facts() {
        status_.lock_source = view_.source();
        if (view_.lock_holder()) {
            status_.lock_holder = *view_.lock_holder();
            for (const auto& row : status_.members) {
                if (row.holds_lock == true) {
                    status_.lock_holder = row.name;
                }
            }
        }
        status_.paused = view_.paused();
        status_.scheduled_switchover = view_.scheduled_switchover();
        for (const std::size_t index : group_.members) {
            if (!observations_[index].answer) {
                continue;
            }
            const auto& answer = *observations_[index].answer;
            const auto version = answer.version.value_or(Version{});
            if (answer.paused) {
                status_.paused = true;
            } else if (!status_.paused && version >= Version{1, 4, 0}) {
                status_.paused = false;
            }
            if (answer.failsafe_mode_is_active) {
                status_.failsafe = true;
            } else if (!status_.failsafe && version >= Version{3, 0, 0}) {
                status_.failsafe = false;
            }
        }
        if (const auto ttl = configured("ttl"); ttl && *ttl > 0 && *ttl < 86400) {
            status_.ttl = std::chrono::seconds(*ttl);
        }
        add_sync();
    }

    void add_sync() {
        SyncSummary sync;
        if (const Cluster* cluster = view_.cluster(); cluster != nullptr && cluster->sync) {
            sync.quorum_mode = cluster->quorum_mode;
            sync.leader = cluster->sync->leader;
            sync.standbys = cluster->sync->standbys;
            sync.quorum = cluster->sync->quorum;
        } else {
            for (const auto& row : status_.members) {
                if (row.role == Role::sync_standby || row.role == Role::quorum_standby) {
                    sync.standbys.push_back(row.name);
                    sync.quorum_mode = row.role == Role::quorum_standby;
                }
            }
            if (sync.standbys.empty()) {
                return;
            }
        }
        status_.sync = std::move(sync);
    }

    void add_group_problems() {
        if (view_.cluster() != nullptr) {
            for (const auto& problem : view_.cluster()->problems) {
                status_.problems.push_back(
                    {problem.kind, "", problem.where + ": " + problem.message});
            }
        }
        if (group_.contested) {
            status_.problems.push_back({"two_system_identifiers", "",
                                        "another cluster with the same scope \"" + group_.scope +
                                            "\" has another system identifier"});
        }
        if (group_.ambiguous) {
            status_.problems.push_back({"ambiguous_cluster", "",
                                        group_.scope.empty()
                                            ? "nobody says to which cluster these members belong"
                                            : "no system identifier: which cluster of scope \"" +
                                                  group_.scope +
                                                  "\" these members belong to is not known"});
        }
        if (overview_failure_ != nullptr) {
            const auto& member = discovery_.members[overview_failure_->member];
            status_.problems.push_back(
                {"cluster_unread", member.display_name(),
                 "GET /cluster: " + overview_failure_->overview.error().message});
        }
        if (status_.failsafe == true) {
            status_.problems.push_back(
                {"failsafe", "", "failsafe mode is active: the DCS cannot be reached"});
        }
        add_unlisted();
    }

    /// Members that `/cluster` lists and the source does not, as far as names can be compared.
    void add_unlisted() {
        if (view_.source() != FactSource::cluster) {
            return;
        }
        for (const auto& record : records_) {
            if (record.record == nullptr) {
                return;
            }
        }
        for (const auto& published : view_.members()) {
            const bool listed =
                std::any_of(records_.begin(), records_.end(),
                            [&](const Record& known) { return known.record == &published; });
            if (!listed) {
                status_.problems.push_back(
                    {"unlisted_member", published.name,
                     "is a member of the cluster, but the source does not list it"});
            }
        }
    }

    const PublishedMember* record_of(const MemberHealth& row) const {
        for (const auto& record : records_) {
            if (record.name == row.name) {
                return record.record;
            }
        }
        return nullptr;
    }

    /// A whole number of the dynamic configuration, where the store shows it.
    std::optional<std::int64_t> configured(std::string_view key) const {
        const Value* value =
            view_.cluster() != nullptr ? view_.cluster()->config.find(key) : nullptr;
        return value != nullptr && value->if_int() != nullptr ? std::optional(*value->if_int())
                                                              : std::nullopt;
    }

    LagLimits lag_limits() const {
        LagLimits limits;
        const auto limit = configured("maximum_lag_on_failover");
        if (limit && *limit >= 0) {
            limits.receive_bytes = static_cast<std::uint64_t>(*limit);
        }
        return limits;
    }

    const Group& group_;
    const Discovery& discovery_;
    const std::vector<Observation>& observations_;
    PublishedView view_;
    const OverviewAnswer* overview_failure_ = nullptr;
    std::vector<Record> records_;
    ClusterStatus status_;
    std::vector<Problem> remarks_;
};

}  // namespace

std::optional<OverviewAnswer> seed_overview(const Discovery& discovery) {
    if (!discovery.seed_overview) {
        return std::nullopt;
    }
    const auto& members = discovery.members;
    const auto seed =
        std::find_if(members.begin(), members.end(),
                     [&](const DiscoveredMember& member) { return member.api == discovery.seed; });
    const auto index =
        seed == members.end() ? std::size_t{0} : static_cast<std::size_t>(seed - members.begin());
    return OverviewAnswer{index, *discovery.seed_overview};
}

StatusReport assemble_report(const Discovery& discovery,
                             const std::vector<Observation>& observations,
                             const std::vector<OverviewAnswer>& overviews) {
    StatusReport report;
    report.source = discovery.source;
    report.problems = discovery.problems;
    std::string contested;
    for (const auto& group : group_members(discovery, observations)) {
        GroupReport builder(group, discovery, observations, overviews);
        report.clusters.push_back(builder.build());
        for (auto& remark : builder.take_remarks()) {
            report.problems.push_back(std::move(remark));
        }
        if (group.contested && contested != group.scope) {
            contested = group.scope;
            report.problems.push_back({"two_system_identifiers", group.scope,
                                       "two clusters with different system identifiers share "
                                       "this scope"});
        }
    }
    return report;
}

}  // namespace patroni::topology
