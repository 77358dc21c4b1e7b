#include "operations/leader_change.hpp"

#include "operations/leader_request.hpp"
#include "rest/outcome.hpp"

#include <patroni/capability.hpp>

#include <utility>

namespace patroni::operations {
namespace {

class Change : public std::enable_shared_from_this<Change> {
public:
    Change(transport::HttpClient& http, const Requester& requester, const Ports& ports,
           LeaderRequest request, transport::SteadyTime deadline,
           Callback<void(Result<LeaderResult>)> done)
        : http_(http),
          requester_(requester),
          ports_(ports),
          request_(std::move(request)),
          deadline_(deadline),
          done_(std::move(done)) {}

    void start() {
        if (!request_.api) {
            Error error;
            error.kind = ErrorKind::config;
            error.message = "the member has no REST address in the store";
            return take(std::move(error), false);
        }
        tell(false);
    }

    void cancel() {
        cancelled_ = true;
        step_.cancel();
    }

private:
    void tell(bool old) {
        step_ = send_to_member(http_, requester_, *request_.api, to_http(request_, old), deadline_,
                               [self = shared_from_this(), old](Result<protocol::Response> result) {
                                   self->take(std::move(result), old);
                               });
    }

    void take(Result<protocol::Response> result, bool old) {
        if (result) {
            if (!old && !cancelled_ && is_too_old(request_, *result)) {
                return tell(true);
            }
            return finish(*std::move(result), old);
        }
        Error error = std::move(result).error();
        if (cancelled_ && error.delivery == Delivery::not_sent) {
            return done_(std::move(error));
        }
        result_.member_error = error;
        if (cancelled_) {
            return finish_unwritten(Reason::cancelled, "given up after the request was sent");
        }
        step_ = ports_.read(request_.scope,
                            [self = shared_from_this()](Result<std::vector<Cluster>> clusters) {
                                self->decide(std::move(clusters));
                            });
    }

    void finish(protocol::Response response, bool old) {
        const bool switchover = request_.kind == LeaderRequest::Kind::switchover;
        const Capability* row =
            find_capability("POST", switchover && !old ? "/switchover" : "/failover");
        static_cast<Outcome&>(result_) = rest::judge(*row, response);
        result_.body = std::move(response.body);
        done_(std::move(result_));
    }

    void decide(Result<std::vector<Cluster>> clusters) {
        if (!clusters) {
            return finish_unwritten(Reason::none,
                                    "no answer from the member, and the store could not be read: " +
                                        clusters.error().message);
        }
        result_.seen = pick_cluster(*std::move(clusters), request_.scope, request_.group);
        auto decision = decide_write(request_, *result_.seen);
        if (auto* no = std::get_if<NoWrite>(&decision)) {
            return finish_unwritten(no->reason, "no answer from the member; " + no->message);
        }
        if (cancelled_) {
            return finish_unwritten(Reason::cancelled, "given up before the store was written");
        }
        step_ = ports_.write(std::get<KeyWrite>(std::move(decision)).write,
                             [self = shared_from_this()](Result<StoreOutcome> outcome) {
                                 self->take_write(std::move(outcome));
                             });
    }

    void take_write(Result<StoreOutcome> outcome) {
        if (!outcome) {
            return finish_unwritten(Reason::none,
                                    "no answer from the member, and the store was not written: " +
                                        outcome.error().message);
        }
        result_.store = *std::move(outcome);
        const StoreOutcome& store = *result_.store;
        switch (store.kind) {
            case OutcomeKind::done:
                result_.through_store = true;
                result_.kind = request_.scheduled_at ? OutcomeKind::scheduled : OutcomeKind::done;
                result_.message =
                    "no answer from the member; Patroni was told through the store and acts in its "
                    "next loop";
                return done_(std::move(result_));
            case OutcomeKind::unknown:
                result_.reason = store.reason;
                result_.message =
                    "no answer from the member, and none from the store: " + store.message;
                return done_(std::move(result_));
            default:
                return finish_unwritten(store.reason,
                                        "no answer from the member, and the store was not "
                                        "written: " +
                                            store.message);
        }
    }

    /// Whether anything may still happen is a matter of the request alone.
    void finish_unwritten(Reason reason, std::string message) {
        const Error& error = *result_.member_error;
        const bool sent = error.delivery != Delivery::not_sent;
        result_.kind = sent ? OutcomeKind::unknown : OutcomeKind::rejected;
        result_.reason = reason;
        result_.message = std::move(message);
        if (sent) {
            result_.message += ": look who leads before it is repeated";
        }
        result_.error = error;
        done_(std::move(result_));
    }

    transport::HttpClient& http_;
    const Requester& requester_;
    const Ports& ports_;
    LeaderRequest request_;
    transport::SteadyTime deadline_;
    Callback<void(Result<LeaderResult>)> done_;
    LeaderResult result_;
    bool cancelled_ = false;
    Operation step_;
};

}  // namespace

Operation change_leader(transport::HttpClient& http, const Requester& requester, const Ports& ports,
                        LeaderRequest request, transport::SteadyTime deadline,
                        Callback<void(Result<LeaderResult>)> done) {
    auto change = std::make_shared<Change>(http, requester, ports, std::move(request), deadline,
                                           std::move(done));
    change->start();
    return Operation([weak = std::weak_ptr(change)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::operations
