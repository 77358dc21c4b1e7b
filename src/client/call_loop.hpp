#pragma once

#include <patroni/callback.hpp>
#include <patroni/error.hpp>
#include <patroni/operation.hpp>
#include <patroni/result.hpp>
#include <patroni/runtime.hpp>

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

namespace patroni {

/// The event loop behind a facade: its own, which blocking calls run on the calling thread, or one
/// of the user.
class CallLoop {
public:
    /// nullptr: an own one. Throws Failure (limit) when the process has no room for it.
    explicit CallLoop(Runtime* runtime);

    Runtime& runtime() noexcept { return runtime_; }
    bool is_own() const noexcept { return own_ != nullptr; }

    /// Throws Failure (config) on an own loop: nobody runs it.
    void require_runtime() const;

    /// What was begun and not ended is dropped: its callbacks are never called.
    void abandon() { alive_ = std::make_shared<char>(); }
    /// Expires when what was begun until now is dropped, or with the loop.
    std::weak_ptr<const void> alive() const { return alive_; }

    /// Starts an operation and runs the own loop on the calling thread until it has ended. After an
    /// exception (std::bad_alloc) left a call in the middle, nobody knows how far its parts got:
    /// `start_over` drops them before the next one.
    template <class T, class Start>
    T block(const std::function<void()>& start_over, Start start);

    /// Begins from the loop, so that a callback is never called from within.
    /// `begin(done) -> Operation`.
    template <class T, class Begin>
    Operation begin(Callback<void(Result<T>)> done, Begin begin);

private:
    [[noreturn]] static void refuse(const char* message);
    static Error cancelled_early();

    std::unique_ptr<Runtime> own_;
    Runtime& runtime_;
    bool was_left_ = false;  ///< By an exception.
    std::shared_ptr<char> alive_ = std::make_shared<char>();
    std::mutex mutex_;
};

template <class T, class Start>
T CallLoop::block(const std::function<void()>& start_over, Start start) {
    if (!is_own()) {
        refuse("on a Runtime there are only the functions with a callback");
    }
    const std::lock_guard lock(mutex_);
    if (was_left_) {
        abandon();
        start_over();
    }
    was_left_ = true;
    const auto answer = std::make_shared<std::optional<Result<T>>>();
    start(Callback<void(Result<T>)>([this, waiting = std::weak_ptr(answer)](Result<T> result) {
        if (const auto slot = waiting.lock()) {
            *slot = std::move(result);
            runtime_.stop();  // Kept connections would hold the loop for seconds.
        }
    }));
    runtime_.run();
    was_left_ = false;
    return *answer ? std::move(**answer).value() : Result<T>().value();
}

template <class T, class Begin>
Operation CallLoop::begin(Callback<void(Result<T>)> done, Begin begin) {
    struct State {
        Operation operation;
        bool cancelled = false;
    };
    auto state = std::make_shared<State>();
    runtime_.post(
        [alive = alive(), state, done = std::move(done), begin = std::move(begin)]() mutable {
            if (alive.expired()) {
                return;
            }
            if (state->cancelled) {
                return done(cancelled_early());
            }
            state->operation = begin(std::move(done));
        });
    return Operation([state] {
        state->cancelled = true;
        state->operation.cancel();
    });
}

}  // namespace patroni
