#pragma once

#include <patroni/callback.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <memory>

namespace patroni::transport {

/// The one timer of a call. A call goes through phases, each with a limit of its own under the
/// limit of the whole. The timer is only set again when a phase must end earlier than it rings: in
/// the good case once for a call.
class Deadline {
public:
    using Time = std::chrono::steady_clock::time_point;
    using Milliseconds = std::chrono::milliseconds;

    /// `expired` is called from the io_context whenever the current phase is over its limit, and
    /// not after stop().
    Deadline(boost::asio::io_context& context, Time total, Callback<void()> expired);
    ~Deadline();
    Deadline(const Deadline&) = delete;
    Deadline& operator=(const Deadline&) = delete;

    /// Starts a phase; a limit of 0 means that only the total limit holds.
    void begin_phase(Milliseconds limit = Milliseconds(0));
    void stop();

    bool is_total_over() const;
    /// How long the current phase was allowed to take.
    Milliseconds phase_limit() const;

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace patroni::transport
