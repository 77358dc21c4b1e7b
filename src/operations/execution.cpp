#include "operations/execution.hpp"

#include "operations/leader_change.hpp"
#include "operations/member_command.hpp"
#include "operations/outcome_sum.hpp"
#include "rest/outcome.hpp"

#include <patroni/capability.hpp>

#include <algorithm>
#include <utility>

namespace patroni::operations {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

class Execution : public std::enable_shared_from_this<Execution> {
public:
    Execution(transport::HttpClient& http, const Requester& requester, const Ports& ports,
              OperationPlan plan, milliseconds member_timeout,
              Callback<void(Result<OperationResult>)> done)
        : http_(http),
          requester_(requester),
          ports_(ports),
          plan_(std::move(plan)),
          member_timeout_(member_timeout),
          done_(std::move(done)) {}

    void start() {
        if (plan_.refusal) {
            result_.outcome = *plan_.refusal;
            return done_(std::move(result_));
        }
        if (plan_.leader_request) {
            return change();
        }
        if (std::holds_alternative<RemoveCluster>(plan_.action)) {
            return remove();
        }
        next();
    }

    void cancel() {
        cancelled_ = true;
        step_.cancel();
    }

private:
    transport::SteadyTime deadline(milliseconds fallback) const {
        return steady_clock::now() + (member_timeout_.count() > 0 ? member_timeout_ : fallback);
    }

    const Capability& leader_call() const {
        const auto path = "/" + std::string(to_string(plan_.leader_request->kind));
        return *find_capability("POST", path);
    }

    void change() {
        step_ = change_leader(http_, requester_, ports_, *plan_.leader_request,
                              deadline(leader_call().timeout),
                              [self = shared_from_this()](Result<LeaderResult> result) {
                                  self->take_change(std::move(result));
                              });
    }

    void take_change(Result<LeaderResult> result) {
        if (!result) {
            return done_(std::move(result).error());
        }
        result_.outcome = *result;
        result_.store = std::move(result->store);
        const std::string member =
            plan_.requests.empty() ? std::string() : plan_.requests.front().member;
        if (!result->member_error) {
            result_.steps.push_back({member, result_.outcome});
        } else if (result->member_error->delivery == Delivery::not_sent) {
            result_.steps.push_back({member, *std::move(result->member_error)});
        } else {
            result_.steps.push_back(
                {member, rest::judge(leader_call(), *std::move(result->member_error))});
        }
        done_(std::move(result_));
    }

    void remove() { step_ = ports_.remove(plan_.scope, plan_.group, take_written()); }

    void write_store(StoreWrite write) { step_ = ports_.write(std::move(write), take_written()); }

    Ports::TakeOutcome take_written() {
        return [self = shared_from_this()](Result<StoreOutcome> outcome) {
            if (!outcome) {
                return self->done_(std::move(outcome).error());
            }
            self->result_.outcome = *outcome;
            self->result_.store = *std::move(outcome);
            self->done_(std::move(self->result_));
        };
    }

    /// The next member of the plan.
    void next() {
        if (cancelled_ && !plan_.one_is_enough && !result_.steps.empty()) {
            give_up_rest();
        }
        const std::size_t index = result_.steps.size();
        if (index == plan_.requests.size() || cancelled_) {
            return finish();
        }
        const PlannedRequest& request = plan_.requests[index];
        step_ = send_command(http_, requester_, plan_.action, request, member_timeout_,
                             [self = shared_from_this()](Result<Outcome> outcome) {
                                 self->take(std::move(outcome));
                             });
    }

    /// Those who were not told yet count, too: the whole is not done.
    void give_up_rest() {
        while (result_.steps.size() < plan_.requests.size()) {
            Error error;
            error.kind = ErrorKind::cancelled;
            error.message = "given up before anything was sent";
            result_.steps.push_back({plan_.requests[result_.steps.size()].member, error});
        }
    }

    void take(Result<Outcome> outcome) {
        const bool settled = outcome && (outcome->http_status != 0 || !may_go_on(*outcome));
        result_.steps.push_back({plan_.requests[result_.steps.size()].member, std::move(outcome)});
        if (plan_.one_is_enough && settled) {
            return finish();
        }
        next();
    }

    /// Both PATCH /config and DELETE /switchover are the same when they are done twice.
    bool may_go_on(const Outcome& outcome) const {
        return plan_.one_is_enough && outcome.kind == OutcomeKind::unknown;
    }

    void finish() {
        const bool answered = std::ranges::any_of(result_.steps, [](const auto& step) {
            return step.outcome && step.outcome->http_status != 0;
        });
        if (!answered && !cancelled_ &&
            std::holds_alternative<CancelScheduledSwitchover>(plan_.action)) {
            return cancel_in_store();
        }
        if (result_.steps.empty()) {
            Error error;
            error.kind = cancelled_ ? ErrorKind::cancelled : ErrorKind::config;
            error.message = cancelled_ ? "given up before anything was sent"
                                       : "no member has a REST address in the store";
            return done_(std::move(error));
        }
        const bool nothing_sent = std::ranges::none_of(
            result_.steps, [](const auto& step) { return step.outcome.has_value(); });
        if (nothing_sent) {
            return done_(std::move(result_.steps.back().outcome).error());
        }
        result_.outcome = plan_.one_is_enough ? last_answer() : sum_of(result_.steps);
        done_(std::move(result_));
    }

    /// What the last member said that said anything. When that is no success, one before it whose
    /// answer was lost may have done it.
    Outcome last_answer() const {
        std::optional<Outcome> last;
        for (auto step = result_.steps.rbegin(); step != result_.steps.rend(); ++step) {
            if (!step->outcome) {
                continue;
            }
            if (!last) {
                last = *step->outcome;
            } else if (!last->as_asked() && step->outcome->kind == OutcomeKind::unknown) {
                return *step->outcome;
            }
        }
        return last.value_or(Outcome{});
    }

    /// The key that was seen, and no other, becomes idle.
    void cancel_in_store() {
        const auto key = plan_.seen.keys.find("failover");
        if (key == plan_.seen.keys.end()) {
            return done_(Error{});
        }
        write_store(StoreWrite::put_if(plan_.seen.path + "failover", "{}", key->second.revision));
    }

    transport::HttpClient& http_;
    const Requester& requester_;
    const Ports& ports_;
    OperationPlan plan_;
    milliseconds member_timeout_;
    Callback<void(Result<OperationResult>)> done_;
    OperationResult result_;
    bool cancelled_ = false;
    Operation step_;
};

}  // namespace

Operation execute_plan(transport::HttpClient& http, const Requester& requester, const Ports& ports,
                       OperationPlan plan, milliseconds member_timeout,
                       Callback<void(Result<OperationResult>)> done) {
    auto execution = std::make_shared<Execution>(http, requester, ports, std::move(plan),
                                                 member_timeout, std::move(done));
    execution->start();
    return Operation([weak = std::weak_ptr(execution)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::operations
