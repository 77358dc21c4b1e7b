#include "dcs/store_writer.hpp"

#include "dcs/write_judge.hpp"

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
          judge_(plan_.write),
          deadline_(deadline),
          done_(std::move(done)) {}

    void start() {
        const auto now = std::chrono::steady_clock::now();
        turns_.begin(now + (deadline_ - now) / 2);  // The rest is for a look.
        start_endpoint();
    }

    void cancel() {
        judge_.cancel();
        call_.cancel();
    }

private:
    void start_endpoint() {
        const StoreAccess& access = turns_.access();
        if (access.identity && access.endpoints.size() > 1 &&
            !access.identity->is_of_this(turns_.name())) {
            return ask_who_it_is();
        }
        send(plan_.dialogue->start());
    }

    /// A write to another store than the one that was read cannot be taken back.
    void ask_who_it_is() {
        call_ = read_store(http_, turns_.this_endpoint(), plan_.look(), turns_.end_of_turn(),
                           [self = shared_from_this()](Result<Snapshot> now) {
                               self->take_who_it_is(std::move(now));
                           });
    }

    void take_who_it_is(Result<Snapshot> now) {
        const auto can_say_more = [](const Error& error) {
            return error.delivery == Delivery::answered && error.kind != ErrorKind::config;
        };
        if (now || can_say_more(now.error())) {
            return send(plan_.dialogue->start());
        }
        Error& error = now.error();
        error.delivery = Delivery::not_sent;  // Of the write.
        const bool try_next = error.kind != ErrorKind::cancelled;
        give_up(Refusal{std::move(error), try_next});
    }

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
        refusal.try_next = refusal.try_next && !judge_.is_cancelled();
        if (turns_.next(refusal)) {
            return start_endpoint();
        }
        if (judge_.has_lost()) {
            // The first sending may still have been carried out.
            return finish(judge_.unknown("the answer was lost, and it could not be sent again"));
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
        judge_.lose(std::move(error));
        if (judge_.is_cancelled()) {
            return finish(judge_.unknown("it was given up after it was sent"));
        }
        turns_.put_last();  // Another one may know more.
        call_ = read_store(
            http_, turns_.access(), plan_.look(), deadline_,
            [self = shared_from_this()](Result<Snapshot> now) { self->look(std::move(now)); });
    }

    void look(Result<Snapshot> now) {
        if (!now) {
            return finish(judge_.unknown("the answer was lost, and a look at the store failed: " +
                                         now.error().message));
        }
        if (auto outcome = judge_.judge(*now)) {
            return finish(std::move(*outcome));
        }
        start();
    }

    void finish(StoreOutcome outcome) { done_(judge_.settle(std::move(outcome))); }

    transport::HttpClient& http_;
    EndpointTurns turns_;
    WritePlan plan_;
    WriteJudge judge_;
    transport::SteadyTime deadline_;
    Callback<void(Result<StoreOutcome>)> done_;
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
