#pragma once

#include <patroni/callback.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <numeric>
#include <optional>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace patroni {

/// One question to several members, until one gives a good answer. Keeps itself alive until its
/// callback was called, or until `owner` (of what is called) is gone.
template <class T>
class FirstGood : public std::enable_shared_from_this<FirstGood<T>> {
public:
    struct Answer {
        std::size_t index = 0;
        T value;
        std::vector<Error> failures;
    };
    using Done = Callback<void(Result<Answer>)>;
    /// Asks the member of that index; may call back from within.
    using Ask = std::function<Operation(std::size_t index, Callback<void(Result<T>)>)>;

    FirstGood(boost::asio::io_context& context, std::weak_ptr<const void> owner, std::size_t count,
              std::chrono::milliseconds hedge_after, Ask ask, std::function<bool(const T&)> is_good,
              Done done)
        : timer_(context),
          owner_(std::move(owner)),
          order_(count),
          hedge_after_(hedge_after),
          ask_(std::move(ask)),
          is_good_(std::move(is_good)),
          done_(std::move(done)) {
        std::iota(order_.begin(), order_.end(), std::size_t{0});
        std::shuffle(order_.begin(), order_.end(), std::minstd_rand(std::random_device()()));
    }

    void start() {
        if (hedge_after_.count() == 0) {
            while (done_ && next_ < order_.size()) {
                ask_next();
            }
            return;
        }
        ask_next();
        wait();
    }

    void cancel() {
        cancelled_ = true;
        end_calls();
    }

private:
    void end_calls() {
        next_ = order_.size();
        timer_.cancel();
        for (auto& call : calls_) {
            call.cancel();
        }
    }

    void ask_next() {
        const std::size_t index = order_[next_++];
        ++running_;
        calls_.push_back(ask_(index, [self = this->shared_from_this(), index](Result<T> result) {
            self->take(index, std::move(result));
        }));
    }

    void wait() {
        if (!done_ || next_ >= order_.size()) {
            return;
        }
        const auto more = hedge_after_.count() / 2 + 1;
        timer_.expires_after(hedge_after_ +
                             std::chrono::milliseconds(std::random_device()() % more));
        timer_.async_wait(
            [self = this->shared_from_this()](const boost::system::error_code& error) {
                if (!error && !self->owner_.expired() && self->next_ < self->order_.size()) {
                    self->ask_next();
                    self->wait();
                }
            });
    }

    void take(std::size_t index, Result<T> result) {
        --running_;
        if (!done_) {
            return;
        }
        if (result && is_good_(*result)) {
            return finish(Answer{index, *std::move(result), std::move(failures_)});
        }
        if (result && !second_best_) {
            second_best_ = Answer{index, *std::move(result), {}};
        } else if (!result) {
            if (result.error().kind == ErrorKind::config) {
                return finish(std::move(result).error());  // The same for everybody.
            }
            failures_.push_back(std::move(result).error());
        }
        if (next_ < order_.size()) {
            ask_next();
            return wait();
        }
        if (running_ > 0) {
            return;
        }
        if (cancelled_) {
            return finish(given_up());
        }
        if (second_best_) {
            second_best_->failures = std::move(failures_);
            return finish(*std::move(second_best_));
        }
        finish(summary());
    }

    /// Of whoever was asked when it was cancelled. Nobody may be: the last answer, which was not
    /// good, can have come at the same time.
    Error given_up() const {
        const auto found =
            std::find_if(failures_.rbegin(), failures_.rend(),
                         [](const Error& failure) { return failure.kind == ErrorKind::cancelled; });
        if (found != failures_.rend()) {
            return *found;
        }
        Error error;
        error.kind = ErrorKind::cancelled;
        error.message = "given up before there was a good answer";
        return error;
    }

    /// The error of the member that came furthest, with the reasons of all.
    Error summary() const {
        Error worst = *std::max_element(
            failures_.begin(), failures_.end(),
            [](const Error& a, const Error& b) { return a.delivery < b.delivery; });
        if (failures_.size() == 1) {
            return worst;
        }
        worst.message = "no member gave a good answer:";
        for (const auto& failure : failures_) {
            worst.message += (&failure == &failures_.front() ? " " : "; ") + failure.endpoint +
                             ": " + failure.message;
        }
        worst.endpoint.clear();
        return worst;
    }

    void finish(Result<Answer> result) {
        auto done = std::exchange(done_, nullptr);
        end_calls();
        done(std::move(result));
    }

    boost::asio::steady_timer timer_;
    std::weak_ptr<const void> owner_;
    std::vector<std::size_t> order_;
    std::chrono::milliseconds hedge_after_;
    Ask ask_;
    std::function<bool(const T&)> is_good_;
    Done done_;
    std::size_t next_ = 0;
    std::size_t running_ = 0;
    bool cancelled_ = false;
    std::vector<Operation> calls_;
    std::vector<Error> failures_;
    std::optional<Answer> second_best_;
};

}  // namespace patroni
