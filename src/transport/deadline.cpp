#include "transport/deadline.hpp"

#include <algorithm>
#include <utility>

namespace patroni::transport {

struct Deadline::State : std::enable_shared_from_this<State> {
    using Clock = std::chrono::steady_clock;

    State(boost::asio::io_context& context, Time total_in, Callback<void()> expired_in)
        : timer(context), total(total_in), expired(std::move(expired_in)) {}

    void arm() {
        armed_until = due;
        timer.expires_at(due);
        timer.async_wait([weak = weak_from_this()](const boost::system::error_code& ec) {
            const auto self = weak.lock();
            if (!self || ec || self->stopped) {
                return;
            }
            if (Clock::now() < self->due) {
                self->arm();  // It was set for an earlier phase, which ended in time.
                return;
            }
            self->armed_until = Time::max();
            self->expired();
        });
    }

    boost::asio::steady_timer timer;
    Time total;
    Time phase_start{};
    Time due = Time::max();
    Time armed_until = Time::max();
    Callback<void()> expired;
    bool stopped = false;
};

Deadline::Deadline(boost::asio::io_context& context, Time total, Callback<void()> expired)
    : state_(std::make_shared<State>(context, total, std::move(expired))) {}

Deadline::~Deadline() {
    stop();
}

void Deadline::begin_phase(Milliseconds limit) {
    state_->phase_start = State::Clock::now();
    state_->due = state_->total;
    if (limit.count() > 0) {
        state_->due = std::min(state_->total, state_->phase_start + limit);
    }
    if (!state_->stopped && state_->due < state_->armed_until) {
        state_->arm();
    }
}

void Deadline::stop() {
    state_->stopped = true;  // Not `expired = {}`: it may be what is running.
    state_->timer.cancel();
}

bool Deadline::is_total_over() const {
    return State::Clock::now() >= state_->total;
}

Deadline::Milliseconds Deadline::phase_limit() const {
    const auto allowed = state_->due - state_->phase_start;
    return std::max(Milliseconds(0), std::chrono::round<Milliseconds>(allowed));
}

}  // namespace patroni::transport
