#pragma once

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <random>
#include <utility>

namespace patroni {

/// Whether another try can help: the connection failed, or ended without an answer.
inline bool is_worth_a_retry(const Error& error) {
    return error.kind == ErrorKind::connect_refused || error.kind == ErrorKind::unreachable ||
           error.kind == ErrorKind::reset;
}

/// One read that is tried several times, with a pause that differs from client to client.
template <class T>
class Repeated : public std::enable_shared_from_this<Repeated<T>> {
public:
    using Done = Callback<void(Result<T>)>;
    using Time = std::chrono::steady_clock::time_point;

    Repeated(boost::asio::io_context& context, std::weak_ptr<const void> owner, int attempts,
             Time deadline, std::function<Operation(Done)> once, Done done)
        : timer_(context),
          owner_(std::move(owner)),
          left_(attempts),
          deadline_(deadline),
          once_(std::move(once)),
          done_(std::move(done)) {}

    void start() {
        --left_;
        call_ = once_(
            [self = this->shared_from_this()](Result<T> result) { self->take(std::move(result)); });
    }

    void cancel() {
        left_ = 0;
        timer_.cancel();
        call_.cancel();
    }

private:
    void take(Result<T> result) {
        const auto pause = std::chrono::milliseconds(100 + std::random_device()() % 200);
        if (result || left_ <= 0 || !is_worth_a_retry(result.error()) ||
            std::chrono::steady_clock::now() + pause >= deadline_) {
            return done_(std::move(result));
        }
        timer_.expires_after(pause);
        timer_.async_wait([self = this->shared_from_this(),
                           last = std::move(result)](const boost::system::error_code&) mutable {
            if (self->owner_.expired()) {
                return;  // Nobody is there to try it, or to be told.
            }
            if (self->left_ > 0) {
                self->start();
            } else {
                self->done_(std::move(last));  // Cancelled meanwhile.
            }
        });
    }

    boost::asio::steady_timer timer_;
    std::weak_ptr<const void> owner_;
    int left_;
    Time deadline_;
    std::function<Operation(Done)> once_;
    Done done_;
    Operation call_;
};

/// Runs `once` up to `attempts` times until it succeeds; not again when the owner of what it uses
/// is gone, then the callback is dropped.
template <class T, class Once>
Operation repeat(boost::asio::io_context& context, std::weak_ptr<const void> owner, int attempts,
                 std::chrono::steady_clock::time_point deadline, Once once,
                 Callback<void(Result<T>)> done) {
    if (attempts <= 1) {
        return once(std::move(done));
    }
    const auto repeated = std::make_shared<Repeated<T>>(context, std::move(owner), attempts,
                                                        deadline, std::move(once), std::move(done));
    repeated->start();
    return Operation([weak = std::weak_ptr(repeated)] {
        if (const auto alive = weak.lock()) {
            alive->cancel();
        }
    });
}

}  // namespace patroni
