#include "base/query.hpp"
#include "rest/health_conditions.hpp"
#include "rest/health_question.hpp"

#include <patroni/health_explanation.hpp>

#include <algorithm>
#include <utility>

namespace patroni {
namespace {

using rest::HealthConditions;
using rest::HealthQuestion;

constexpr Version k_newest{4, 1, 0};

std::optional<bool> all_hold(const std::vector<HealthCondition>& conditions) {
    bool all_known = true;
    for (const auto& condition : conditions) {
        if (condition.holds && !*condition.holds) {
            return false;
        }
        all_known = all_known && condition.holds;
    }
    return all_known ? std::optional(true) : std::nullopt;
}

/// Builds one explanation, alternative by alternative.
class Explainer {
public:
    Explainer(const HealthFacts& facts, Version version, std::string_view target)
        : is_(facts, version), read_(rest::read_health_target(target, version)) {
        if (read_.has_query) {
            query_ = parse_query(target);
        }
    }

    HealthExplanation explain() {
        result_.remarks = std::move(read_.remarks);
        read_limit();
        switch (read_.question) {
            case HealthQuestion::nothing:
                result_.asks = "nothing that Patroni knows: always 503";
                return std::move(result_);
            case HealthQuestion::liveness:
                result_.asks = "Patroni's own loop runs";
                add("member", {is_.loop_runs()});
                return std::move(result_);
            case HealthQuestion::readiness:
                readiness();
                return std::move(result_);
            default:
                health();
                filter_by_tags();
                return std::move(result_);
        }
    }

private:
    using Conditions = std::vector<HealthCondition>;

    bool since(Version version) const { return is_.version() >= version; }
    void add(std::string as, Conditions conditions) {
        result_.any_of.push_back({std::move(as), std::move(conditions)});
    }
    void remark(std::string text) { result_.remarks.push_back(std::move(text)); }

    /// A lag that cannot be read is no limit at all, and nobody is told.
    void read_limit() {
        const auto text = find_parameter(query_, "lag");
        if (!text) {
            return;
        }
        limit_ = parse_size(*text);
        const bool is_readiness = read_.question == HealthQuestion::readiness;
        if (is_readiness && !since({4, 1, 0})) {
            remark("/readiness has the parameter lag since Patroni 4.1: it is ignored");
        } else if (!limit_) {
            remark("lag=" + *text + " is no size that Patroni can read: " +
                   (is_readiness ? "its default counts" : "there is no limit") +
                   "; write plain bytes, or B, kB, MB, GB, TB");
        }
    }

    void health() {
        switch (read_.question) {
            case HealthQuestion::primary:
                result_.asks =
                    "the holder of the leader lock, if it leads no standby cluster; what "
                    "PostgreSQL does is not looked at";
                add_primary();
                break;
            case HealthQuestion::leader:
                result_.asks =
                    "the holder of the leader lock; what PostgreSQL does is not looked at";
                add_leader();
                break;
            case HealthQuestion::standby_leader:
                result_.asks = "the holder of the leader lock of a standby cluster";
                add_standby_leader();
                break;
            case HealthQuestion::replica:
                result_.asks = "a running replica that takes part in load balancing";
                add("replica", replica());
                break;
            case HealthQuestion::read_only:
                result_.asks = "a leader, or a running replica that takes part in load balancing";
                add_leaders();
                add("replica", replica());
                break;
            case HealthQuestion::health:
                result_.asks = "PostgreSQL runs";
                add("any role", {is_.runs()});
                break;
            default:
                sets();
                break;
        }
    }

    /// Checks that need to know the cluster.
    void sets() {
        switch (read_.question) {
            case HealthQuestion::sync:
                result_.asks = "a replica that is a synchronous standby";
                add("synchronous standby", in_set(is_.is_synchronous()));
                break;
            case HealthQuestion::quorum:
                result_.asks = "a replica that counts for the quorum";
                add("quorum standby", in_set(is_.counts_for_quorum()));
                break;
            case HealthQuestion::async:
                result_.asks = "a replica that is not synchronous";
                add("asynchronous replica", in_set(is_.is_neither()));
                break;
            case HealthQuestion::read_only_sync:
                result_.asks = "a leader, or a replica that is a synchronous standby";
                add_leaders();
                add("synchronous standby", in_set(is_.is_synchronous()));
                break;
            default:
                result_.asks = "a leader, or a replica that counts for the quorum";
                add_leaders();
                add("quorum standby", in_set(is_.counts_for_quorum()));
                break;
        }
        result_.all_of.push_back(is_.knows_cluster());
    }

    void readiness() {
        add("leader", {is_.holds_lock()});
        if (!since({4, 1, 0})) {
            result_.asks = "the holder of the leader lock, or a member whose PostgreSQL runs";
            add("member", {is_.runs(), is_.knows_cluster()});
            return;
        }
        result_.asks =
            "the holder of the leader lock, or a standby that streams and is near enough";
        const auto mode = find_parameter(query_, "mode");
        const bool by_received = mode == "write";
        if (mode && !by_received && mode != "apply") {
            remark("mode=" + *mode + " is neither apply nor write: apply counts");
        }
        add("standby", {is_.runs(), is_.streams(), is_.knows_leader_position(),
                        is_.is_near(limit_.value_or(is_.failover_lag()), by_received)});
    }

    Conditions replica() {
        Conditions conditions = {is_.has_role({Role::replica}, "its role is replica")};
        if (since({1, 6, 1})) {
            conditions.push_back(is_.runs());
        } else {
            // Even a stopped one is sent there.
            remark("Patroni before 1.6.1 does not look whether the replica's PostgreSQL runs");
        }
        conditions.push_back(is_.is_balanced());
        if (limit_) {
            conditions.push_back(is_.is_near(*limit_, false));
        }
        return conditions;
    }

    Conditions in_set(HealthCondition membership) {
        Conditions conditions = replica();
        conditions.insert(conditions.begin(), std::move(membership));
        return conditions;
    }

    void add_primary() {
        if (is_.is_on_its_own()) {
            remark("in maintenance mode and without its DCS the member goes by its own role");
            add("primary", {is_.has_role({Role::primary}, "its role is primary")});
        } else {
            add("primary", {is_.holds_lock(), is_.is_standby_cluster(false)});
        }
    }

    void add_leader() {
        if (is_.is_on_its_own()) {
            remark("in maintenance mode and without its DCS the member goes by its own role");
            add("leader", {is_.has_role({Role::primary, Role::standby_leader},
                                        "its role is primary or standby_leader")});
        } else {
            add("leader", {is_.holds_lock()});
        }
    }

    void add_standby_leader() {
        if (!since({2, 0, 0})) {
            return add_leader();
        }
        if (is_.is_on_its_own()) {
            remark("in maintenance mode and without its DCS the member goes by its own role");
            add("standby leader",
                {is_.has_role({Role::standby_leader}, "its role is standby_leader")});
        } else {
            add("standby leader",
                {is_.holds_lock(), is_.is_standby_cluster(true),
                 is_.has_role({Role::replica, Role::standby_leader}, "it is in recovery")});
        }
    }

    void add_leaders() {
        if (!since({2, 0, 0})) {
            return add_leader();
        }
        add_primary();
        const auto remarks = result_.remarks.size();
        add_standby_leader();
        result_.remarks.resize(remarks);  // Said once.
    }

    void filter_by_tags() {
        const bool of_leaders = read_.question == HealthQuestion::primary ||
                                read_.question == HealthQuestion::leader ||
                                read_.question == HealthQuestion::standby_leader;
        for (const auto& [name, value] : query_) {
            if (name.starts_with("tag_")) {
                if (of_leaders || !since({2, 1, 0})) {
                    remark(name + (of_leaders ? " is ignored by the checks of leaders"
                                              : " is ignored before Patroni 2.1"));
                } else {
                    result_.all_of.push_back(is_.has_tag(name.substr(4), value));
                }
            } else if (name != "lag") {
                remark(name + " is no parameter of a health check in any release up to 4.1");
            }
        }
        if (limit_ && (of_leaders || read_.question == HealthQuestion::health)) {
            remark("lag is ignored by this check");
        }
    }

    HealthConditions is_;
    rest::ReadTarget read_;
    Query query_;
    std::optional<std::int64_t> limit_;
    HealthExplanation result_;
};

}  // namespace

std::optional<bool> HealthAlternative::holds() const {
    return all_hold(conditions);
}

std::optional<bool> HealthExplanation::expected() const {
    std::optional<bool> any = false;
    for (const auto& alternative : any_of) {
        const auto holds = alternative.holds();
        if (!holds) {
            any = std::nullopt;
        } else if (*holds) {
            any = true;
            break;
        }
    }
    const auto all = all_hold(all_of);
    if ((any && !*any) || (all && !*all)) {
        return false;
    }
    return any && all ? std::optional(true) : std::nullopt;
}

std::optional<HealthExplanation> explain_health_check(std::string_view target,
                                                      const HealthFacts& facts) {
    const Version version = facts.status.version.value_or(k_newest);
    if (rest::is_own_call(target, version)) {
        return std::nullopt;
    }
    auto explanation = Explainer(facts, version, target).explain();
    if (!facts.status.version) {
        explanation.remarks.push_back("the member does not say its version: judged as a 4.1");
    }
    return explanation;
}

}  // namespace patroni
