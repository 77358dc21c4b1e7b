// POST /switchover and /failover, DELETE /switchover.
#include "simulator/failover_request.hpp"
#include "simulator/rest_call.hpp"

#include <algorithm>
#include <cctype>
#include <memory>
#include <utility>

namespace patroni::simulation {
namespace {

/// What the caller waits for; checked once a second.
struct Waiting {
    HaLoop& ha;
    std::string member;
    HttpResponder responder;
    std::optional<std::string> former;
    std::string candidate;
    std::string action;
    std::int64_t polls = 0;
};

std::string titled(std::string word) {
    word.front() = static_cast<char>(std::toupper(static_cast<unsigned char>(word.front())));
    return word;
}

/// "switchover" as "switched over", "failover" as "failed over".
std::string done_word(const std::string& action) {
    return action.substr(0, action.size() - 4) + "ed over";
}

std::pair<int, std::string> outcome(const Waiting& waiting) {
    const ClusterState& cluster = waiting.ha.cluster();
    if (cluster.lock && cluster.lock != waiting.former) {
        const std::string done = done_word(waiting.action);
        if (waiting.candidate.empty() || waiting.candidate == cluster.lock) {
            return {200, "Successfully " + done + " to \"" + *cluster.lock + "\""};
        }
        return {200, titled(done) + " to \"" + *cluster.lock + "\" instead of \"" +
                         waiting.candidate + "\""};
    }
    if (!cluster.failover) {
        return {503, titled(waiting.action) + " failed"};
    }
    return {0, ""};
}

/// `poll_failover_result`
void poll(const std::shared_ptr<Waiting>& waiting) {
    waiting->ha.clock().after(std::chrono::seconds(1), [waiting] {
        const MemberState* member = waiting->ha.cluster().find(waiting->member);
        if (member == nullptr || !member->alive || !waiting->responder.open()) {
            return;
        }
        auto [status, text] =
            member->reaches_store ? outcome(*waiting) : std::pair<int, std::string>(0, "");
        if (status == 0 && --waiting->polls > 0) {
            poll(waiting);
            return;
        }
        if (status == 0) {
            status = 503;
            text = titled(waiting->action) + " status unknown";
        }
        waiting->responder.reply(Replies{waiting->ha.clock().wall()}.text(status, text));
    });
}

/// Patroni's order of checks since 1.4: the first that fails says why. 202: schedule it; 0: do it.
struct Judged {
    int status = 0;
    std::string text = {};
    Schedule schedule = {};
    bool fails = false;
};

Judged judge_schedule(const RestCall& call, const Value& at, const std::string& action,
                      const std::string& leader) {
    const bool strict = call.has(Feature::switchover_rules);
    if (strict && action == "failover") {
        return {400, "Failover can't be scheduled"};
    }
    if (!strict && leader.empty()) {
        return {400, "Scheduled " + action + " is possible only from a specific leader"};
    }
    if (call.cluster().paused) {
        return {400, "Can't schedule " + action + " in the paused state"};
    }
    const Schedule schedule = parse_schedule(call, at, action);
    return {schedule.status, schedule.error, schedule};
}

Judged judge(const RestCall& call, const Value& request, std::string& action,
             const std::string& leader, const std::string& candidate, bool scheduled) {
    const bool strict = call.has(Feature::switchover_rules);
    const ClusterState& cluster = call.cluster();
    if (action == "failover" && candidate.empty()) {
        return {400, "Failover could be performed only to a specific candidate"};
    }
    if (action == "switchover" && leader.empty()) {
        return {400, "Switchover could be performed only from a specific leader"};
    }
    Judged judged;
    if (scheduled) {
        judged = judge_schedule(call, *request.find("scheduled_at"), action, leader);
        if (!judged.text.empty()) {
            return judged;
        }
    }
    if (cluster.paused && candidate.empty()) {
        return {400, (strict ? std::string("Switchover") : titled(action)) +
                         " is possible only to a specific candidate in a paused state"};
    }
    if (strict && action == "failover" && !leader.empty()) {
        action = "switchover";
    }
    if (strict && leader == candidate) {
        // With a good schedule there is no status to answer with.
        return {400, "Switchover target and source are the same", {}, scheduled};
    }
    if (!scheduled) {
        judged.text = call.ha.refusal(leader, candidate, action);
        judged.status = judged.text.empty() ? 0 : 412;
    }
    return judged;
}

/// The rules of 0.90 to 1.3.
Judged judge_old(const RestCall& call, const Value& request, const std::string& leader,
                 const std::string& candidate, bool scheduled) {
    if (leader.empty() && candidate.empty()) {
        return {400, "No values given for required parameters leader and candidate"};
    }
    if (scheduled) {
        const Schedule schedule = parse_schedule(call, *request.find("scheduled_at"), "failover");
        return {schedule.status, schedule.error, schedule};
    }
    const std::string refusal = call.ha.refusal(leader, candidate, "failover");
    return {refusal.empty() ? 0 : 500, refusal};
}

std::int64_t polls(const RestCall& call) {
    if (!call.has(Feature::config_key)) {
        return 15;
    }
    return 2 * std::max<std::int64_t>(10, call.cluster().loop_wait.count());
}

std::optional<Value> read_request(const RestCall& call) {
    if (call.has(Feature::body_checks)) {
        return read_object(call);
    }
    HttpReply ignored;
    auto request = read_object(call, true, ignored);
    return request ? request : std::optional(Value::object());
}

}  // namespace

void post_failover(const RestCall& call, std::string action) {
    const auto request = read_request(call);
    if (!request || call.fails_without_store()) {
        return;
    }
    const std::string leader = true_text(*request, "leader");
    std::string candidate = true_text(*request, "candidate");
    if (candidate.empty()) {
        candidate = true_text(*request, "member");
    }
    const bool scheduled = !true_text(*request, "scheduled_at").empty();
    const bool modern = call.has(Feature::switchover_412);
    const Judged judged = modern ? judge(call, *request, action, leader, candidate, scheduled)
                                 : judge_old(call, *request, leader, candidate, scheduled);
    if (judged.fails) {
        call.nothing();
        return;
    }
    if (!judged.text.empty()) {
        call.text(judged.status, judged.text);
        return;
    }
    ClusterState& cluster = call.cluster();
    const auto former = cluster.lock;
    set_failover(cluster, failover_text(leader, candidate, judged.schedule.text));
    call.ha.changed(call.member);
    call.ha.wake(call.member);
    if (scheduled) {
        call.text(call.has(Feature::config_key) ? 202 : 200, titled(action) + " scheduled");
        return;
    }
    poll(std::make_shared<Waiting>(Waiting{.ha = call.ha,
                                           .member = call.member.name,
                                           .responder = call.responder,
                                           .former = former,
                                           .candidate = candidate,
                                           .action = action,
                                           .polls = polls(call)}));
}

void delete_switchover(const RestCall& call) {
    if (call.fails_without_store()) {
        return;
    }
    ClusterState& cluster = call.cluster();
    if (!cluster.failover || !cluster.failover->at) {
        call.text(404, "no switchover is scheduled");
        return;
    }
    if (cluster.loses_race()) {
        call.error(409);
        return;
    }
    set_failover(cluster, "{}");
    call.ha.changed(call.member);
    call.text(200, "scheduled switchover deleted");
}

}  // namespace patroni::simulation
