#pragma once

#include <patroni/runtime.hpp>

#include <atomic>
#include <csignal>
#include <functional>
#include <thread>

namespace patctl {

/// As long as it lives, SIGINT and SIGTERM do not end the program: each one calls `stop` on the
/// thread that runs `runtime`, which outlives this. Made before any other thread is.
class StopSignals {
public:
    StopSignals(patroni::Runtime& runtime, std::function<void()> stop);
    ~StopSignals();
    StopSignals(const StopSignals&) = delete;
    StopSignals& operator=(const StopSignals&) = delete;

private:
    void wait(patroni::Runtime& runtime) const;

    std::function<void()> stop_;
    sigset_t signals_ = {};
    sigset_t old_ = {};
    std::atomic<bool> is_over_ = false;
    std::thread waiter_;
};

}  // namespace patctl
