#include "operations/effect.hpp"

#include "codec/dcs_values.hpp"
#include "operations/plan.hpp"

#include <algorithm>
#include <chrono>
#include <utility>

namespace patroni::operations {
namespace {

std::string word_of(const Cluster& now, std::string_view member, std::string_view field) {
    const Value value = published_field(now, member, field);
    return value.if_string() ? *value.if_string() : std::string();
}

/// One judgement; each function returns whether the action shows.
class Judge {
public:
    Judge(const OperationPlan& plan, const Outcome& outcome, const Cluster& now,
          const std::set<std::string>& interrupted)
        : plan_(plan), outcome_(outcome), now_(now), interrupted_(interrupted) {}

    std::optional<Outcome> verdict() {
        if (!std::visit(*this, plan_.action)) {
            return std::nullopt;
        }
        Outcome seen = outcome_;
        if (seen.kind == OutcomeKind::unknown) {
            seen.reason = Reason::none;
            seen.error.reset();
            seen.message = "the cluster shows that it was carried out";
        }
        const bool waits = plan_.leader_request && plan_.leader_request->scheduled_at;
        seen.kind = waits || outcome_.kind == OutcomeKind::scheduled ? OutcomeKind::scheduled
                                                                     : OutcomeKind::done;
        if (plan_.leader_request && !waits) {
            seen.new_leader = now_.leader;
            const auto& wanted = plan_.leader_request->candidate;
            if (wanted && !wanted->empty() && now_.leader != wanted) {
                seen.reason = Reason::other_member_won;
                seen.message = "another member than the candidate leads now";
            }
        }
        return seen;
    }

    bool operator()(const SwitchLeader& action) const {
        return action.at ? is_scheduled_for(*action.at) : leader_changed();
    }
    bool operator()(const FailOver&) const { return leader_changed(); }
    bool operator()(const CancelScheduledSwitchover&) const { return !now_.scheduled_switchover; }
    bool operator()(const RestartMembers& action) const {
        return all_told([&](const std::string& name) {
            return action.how.schedule ? has_new_schedule(name) : was_restarted(name);
        });
    }
    bool operator()(const CancelRestarts&) const {
        return all_told(
            [&](const std::string& name) { return !is_object(name, "scheduled_restart"); });
    }
    /// Done is when it has ended: a key that was written since, in another state.
    bool operator()(const ReinitializeMembers&) const {
        return all_told([&](const std::string& name) {
            return runs(name) && (is_unanswered() ? interrupted_.contains(name) : changed(name));
        });
    }
    /// Nothing shows it.
    bool operator()(const ReloadMembers&) const { return !is_unanswered(); }
    bool operator()(const SetPause& action) const {
        return std::ranges::all_of(now_.members, [&](const PublishedMember& member) {
            const Value pause = published_field(now_, member.name, "pause");
            return plan_.seen.find(member.name) == nullptr || !member.api ||
                   codec::is_truthy(&pause) == action.on;
        });
    }
    bool operator()(const DemoteCluster&) const {
        const bool was_leader_runs = plan_.seen.leader && runs(*plan_.seen.leader);
        return leads_as("standby_leader") && was_leader_runs;
    }
    bool operator()(const PromoteCluster&) const { return leads_as("primary"); }
    bool operator()(const RemoveCluster&) const { return now_.keys.empty(); }

private:
    bool is_unanswered() const { return outcome_.kind == OutcomeKind::unknown; }

    bool runs(const std::string& name) const { return word_of(now_, name, "state") == "running"; }

    /// Patroni writes the time anew, and not to the microsecond.
    bool is_scheduled_for(WallTime wanted) const {
        if (!now_.scheduled_switchover) {
            return false;
        }
        const auto at = Timestamp::parse(now_.scheduled_switchover->at);
        return !at || !at->time || std::chrono::abs(*at->time - wanted) < std::chrono::seconds(1);
    }

    bool has_new_schedule(const std::string& name) const {
        const Value now = published_field(now_, name, "scheduled_restart");
        return now.if_object() != nullptr &&
               !(is_unanswered() && now == published_field(plan_.seen, name, "scheduled_restart"));
    }

    /// It runs, as it did before: without an answer that says nothing. That it was down does, or
    /// that what waited for a restart waits no longer.
    bool was_restarted(const std::string& name) const {
        const Value before = published_field(plan_.seen, name, "pending_restart");
        const Value after = published_field(now_, name, "pending_restart");
        return runs(name) && (!is_unanswered() || interrupted_.contains(name) ||
                              (codec::is_truthy(&before) && !codec::is_truthy(&after)));
    }

    /// Another member holds the lock, and the request is gone from the store.
    bool leader_changed() const {
        return now_.leader && now_.leader != plan_.seen.leader && !now_.scheduled_switchover;
    }

    template <class Holds>
    bool all_told(Holds holds) const {
        return std::ranges::all_of(plan_.requests, [&](const PlannedRequest& request) {
            return now_.find(request.member) != nullptr && holds(request.member);
        });
    }

    bool is_object(const std::string& member, std::string_view field) const {
        return published_field(now_, member, field).if_object() != nullptr;
    }

    bool changed(const std::string& member) const {
        const auto before = plan_.seen.keys.find("members/" + member);
        const auto after = now_.keys.find("members/" + member);
        return before == plan_.seen.keys.end() || after == now_.keys.end() ||
               before->second.revision != after->second.revision;
    }

    bool leads_as(std::string_view role) const {
        if (!now_.leader) {
            return false;
        }
        const std::string word = word_of(now_, *now_.leader, "role");
        return (word == role || (role == "primary" && word == "master")) &&
               word_of(now_, *now_.leader, "state") == "running";
    }

    const OperationPlan& plan_;
    const Outcome& outcome_;
    const Cluster& now_;
    const std::set<std::string>& interrupted_;
};

}  // namespace

std::optional<Outcome> judge_effect(const OperationPlan& plan, const Outcome& outcome,
                                    const Cluster& now, const std::set<std::string>& interrupted) {
    if (plan.refusal || outcome.kind == OutcomeKind::rejected ||
        outcome.kind == OutcomeKind::unsupported) {
        return outcome;
    }
    return Judge(plan, outcome, now, interrupted).verdict();
}

}  // namespace patroni::operations
