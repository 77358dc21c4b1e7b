#include "dcs/write_judge.hpp"

#include "dcs/lost_write.hpp"

namespace patroni::dcs {

void WriteJudge::lose(Error error) {
    is_lost_again_ = lost_.has_value();
    lost_ = std::move(error);
    current_.reset();
    current_known_ = false;
}

std::optional<StoreOutcome> WriteJudge::judge(const Snapshot& now) {
    const Entry* entry = find_key(now, write_.key);
    if (entry != nullptr) {
        current_ = StoredKey{entry->value, entry->modified};
    }
    current_known_ = write_.kind != StoreWrite::Kind::remove_prefix;
    switch (find_trace(write_, now)) {
        case Trace::carried_out: {
            StoreOutcome outcome;
            outcome.kind = OutcomeKind::done;
            outcome.revision = entry != nullptr ? entry->modified : 0;
            outcome.message = "the answer was lost; a look at the store shows that it is done";
            return outcome;
        }
        case Trace::untouched:
            if (is_lost_again_ || is_cancelled()) {
                return unknown("the answer was lost twice, and the store does not show it yet");
            }
            return std::nullopt;
        case Trace::changed:
            break;
    }
    if (write_.kind == StoreWrite::Kind::remove_prefix) {
        return unknown("the answer was lost, and " + std::to_string(now.entries.size()) +
                       " keys are there still or again: look, and remove it again");
    }
    return unknown("the answer was lost, and " + write_.key +
                   " is not as it was written: it was changed since, or not written");
}

Reason WriteJudge::reason_of_loss() const {
    const std::uint64_t revision = current_ ? current_->revision : 0;
    if (current_known_ && write_.expected && revision != *write_.expected) {
        return Reason::conflict;
    }
    if (is_cancelled()) {
        return Reason::cancelled;
    }
    if (lost_->kind == ErrorKind::timeout) {
        return Reason::no_answer;
    }
    return lost_->delivery == Delivery::answered ? Reason::status_unknown : Reason::connection_lost;
}

StoreOutcome WriteJudge::unknown(std::string message) const {
    StoreOutcome outcome;
    outcome.kind = OutcomeKind::unknown;
    outcome.reason = reason_of_loss();
    outcome.http_status = lost_->http_status;
    outcome.message = std::move(message);
    outcome.server_text = lost_->server_text;
    outcome.current = current_;
    outcome.current_known = current_known_;
    outcome.error = lost_;
    return outcome;
}

/// The second sending met a conflict: with the first one, or with somebody else?
StoreOutcome WriteJudge::settle(StoreOutcome outcome) const {
    if (!lost_ || outcome.kind != OutcomeKind::rejected || !outcome.conflict()) {
        return outcome;
    }
    Snapshot now;
    if (outcome.current) {
        now.entries.push_back({write_.key, outcome.current->value, outcome.current->revision});
    }
    if (outcome.current_known && find_trace(write_, now) == Trace::carried_out) {
        StoreOutcome first;
        first.kind = OutcomeKind::done;
        first.revision = outcome.current ? outcome.current->revision : 0;
        first.message = "the answer was lost; it was carried out all the same";
        return first;
    }
    outcome.kind = OutcomeKind::unknown;
    outcome.message = "the answer was lost, and " + write_.key +
                      " was changed at the same time, before or after it";
    outcome.error = lost_;
    return outcome;
}

}  // namespace patroni::dcs
