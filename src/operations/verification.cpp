#include "operations/verification.hpp"

#include "operations/effect.hpp"
#include "operations/plan.hpp"

#include <algorithm>
#include <utility>

namespace patroni::operations {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr milliseconds k_pause{1000};

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
            if (auto verdict = judge_effect(plan_, outcome_, now, interrupted_)) {
                return done_(*std::move(verdict));
            }
            note_interruptions(now);
        } else {
            error = std::move(clusters).error();
        }
        const auto left = std::chrono::duration_cast<milliseconds>(deadline_ - steady_clock::now());
        if (left.count() <= 0 || cancelled_) {
            return error ? done_(*std::move(error)) : done_(in_doubt());
        }
        step_ = ports_.wait(std::min(k_pause, left), [self = shared_from_this()] { self->look(); });
    }

    void note_interruptions(const Cluster& now) {
        for (const auto& request : plan_.requests) {
            const Value state = published_field(now, request.member, "state");
            if (state.if_string() != nullptr && *state.if_string() != "running") {
                interrupted_.insert(request.member);
            }
        }
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
    std::set<std::string> interrupted_;
    Operation step_;
};

}  // namespace

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
