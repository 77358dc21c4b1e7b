#include "dcs/etcd3/page_reader.hpp"

#include <memory>
#include <utility>

namespace patroni::dcs::etcd3 {
namespace {

constexpr std::size_t k_body_bytes = 256U * 1024 * 1024;

/// Keeps one reading alive until its callback was called.
class Reading : public std::enable_shared_from_this<Reading> {
public:
    Reading(transport::HttpClient& http, StoreAccess access, ReadPages dialogue,
            transport::SteadyTime deadline, Callback<void(Page)> page,
            Callback<void(Result<std::uint64_t>)> done)
        : http_(http),
          turns_(std::move(access)),
          dialogue_(std::move(dialogue)),
          page_(std::move(page)),
          done_(std::move(done)) {
        turns_.begin(deadline);
    }

    void start_endpoint() { send(dialogue_.start()); }
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
        if (!done_) {
            return;
        }
        if (!result) {
            const bool try_next = result.error().kind != ErrorKind::cancelled &&
                                  result.error().kind != ErrorKind::config;
            return give_up(Refusal{std::move(result).error(), try_next});
        }
        auto step = dialogue_.resume(*result);
        if (auto* request = std::get_if<protocol::Request>(&step)) {
            return send(std::move(*request));
        }
        if (auto* refusal = std::get_if<Refusal>(&step)) {
            return give_up(std::move(*refusal));
        }
        if (auto foreign = turns_.refuse_foreign(dialogue_.store(), *result)) {
            return give_up(std::move(*foreign));
        }
        auto& arrived = std::get<ReadPages::Arrived>(step);
        const bool is_last = !arrived.next;
        if (arrived.next) {
            send(*std::move(arrived.next));  // First: the server works while we do.
        }
        auto page = dialogue_.decode(*result);
        if (!page) {
            auto done = std::exchange(done_, nullptr);
            std::exchange(call_, {}).cancel();
            return done(std::move(page).error());
        }
        page_(*std::move(page));
        if (is_last) {
            auto done = std::exchange(done_, nullptr);
            done(dialogue_.revision());
        }
    }

    void give_up(Refusal refusal) {
        if (turns_.next(refusal)) {
            return start_endpoint();
        }
        auto done = std::exchange(done_, nullptr);
        done(std::move(refusal.error));
    }

    transport::HttpClient& http_;
    EndpointTurns turns_;
    ReadPages dialogue_;
    Callback<void(Page)> page_;
    Callback<void(Result<std::uint64_t>)> done_;
    Operation call_;
};

}  // namespace

Operation read_pages(transport::HttpClient& http, StoreAccess access, ReadPages dialogue,
                     transport::SteadyTime deadline, Callback<void(Page)> page,
                     Callback<void(Result<std::uint64_t>)> done) {
    auto reading = std::make_shared<Reading>(http, std::move(access), std::move(dialogue), deadline,
                                             std::move(page), std::move(done));
    reading->start_endpoint();
    return Operation([weak = std::weak_ptr<Reading>(reading)] {
        if (auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni::dcs::etcd3
