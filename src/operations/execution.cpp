#include "operations/execution.hpp"

#include "operations/leader_change.hpp"
#include "operations/member_command.hpp"

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

    void change() {
        const LeaderRequest& request = *plan_.leader_request;
        const auto path = "/" + std::string(to_string(request.kind));
        step_ = change_leader(http_, requester_, ports_, request,
                              deadline(find_capability("POST", path)->timeout),
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
        } else {
            result_.steps.push_back({member, *std::move(result->member_error)});
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

    Outcome last_answer() const {
        for (auto step = result_.steps.rbegin(); step != result_.steps.rend(); ++step) {
            if (step->outcome) {
                return *step->outcome;
            }
        }
        return {};
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

int badness(OutcomeKind kind) {
    switch (kind) {
        case OutcomeKind::done:
            return 0;
        case OutcomeKind::scheduled:
            return 1;
        case OutcomeKind::unsupported:
            return 2;
        case OutcomeKind::rejected:
            return 3;
        case OutcomeKind::unknown:
            break;
    }
    return 4;
}

/// What certainly was not sent is not carried out, as a rejection is not.
Outcome unsent(const Error& error) {
    Outcome outcome;
    outcome.kind =
        error.kind == ErrorKind::unsupported ? OutcomeKind::unsupported : OutcomeKind::rejected;
    outcome.message = "not sent";
    outcome.error = error;
    return outcome;
}

}  // namespace

Outcome sum_of(const std::vector<OperationResult::Step>& steps) {
    Outcome worst;
    worst.kind = OutcomeKind::done;
    for (const auto& step : steps) {
        const Outcome outcome = step.outcome ? *step.outcome : unsent(step.outcome.error());
        if (&step == steps.data() || badness(outcome.kind) > badness(worst.kind)) {
            worst = outcome;
            if (steps.size() > 1 && outcome.kind != OutcomeKind::done) {
                worst.message = step.member + ": " + outcome.message;
            }
        }
    }
    return worst;
}

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
