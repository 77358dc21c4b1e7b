#include "patctl/stop_signals.hpp"

#include <utility>

namespace patctl {

StopSignals::StopSignals(patroni::Runtime& runtime, std::function<void()> stop)
    : stop_(std::move(stop)) {
    sigemptyset(&signals_);
    sigaddset(&signals_, SIGINT);
    sigaddset(&signals_, SIGTERM);
    pthread_sigmask(SIG_BLOCK, &signals_, &old_);
    waiter_ = std::thread([this, &runtime] { wait(runtime); });
}

StopSignals::~StopSignals() {
    is_over_ = true;
    pthread_kill(waiter_.native_handle(), SIGTERM);
    waiter_.join();
    pthread_sigmask(SIG_SETMASK, &old_, nullptr);
}

void StopSignals::wait(patroni::Runtime& runtime) const {
    for (;;) {
        int signal = 0;
        sigwait(&signals_, &signal);
        if (is_over_) {
            return;
        }
        runtime.post([this] { stop_(); });
    }
}

}  // namespace patctl
