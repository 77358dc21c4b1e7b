#pragma once

#include <patroni/callback.hpp>

#include <chrono>
#include <memory>

namespace boost::asio {
class io_context;
}

namespace patroni::transport {

/// Calls `work` from the loop, not from within.
void post(boost::asio::io_context& context, Callback<void()> work);

/// One timer on the loop, set as often as needed. Not thread-safe; the loop outlives it.
class LoopTimer {
public:
    explicit LoopTimer(boost::asio::io_context& context);
    ~LoopTimer();  ///< Stops it.
    LoopTimer(const LoopTimer&) = delete;
    LoopTimer& operator=(const LoopTimer&) = delete;

    /// Calls `work` from the loop after `delay`, in place of what was set before.
    void start(std::chrono::milliseconds delay, Callback<void()> work);
    void start(std::chrono::steady_clock::time_point at, Callback<void()> work);
    /// What was set is not called any more.
    void stop();

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace patroni::transport
