#include "dcs/store_writer.hpp"

#include "dcs/lost_write.hpp"

namespace patroni::dcs {
namespace {

/// Keeps one write alive until its callback was called.
class Writing : public std::enable_shared_from_this<Writing> {
public:
    Writing(transport::HttpClient& http, StoreAccess access, WritePlan plan,
            transport::SteadyTime deadline, Callback<void(Result<StoreOutcome>)> done)
        : http_(http),
          turns_(std::move(access)),
          plan_(std::move(plan)),
          deadline_(deadline),
          done_(std::move(done)) {}

    void start() {
        const auto now = std::chrono::steady_clock::now();
        turns_.begin(now + (deadline_ - now) / 2);  // The rest is for a look.
        start_endpoint();
    }

    void cancel() {
        cancelled_ = true;
        call_.cancel();
    }

private:
    void start_endpoint() { send(plan_.dialogue->start()); }

    void send(protocol::Request request) {
        transport::Call call = turns_.call(std::move(request));
        // A kept connection may be dead already, and then nobody knows whether the write arrived.
        call.keep_alive = !plan_.dialogue->is_write();
        call.idempotent = call.keep_alive;
        call_ = http_.start(std::move(call),
                            [self = shared_from_this()](Result<protocol::Response> result) {
                                self->take(std::move(result));
                            });
    }

    void take(Result<protocol::Response> result) {
        if (!result) {
            if (auto settled = plan_.dialogue->settled()) {
                return finish(std::move(*settled));
            }
            Error& error = result.error();
            if (plan_.dialogue->is_write() && error.delivery != Delivery::not_sent) {
                return lose(std::move(error));
            }
            error.delivery = Delivery::not_sent;  // Of the write; at most a login was sent.
            const bool try_next =
                error.kind != ErrorKind::cancelled && error.kind != ErrorKind::config;
            return give_up(Refusal{std::move(error), try_next});
        }
        WriteStep step = plan_.dialogue->resume(*result);
        if (auto* request = std::get_if<protocol::Request>(&step)) {
            return send(std::move(*request));
        }
        if (auto* refusal = std::get_if<Refusal>(&step)) {
            return give_up(std::move(*refusal));
        }
        if (auto* lost = std::get_if<Lost>(&step)) {
            return lose(std::move(lost->error));
        }
        finish(std::move(std::get<StoreOutcome>(step)));
    }

    void give_up(Refusal refusal) {
        refusal.try_next = refusal.try_next && !cancelled_;
        if (turns_.next(refusal)) {
            return start_endpoint();
        }
        if (lost_) {
            // The first sending may still have been carried out.
            return finish_unknown("the answer was lost, and it could not be sent again");
        }
        Error& error = refusal.error;
        if (error.delivery == Delivery::answered && !refusal.try_next) {
            return finish(rejected(std::move(error)));
        }
        done_(std::move(error));
    }

    static StoreOutcome rejected(Error error) {
        StoreOutcome outcome;
        outcome.kind =
            error.kind == ErrorKind::unsupported ? OutcomeKind::unsupported : OutcomeKind::rejected;
        outcome.reason = error.kind != ErrorKind::unauthorized ? Reason::unrecognized
                         : error.http_status == 403            ? Reason::access_denied
                                                               : Reason::not_authenticated;
        outcome.http_status = error.http_status;
        outcome.message = error.message;
        outcome.server_text = error.server_text;
        outcome.error = std::move(error);
        return outcome;
    }

    /// The answer did not come, or does not say what was done.
    void lose(Error error) {
        error.endpoint = turns_.name();
        const bool again = lost_.has_value();
        lost_ = std::move(error);
        if (cancelled_ || lost_->kind == ErrorKind::cancelled) {
            return finish_unknown("it was given up after it was sent");
        }
        turns_.put_last();  // Another one may know more.
        call_ = read_store(http_, turns_.access(), plan_.look(), deadline_,
                           [self = shared_from_this(), again](Result<Snapshot> now) {
                               self->judge(std::move(now), again);
                           });
    }

    void judge(Result<Snapshot> now, bool again) {
        if (!now) {
            return finish_unknown("the answer was lost, and a look at the store failed: " +
                                  now.error().message);
        }
        const Entry* entry = find_key(*now, plan_.write.key);
        if (entry != nullptr) {
            current_ = StoredKey{entry->value, entry->handle()};
        }
        current_known_ = plan_.write.kind != StoreWrite::Kind::remove_prefix;
        switch (find_trace(plan_.write, *now)) {
            case Trace::carried_out: {
                StoreOutcome outcome;
                outcome.kind = OutcomeKind::done;
                outcome.revision = entry != nullptr ? entry->handle() : 0;
                outcome.message = "the answer was lost; a look at the store shows that it is done";
                return finish(std::move(outcome));
            }
            case Trace::untouched:
                return again || cancelled_ ? finish_unknown(
                                                 "the answer was lost twice, and the "
                                                 "store does not show it yet")
                                           : send_again();
            case Trace::changed:
                break;
        }
        if (plan_.write.kind == StoreWrite::Kind::remove_prefix) {
            return finish_unknown("the answer was lost, and " +
                                  std::to_string(now->entries.size()) +
                                  " keys are there still or again: look, and remove it again");
        }
        finish_unknown("the answer was lost, and " + plan_.write.key +
                       " is not as it was written: it was changed since, or not written");
    }

    void send_again() {
        current_.reset();
        current_known_ = false;
        start();
    }

    Reason reason_of_loss() const {
        const std::uint64_t revision = current_ ? current_->revision : 0;
        if (current_known_ && plan_.write.expected && revision != *plan_.write.expected) {
            return Reason::conflict;
        }
        if (cancelled_ || lost_->kind == ErrorKind::cancelled) {
            return Reason::cancelled;
        }
        if (lost_->kind == ErrorKind::timeout) {
            return Reason::no_answer;
        }
        return lost_->delivery == Delivery::answered ? Reason::status_unknown
                                                     : Reason::connection_lost;
    }

    void finish_unknown(std::string message) {
        StoreOutcome outcome;
        outcome.kind = OutcomeKind::unknown;
        outcome.reason = reason_of_loss();
        outcome.http_status = lost_->http_status;
        outcome.message = std::move(message);
        outcome.server_text = lost_->server_text;
        outcome.current = std::move(current_);
        outcome.current_known = current_known_;
        outcome.error = std::move(lost_);
        finish(std::move(outcome));
    }

    void finish(StoreOutcome outcome) {
        if (lost_ && outcome.kind == OutcomeKind::rejected && outcome.conflict() &&
            outcome.current_known) {
            settle_second(outcome);
        }
        done_(std::move(outcome));
    }

    /// The second sending met a conflict: with the first one, or with somebody else?
    void settle_second(StoreOutcome& outcome) const {
        Snapshot now;
        if (outcome.current) {
            now.entries.push_back(
                {plan_.write.key, outcome.current->value, outcome.current->revision});
        }
        if (find_trace(plan_.write, now) == Trace::carried_out) {
            StoreOutcome first;
            first.kind = OutcomeKind::done;
            first.revision = outcome.current ? outcome.current->revision : 0;
            first.message = "the answer was lost; it was carried out all the same";
            outcome = std::move(first);
            return;
        }
        outcome.kind = OutcomeKind::unknown;
        outcome.message = "the answer was lost, and " + plan_.write.key +
                          " was changed at the same time, before or after it";
        outcome.error = lost_;
    }

    transport::HttpClient& http_;
    EndpointTurns turns_;
    WritePlan plan_;
    transport::SteadyTime deadline_;
    Callback<void(Result<StoreOutcome>)> done_;
    std::optional<Error> lost_;  ///< Why the last answer to the write is missing.
    std::optional<StoredKey> current_;
    bool current_known_ = false;
    bool cancelled_ = false;
    Operation call_;
};

}  // namespace

Operation write_store(transport::HttpClient& http, StoreAccess access, WritePlan plan,
                      transport::SteadyTime deadline, Callback<void(Result<StoreOutcome>)> done) {
    auto writing = std::make_shared<Writing>(http, std::move(access), std::move(plan), deadline,
                                             std::move(done));
    writing->start();
    return Operation([weak = std::weak_ptr<Writing>(writing)] {
        if (auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::dcs
