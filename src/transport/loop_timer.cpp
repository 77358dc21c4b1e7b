#include "transport/loop_timer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>

#include <cstdint>
#include <utility>

namespace patroni::transport {

void post(boost::asio::io_context& context, Callback<void()> work) {
    boost::asio::post(context, [work = std::move(work)]() mutable { work(); });
}

struct LoopTimer::State {
    explicit State(boost::asio::io_context& context) : timer(context) {}
    boost::asio::steady_timer timer;
    Callback<void()> work;
    std::uint64_t setting = 0;  ///< An expiry that was queued already belongs to an older one.
};

LoopTimer::LoopTimer(boost::asio::io_context& context) : state_(std::make_shared<State>(context)) {}

LoopTimer::~LoopTimer() {
    stop();
}

void LoopTimer::start(std::chrono::milliseconds delay, Callback<void()> work) {
    start(std::chrono::steady_clock::now() + delay, std::move(work));
}

void LoopTimer::start(std::chrono::steady_clock::time_point at, Callback<void()> work) {
    state_->work = std::move(work);
    const std::uint64_t setting = ++state_->setting;
    state_->timer.expires_at(at);
    state_->timer.async_wait([state = state_, setting](const boost::system::error_code&) {
        if (setting == state->setting && state->work) {
            auto due = std::exchange(state->work, nullptr);
            due();
        }
    });
}

void LoopTimer::stop() {
    ++state_->setting;
    state_->work = nullptr;
    state_->timer.cancel();
}

}  // namespace patroni::transport
