#include "operations/outcome_sum.hpp"

namespace patroni::operations {
namespace {

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

}  // namespace patroni::operations
