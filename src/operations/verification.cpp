#include "operations/verification.hpp"

#include "codec/dcs_values.hpp"
#include "operations/plan.hpp"

#include <algorithm>
#include <utility>

namespace patroni::operations {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds k_pause{1000};

std::string word_of(const Cluster& now, std::string_view member, std::string_view field) {
    const Value value = published_field(now, member, field);
    return value.if_string() ? *value.if_string() : std::string();
}

/// One judgement; each function returns whether the action shows.
class Judge {
public:
    Judge(const OperationPlan& plan, const Outcome& outcome, const Cluster& now)
        : plan_(plan), outcome_(outcome), now_(now) {}

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
        return action.at ? now_.scheduled_switchover.has_value() : leader_changed();
    }
    bool operator()(const FailOver&) const { return leader_changed(); }
    bool operator()(const CancelScheduledSwitchover&) const { return !now_.scheduled_switchover; }
    bool operator()(const RestartMembers& action) const {
        return all_told([&](const std::string& name) {
            return action.how.schedule ? is_object(name, "scheduled_restart")
                                       : word_of(now_, name, "state") == "running";
        });
    }
    bool operator()(const CancelRestarts&) const {
        return all_told(
            [&](const std::string& name) { return !is_object(name, "scheduled_restart"); });
    }
    /// Done is when it has ended: a key that was written since, in another state.
    bool operator()(const ReinitializeMembers&) const {
        return all_told([&](const std::string& name) {
            return word_of(now_, name, "state") == "running" && changed(name);
        });
    }
    bool operator()(const ReloadMembers&) const { return true; }
    bool operator()(const SetPause& action) const {
        return std::ranges::all_of(now_.members, [&](const PublishedMember& member) {
            const Value pause = published_field(now_, member.name, "pause");
            return plan_.seen.find(member.name) == nullptr || !member.api ||
                   codec::is_truthy(&pause) == action.on;
        });
    }
    bool operator()(const DemoteCluster&) const {
        const bool was_leader_runs =
            plan_.seen.leader && word_of(now_, *plan_.seen.leader, "state") == "running";
        return leads_as("standby_leader") && was_leader_runs;
    }
    bool operator()(const PromoteCluster&) const { return leads_as("primary"); }
    bool operator()(const RemoveCluster&) const { return now_.keys.empty(); }

private:
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
};

class Verification : public std::enable_shared_from_this<Verification> {
public:
    Verification(const Ports& ports, OperationPlan plan, Outcome outcome,
                 transport::SteadyTime deadline, Callback<void(Result<Outcome>)> done)
        : ports_(ports),
          plan_(std::move(plan)),
          outcome_(std::move(outcome)),
          deadline_(deadline),
          done_(std::move(done)) {}

    void look() {
        step_ = ports_.read(plan_.scope,
                            [self = shared_from_this()](Result<std::vector<Cluster>> clusters) {
                                self->take(std::move(clusters));
                            });
    }

    void cancel() {
        cancelled_ = true;
        step_.cancel();
    }

private:
    void take(Result<std::vector<Cluster>> clusters) {
        std::optional<Error> error;
        if (clusters) {
            const Cluster now = pick_cluster(*std::move(clusters), plan_.scope, plan_.group);
            if (auto verdict = judge_effect(plan_, outcome_, now)) {
                return done_(*std::move(verdict));
            }
        } else {
            error = std::move(clusters).error();
        }
        const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - steady_clock::now());
        if (left.count() <= 0 || cancelled_) {
            return error ? done_(*std::move(error)) : done_(in_doubt());
        }
        step_ = ports_.wait(std::min(k_pause, left), [self = shared_from_this()] { self->look(); });
    }

    Outcome in_doubt() {
        if (outcome_.kind == OutcomeKind::done || outcome_.kind == OutcomeKind::scheduled) {
            outcome_.kind = OutcomeKind::unknown;
            outcome_.reason = cancelled_ ? Reason::cancelled : Reason::no_answer;
            outcome_.message = "it was accepted, and the store does not show it yet";
        }
        return std::move(outcome_);
    }

    const Ports& ports_;
    OperationPlan plan_;
    Outcome outcome_;
    transport::SteadyTime deadline_;
    Callback<void(Result<Outcome>)> done_;
    bool cancelled_ = false;
    Operation step_;
};

}  // namespace

std::optional<Outcome> judge_effect(const OperationPlan& plan, const Outcome& outcome,
                                    const Cluster& now) {
    if (plan.refusal || outcome.kind == OutcomeKind::rejected ||
        outcome.kind == OutcomeKind::unsupported) {
        return outcome;
    }
    return Judge(plan, outcome, now).verdict();
}

Operation verify_plan(const Ports& ports, OperationPlan plan, Outcome outcome,
                      transport::SteadyTime deadline, Callback<void(Result<Outcome>)> done) {
    auto verification = std::make_shared<Verification>(ports, std::move(plan), std::move(outcome),
                                                       deadline, std::move(done));
    verification->look();
    return Operation([weak = std::weak_ptr(verification)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::operations
