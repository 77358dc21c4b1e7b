#pragma once

#include "simulator/cluster_state.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <map>
#include <utility>

namespace patroni::simulation {

/// The time of a simulation and what is to happen in it, in order: events see their own moment,
/// however late they are run. Belongs to the io_context's one thread.
class Clock {
public:
    explicit Clock(boost::asio::io_context& context) : timer_(context) {}

    SimulatedMoment time() const { return time_; }
    /// The date and time of the clusters.
    WallTime wall() const;

    /// Events due at the same moment run in the order in which they were asked for.
    void at(SimulatedMoment moment, std::function<void()> event);
    void after(SimulatedMoment delay, std::function<void()> event) {
        at(time_ + delay, std::move(event));
    }

    /// Lets time pass now, with all that happens in it.
    void advance(SimulatedMoment duration);
    /// From now on so many simulated seconds pass in a real one; 0: only `advance` moves the time.
    void run(double scale);
    /// In real time: runs what is due by now. Called before anything looks at the clusters.
    void catch_up();
    /// Called whenever time has passed, before what happens then.
    void when_time_passes(std::function<void()> listener) { listener_ = std::move(listener); }
    bool is_manual() const { return scale_ <= 0; }
    /// Runs nothing any more.
    void stop();

private:
    using RealTime = std::chrono::steady_clock::time_point;

    void run_until(SimulatedMoment moment);
    void pass_until(SimulatedMoment moment);
    SimulatedMoment real_time_now() const;
    void arm();

    boost::asio::steady_timer timer_;
    std::multimap<SimulatedMoment, std::function<void()>> events_;
    SimulatedMoment time_{0};
    double scale_ = 0;
    RealTime real_start_{};         ///< When the scale was set,
    SimulatedMoment time_start_{};  ///< and what time it was then.
    WallTime wall_start_{};
    std::chrono::microseconds wall_ahead_{0};  ///< Of the system's clock, while time is manual.
    bool running_ = false;
    std::function<void()> listener_;
};

}  // namespace patroni::simulation
