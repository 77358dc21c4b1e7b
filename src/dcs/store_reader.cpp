#include "dcs/store_reader.hpp"

namespace patroni::dcs {
namespace {

/// The answer of a whole store is larger than that of a member.
constexpr std::size_t k_body_bytes = 256U * 1024 * 1024;

/// Keeps one reading alive until its callback was called.
class Reading : public std::enable_shared_from_this<Reading> {
public:
    Reading(transport::HttpClient& http, StoreAccess access, std::unique_ptr<ReadDialogue> dialogue,
            transport::SteadyTime deadline, Callback<void(Result<Snapshot>)> done)
        : http_(http),
          turns_(std::move(access)),
          dialogue_(std::move(dialogue)),
          done_(std::move(done)) {
        turns_.begin(deadline);
    }

    void start_endpoint() { send(dialogue_->start()); }

    void cancel() { call_.cancel(); }

private:
    void send(protocol::Request request) {
        transport::Call call = turns_.call(std::move(request));
        call.limits.body_bytes = k_body_bytes;
        call.keep_alive = true;
        call.idempotent = true;
        call_ = http_.start(std::move(call),
                            [self = shared_from_this()](Result<protocol::Response> result) {
                                self->take(std::move(result));
                            });
    }

    void take(Result<protocol::Response> result) {
        if (!result) {
            const bool try_next = result.error().kind != ErrorKind::cancelled &&
                                  result.error().kind != ErrorKind::config;
            return give_up(Refusal{std::move(result).error(), try_next});
        }
        Step step = dialogue_->resume(*result);
        if (auto* request = std::get_if<protocol::Request>(&step)) {
            return send(std::move(*request));
        }
        if (auto* refusal = std::get_if<Refusal>(&step)) {
            return give_up(std::move(*refusal));
        }
        auto& snapshot = std::get<Snapshot>(step);
        if (auto foreign = turns_.refuse_foreign(snapshot.store, *result)) {
            return give_up(std::move(*foreign));
        }
        done_(std::move(snapshot));
    }

    void give_up(Refusal refusal) {
        if (turns_.next(refusal)) {
            return start_endpoint();
        }
        done_(std::move(refusal.error));
    }

    transport::HttpClient& http_;
    EndpointTurns turns_;
    std::unique_ptr<ReadDialogue> dialogue_;
    Callback<void(Result<Snapshot>)> done_;
    Operation call_;
};

}  // namespace

Operation read_store(transport::HttpClient& http, StoreAccess access,
                     std::unique_ptr<ReadDialogue> dialogue, transport::SteadyTime deadline,
                     Callback<void(Result<Snapshot>)> done) {
    auto reading = std::make_shared<Reading>(http, std::move(access), std::move(dialogue), deadline,
                                             std::move(done));
    reading->start_endpoint();
    return Operation([weak = std::weak_ptr<Reading>(reading)] {
        if (auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::dcs
