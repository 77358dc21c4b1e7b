#pragma once

#include <patroni/callback.hpp>

#include <chrono>
#include <memory>

namespace patroni {

/// The event loop that everything asynchronous runs on. Callbacks are called by the one thread that
/// is inside `run()`; `post()` and `stop()` may be called from any thread.
class Runtime {
public:
    Runtime();
    ~Runtime();
    Runtime(const Runtime&) = delete;
    Runtime& operator=(const Runtime&) = delete;

    /// Runs until nothing is under way any more, or `stop()` is called.
    void run();
    /// Runs until `stop()` is called, also while nothing is under way.
    void run_until_stopped();
    void stop();
    /// Calls `work` on the thread that runs.
    void post(Callback<void()> work);
    /// Whether the caller is a callback of this runtime.
    bool running_in_this_thread() const noexcept;

    class Impl;
    /// For the library's own parts.
    Impl& impl() noexcept { return *impl_; }

private:
    std::unique_ptr<Impl> impl_;
};

}  // namespace patroni
