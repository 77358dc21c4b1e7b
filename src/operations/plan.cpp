#include "operations/plan.hpp"

#include "base/text.hpp"

#include <algorithm>
#include <iterator>

namespace patroni::operations {
namespace {

std::string quoted(std::string_view name) {
    return '"' + escape_untrusted(name, 128) + '"';
}

/// ISO 8601 with an offset that every version of Patroni reads, not `Z`.
std::string schedule_text(WallTime time) {
    std::string text = to_iso(time);
    text.pop_back();
    return text + "+00:00";
}

/// Makes the plan of each kind of action.
class Planner {
public:
    Planner(OperationPlan& plan) : plan_(plan), seen_(plan.seen) {}

    void operator()(const SwitchLeader& action) {
        if (!seen_.leader) {
            return refuse(Reason::no_leader, "the cluster has no leader to switch from");
        }
        if (action.leader && action.leader != seen_.leader) {
            return refuse(Reason::leader_mismatch, "the leader is " + quoted(*seen_.leader) +
                                                       ", not " + quoted(*action.leader));
        }
        if (action.at && seen_.paused.value_or(false)) {
            return refuse(Reason::paused, "a switchover cannot be scheduled in maintenance mode");
        }
        if (!action.candidate && seen_.paused.value_or(false)) {
            return refuse(Reason::candidate_required,
                          "in maintenance mode a switchover needs a candidate");
        }
        if (!check_candidate(action.candidate)) {
            return;
        }
        const bool is_sync = !action.candidate || is_synchronous(*action.candidate);
        if (!is_sync) {
            return refuse(Reason::candidate_not_sync,
                          quoted(*action.candidate) + " is not a synchronous standby");
        }
        LeaderRequest request = leader_request(LeaderRequest::Kind::switchover, action.candidate);
        if (action.at) {
            request.scheduled_at = schedule_text(*action.at);
        } else {
            warn("connections to the leader " + quoted(*seen_.leader) + " end");
        }
        if (seen_.scheduled_switchover) {
            warn("it takes the place of the switchover that is scheduled at " +
                 escape_untrusted(seen_.scheduled_switchover->at, 64));
        }
        const std::string when = action.at ? " at " + *request.scheduled_at : std::string();
        tell(request, "switch over from " + quoted(*seen_.leader) + " to " +
                          (action.candidate ? quoted(*action.candidate)
                                            : std::string("the healthiest candidate")) +
                          when);
    }

    void operator()(const FailOver& action) {
        if (action.candidate.empty()) {
            return refuse(Reason::candidate_required, "a failover needs a candidate");
        }
        if (!check_candidate(action.candidate)) {
            return;
        }
        if (!is_synchronous(action.candidate)) {
            if (!action.accept_asynchronous) {
                return refuse(Reason::candidate_not_sync,
                              quoted(action.candidate) +
                                  " is not a synchronous standby: what it has not received would "
                                  "be lost");
            }
            warn(quoted(action.candidate) + " is not a synchronous standby");
        }
        warn("what " + quoted(action.candidate) + " has not received is lost" + distance(action));
        tell(leader_request(LeaderRequest::Kind::failover, action.candidate),
             "fail over to " + quoted(action.candidate));
    }

    void operator()(const CancelScheduledSwitchover&) {
        if (!seen_.scheduled_switchover) {
            return refuse(Reason::nothing_to_do, "no switchover is scheduled");
        }
        one_of_all("DELETE /switchover", "cancel the switchover scheduled at " +
                                             escape_untrusted(seen_.scheduled_switchover->at, 64));
    }

    void operator()(const RestartMembers& action) {
        if (action.how.schedule && seen_.paused.value_or(false)) {
            return refuse(Reason::paused, "a restart cannot be scheduled in maintenance mode");
        }
        // What is pending at the time of a schedule is known only then.
        const bool only_pending = action.how.only_if_pending && !action.how.schedule;
        each(action.which, "POST /restart",
             action.how.schedule ? "schedule a restart of" : "restart",
             [only_pending](const PublishedMember& member) {
                 return !only_pending || member.pending_restart;
             });
        if (!action.how.schedule && !plan_.refusal) {
            warn("their connections to PostgreSQL end");
        }
    }

    void operator()(const CancelRestarts& action) {
        each(action.which, "DELETE /restart", "cancel the scheduled restart of",
             [this](const PublishedMember& member) {
                 const Value scheduled = published_field(seen_, member.name, "scheduled_restart");
                 return scheduled.if_object() != nullptr;
             });
    }

    void operator()(const ReinitializeMembers& action) {
        if (action.which.names.empty()) {
            return refuse(Reason::bad_request, "name the replicas to reinitialize");
        }
        if (!seen_.leader) {
            return refuse(Reason::no_leader, "there is no leader to copy from");
        }
        if (std::ranges::count(action.which.names, *seen_.leader) > 0) {
            return refuse(Reason::is_leader, quoted(*seen_.leader) + " is the leader");
        }
        each(action.which, "POST /reinitialize", "reinitialize",
             [](const PublishedMember&) { return true; });
        warn("their data directories are deleted and copied anew");
    }

    void operator()(const ReloadMembers& action) {
        each(action.which, "POST /reload", "reload the configuration of",
             [](const PublishedMember&) { return true; });
    }

    void operator()(const SetPause& action) {
        if (seen_.paused.value_or(false) == action.on) {
            return refuse(Reason::nothing_to_do, action.on
                                                     ? "the cluster is in maintenance mode already"
                                                     : "the cluster is not in maintenance mode");
        }
        one_of_all("PATCH /config",
                   action.on ? "switch maintenance mode on" : "switch maintenance mode off");
        if (action.on) {
            warn("nobody takes over when the leader dies, until it is switched off");
        }
    }

    void operator()(const DemoteCluster& action) {
        const StandbySource& source = action.source;
        if (!source.host && !source.port && !source.restore_command) {
            return refuse(Reason::bad_request,
                          "a standby cluster needs a host, a port or a restore command");
        }
        change_role("standby_leader", "make the cluster a standby cluster");
        warn("it becomes read-only");
    }

    void operator()(const PromoteCluster&) {
        change_role("primary", "make the standby cluster one of its own");
    }

    void operator()(const RemoveCluster&) {
        if (seen_.keys.empty()) {
            return refuse(Reason::nothing_to_do, "the store has no keys of this cluster");
        }
        plan_.summary = "delete " + std::to_string(seen_.keys.size()) + " keys below " +
                        escape_untrusted(seen_.path, 256);
        if (seen_.leader) {
            warn("the cluster runs: its leader is " + quoted(*seen_.leader) +
                 ", and members that run write their keys again");
        }
    }

private:
    void refuse(Reason reason, std::string message) {
        plan_.requests.clear();
        plan_.refusal.emplace();
        plan_.refusal->kind = OutcomeKind::rejected;
        plan_.refusal->reason = reason;
        plan_.refusal->message = std::move(message);
    }

    void warn(std::string text) { plan_.warnings.push_back(std::move(text)); }

    bool check_candidate(const std::optional<std::string>& candidate) {
        const auto possible = candidates(seen_);
        if (possible.empty()) {
            refuse(Reason::no_candidate, "no other member may be promoted");
        } else if (candidate && candidate == seen_.leader) {
            refuse(Reason::same_member, quoted(*candidate) + " is the leader already");
        } else if (candidate && std::ranges::count(possible, *candidate, [](const auto* member) {
                                    return member->name;
                                }) == 0) {
            refuse(Reason::candidate_unknown,
                   quoted(*candidate) + " is no member, or is tagged nofailover");
        }
        return !plan_.refusal;
    }

    /// True when nobody asks for it.
    bool is_synchronous(std::string_view member) const {
        return !seen_.sync || seen_.sync->contains(member) || seen_.sync->leader == member;
    }

    LeaderRequest leader_request(LeaderRequest::Kind kind,
                                 const std::optional<std::string>& candidate) const {
        LeaderRequest request;
        request.kind = kind;
        request.scope = plan_.scope;
        request.group = plan_.group;
        request.leader = seen_.leader;
        request.candidate = candidate;
        const PublishedMember* told =
            seen_.find(seen_.leader ? *seen_.leader : candidate.value_or(std::string()));
        request.api = told ? told->api : std::nullopt;
        return request;
    }

    void tell(LeaderRequest request, std::string summary) {
        if (request.api) {
            plan_.requests.push_back({seen_.leader ? *seen_.leader : *request.candidate,
                                      *request.api,
                                      "POST /" + std::string(to_string(request.kind))});
        }
        plan_.leader_request = std::move(request);
        plan_.summary = std::move(summary);
    }

    std::string distance(const FailOver& action) const {
        const PublishedMember* member = seen_.find(action.candidate);
        return member && member->lag
                   ? ": " + std::to_string(*member->lag) + " bytes by what was published last"
                   : std::string();
    }

    /// One answer is enough, from whomever.
    void one_of_all(const char* call, std::string summary) {
        plan_.one_is_enough = true;
        plan_.summary = std::move(summary);
        for (const PublishedMember* member : leader_first(seen_)) {
            plan_.requests.push_back({member->name, *member->api, call});
        }
    }

    template <class Wanted>
    void each(const WhichMembers& which, const char* call, std::string_view what, Wanted wanted) {
        for (const std::string& name : which.names) {
            if (seen_.find(name) == nullptr) {
                return refuse(Reason::candidate_unknown, quoted(name) + " is no member");
            }
        }
        std::string names;
        for (const PublishedMember* member : in_order()) {
            if (!is_meant(which, *member) || !wanted(*member)) {
                continue;
            }
            if (!member->api) {
                return refuse(Reason::bad_request,
                              quoted(member->name) + " has no REST address in the store");
            }
            plan_.requests.push_back({member->name, *member->api, call});
            names += (names.empty() ? "" : ", ") + quoted(member->name);
        }
        if (names.empty()) {
            return refuse(Reason::nothing_to_do, "there is no such member");
        }
        plan_.summary = std::string(what) + " " + names;
    }

    std::vector<const PublishedMember*> in_order() const {
        std::vector<const PublishedMember*> order;
        for (const PublishedMember& member : seen_.members) {
            order.insert(member.name == seen_.leader ? order.begin() : order.end(), &member);
        }
        return order;
    }

    bool is_meant(const WhichMembers& which, const PublishedMember& member) const {
        const bool leads = member.name == seen_.leader;
        return (which.names.empty() || std::ranges::count(which.names, member.name) > 0) &&
               (!which.role || leads == (*which.role != Role::replica));
    }

    void change_role(std::string_view wanted, std::string summary) {
        if (!seen_.leader) {
            return refuse(Reason::no_leader, "the cluster has no leader");
        }
        const Value role = published_field(seen_, *seen_.leader, "role");
        if (role.if_string() && *role.if_string() == wanted) {
            return refuse(Reason::nothing_to_do, "the cluster is in the required state already");
        }
        one_of_all("PATCH /config", std::move(summary));
    }

    OperationPlan& plan_;
    const Cluster& seen_;
};

}  // namespace

OperationPlan make_plan(const Cluster& seen, Action action) {
    OperationPlan plan;
    plan.action = std::move(action);
    plan.scope = seen.group ? seen.scope.substr(0, seen.scope.rfind('/')) : seen.scope;
    plan.group = seen.group;
    plan.seen = seen;
    std::visit(Planner(plan), plan.action);
    if (plan.refusal) {
        plan.warnings.clear();
        plan.leader_request.reset();
    }
    return plan;
}

}  // namespace patroni::operations
