#include "patronictl/leader_change.hpp"

#include "patronictl/member_api.hpp"
#include "patronictl/member_table.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/python_text.hpp"
#include "patronictl/schedule.hpp"

#include <algorithm>
#include <vector>

namespace patronictl {
namespace {

using Kind = patroni::LeaderRequest::Kind;

/// One run of `switchover` or `failover`: the questions in patronictl's order.
class Run {
public:
    Run(Session& session, LeaderChange wanted)
        : session_(session), wanted_(std::move(wanted)), action_(to_string(wanted_.kind)) {}

    int run() {
        cluster_ = session_.read_cluster(wanted_.cluster_name, wanted_.group);
        session_.echo("Current cluster topology");
        show_members();
        choose_group();
        leader_ = cluster_.has_leader() ? cluster_.leader->name : std::string();
        if (is_switchover()) {
            choose_leader();
        }
        choose_candidate();
        if (is_switchover()) {
            choose_time();
        }
        if (!wanted_.force) {
            confirm_it();
        }
        return execute();
    }

private:
    bool is_switchover() const { return wanted_.kind == Kind::switchover; }

    void show_members() const {
        print_members(session_, cluster_, wanted_.cluster_name, {.group = wanted_.group});
    }

    void choose_group() {
        if (!session_.is_citus() || wanted_.group) {
            return;
        }
        if (wanted_.force) {
            throw Fail("For Citus clusters the --group must me specified");
        }
        wanted_.group = static_cast<int>(prompt_integer(session_.streams(), "Citus group"));
        cluster_ = session_.read_cluster(wanted_.cluster_name, wanted_.group);
    }

    void choose_leader() {
        if (leader_.empty()) {
            throw Fail("This cluster has no leader");
        }
        if (!wanted_.leader) {
            wanted_.leader =
                wanted_.force
                    ? leader_
                    : prompt(session_.streams(),
                             cluster_.is_standby_cluster() ? "Standby Leader" : "Primary", leader_);
        }
        if (*wanted_.leader != leader_) {
            throw Fail("Member " + *wanted_.leader + " is not the leader of cluster " +
                       wanted_.cluster_name);
        }
    }

    std::vector<std::string> candidates() const {
        std::vector<std::string> names;
        for (const DcsMember& member : cluster_.members) {
            if (member.name != leader_ && !member.nofailover()) {
                names.push_back(member.name);
            }
        }
        std::ranges::sort(names);
        return names;
    }

    void choose_candidate() {
        const auto names = candidates();
        if (names.empty()) {
            throw Fail("No candidates found to " + action_ + " to");
        }
        if (!wanted_.candidate && !wanted_.force) {
            patroni::Value list = patroni::Value::array();
            for (const std::string& name : names) {
                list.push_back(name);
            }
            wanted_.candidate = prompt(session_.streams(), "Candidate " + python_str(list), "");
        }
        const std::string candidate = wanted_.candidate.value_or("");
        if (!is_switchover() && candidate.empty()) {
            throw Fail("Failover could be performed only to a specific candidate");
        }
        if (!candidate.empty() && std::ranges::count(names, candidate) == 0) {
            throw Fail(candidate == leader_
                           ? "Member " + candidate + " is already the leader of cluster " +
                                 wanted_.cluster_name
                           : "Member " + candidate + " does not exist in cluster " +
                                 wanted_.cluster_name + " or is tagged as nofailover");
        }
        if (!is_switchover() && !wanted_.force) {
            confirm_asynchronous(candidate);
        }
    }

    void confirm_asynchronous(const std::string& candidate) const {
        const bool is_asked = cluster_.is_synchronous() && cluster_.sync.leader &&
                              !cluster_.sync.leader->empty() &&
                              !cluster_.sync.matches(candidate, true);
        if (is_asked && !confirm(session_.streams(),
                                 "Are you sure you want to failover to the asynchronous node " +
                                     candidate + "?")) {
            throw Fail("Aborting " + action_);
        }
    }

    void choose_time() {
        const auto now = session_.streams().now();
        if (!wanted_.scheduled && !wanted_.force) {
            wanted_.scheduled = prompt(
                session_.streams(),
                "When should the switchover take place (e.g. " + next_hour(now) + " ) ", "now");
        }
        schedule_ = parse_schedule(wanted_.scheduled.value_or(""), now);
        if (schedule_ && cluster_.paused()) {
            throw Fail("Can't schedule switchover in the paused state");
        }
    }

    void confirm_it() const {
        const std::string demoted =
            leader_.empty() ? std::string() : ", demoting current leader " + leader_;
        const std::string question =
            schedule_ ? "Are you sure you want to schedule switchover of cluster " +
                            wanted_.cluster_name + " at " + schedule_->iso + demoted + "?"
                      : "Are you sure you want to " + action_ + " cluster " + wanted_.cluster_name +
                            demoted + "?";
        if (!confirm(session_.streams(), question)) {
            throw Fail((schedule_ ? "Aborting scheduled " : "Aborting ") + action_);
        }
    }

    /// The leader is told, without one the candidate.
    const DcsMember* told() const {
        return cluster_.leader ? &*cluster_.leader : cluster_.find(wanted_.candidate.value_or(""));
    }

    int execute() {
        patroni::LeaderRequest request;
        request.kind = wanted_.kind;
        request.scope = wanted_.cluster_name;
        request.group = wanted_.group;
        if (!leader_.empty()) {
            request.leader = leader_;
        }
        request.candidate = wanted_.candidate;
        if (schedule_) {
            request.scheduled_at = schedule_->iso;
        }
        MemberApi api(session_);
        const auto result = api.change_leader(std::move(request), told());
        if (result.member_error) {
            return report_store(result);
        }
        if (result.http_status == 200 || result.http_status == 202) {
            cluster_ = session_.read_cluster(wanted_.cluster_name, wanted_.group);
            session_.echo(session_.timestamp() + " " + result.body);
            show_members();
        } else {
            session_.echo((is_switchover() ? "Switchover" : "Failover") +
                          std::string(" failed, details: ") + std::to_string(result.http_status) +
                          ", " + result.body);
        }
        return 0;
    }

    /// No member answered.
    int report_store(const patroni::LeaderResult& result) const {
        session_.log("ERROR", to_line(*result.member_error));
        session_.warn("Failing over to DCS");
        session_.echo(session_.timestamp() + " Could not " + action_ +
                      " using Patroni api, falling back to DCS");
        if (!result.through_store) {
            session_.warn("The " + action_ + " was not written to the store: " + result.message);
        }
        show_members();
        return 0;
    }

    Session& session_;
    LeaderChange wanted_;
    std::string action_;
    DcsCluster cluster_;
    std::string leader_;  ///< Empty: nobody leads.
    std::optional<Schedule> schedule_;
};

}  // namespace

int change_leader(Session& session, LeaderChange wanted) {
    return Run(session, std::move(wanted)).run();
}

}  // namespace patronictl
