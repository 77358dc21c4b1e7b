#pragma once

#include <functional>
#include <memory>
#include <utility>

namespace patroni {

/// A handle of something that was started: it can be cancelled. Destroying the handle does not
/// cancel; the callback is called exactly once in any case. Not thread-safe: use it on the thread
/// that runs the Runtime.
class Operation {
public:
    Operation() = default;
    explicit Operation(std::function<void()> cancel) : cancel_(std::move(cancel)) {}

    /// Ends the operation with Error kind `cancelled`, soon and through its callback, never from
    /// within this call. Does nothing when it has ended already.
    void cancel() {
        if (cancel_) {
            cancel_();
        }
    }

private:
    std::function<void()> cancel_;
};

}  // namespace patroni
