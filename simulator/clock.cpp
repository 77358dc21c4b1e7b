#include "simulator/clock.hpp"

#include <algorithm>

namespace patroni::simulation {
namespace {

WallTime system_time() {
    return std::chrono::floor<WallTime::duration>(std::chrono::system_clock::now());
}

}  // namespace

WallTime Clock::wall() const {
    return scale_ > 0 ? wall_start_ + (time_ - time_start_) : system_time() + wall_ahead_;
}

void Clock::at(SimulatedMoment moment, std::function<void()> event) {
    events_.emplace(std::max(moment, time_), std::move(event));
    arm();
}

void Clock::advance(SimulatedMoment duration) {
    catch_up();
    const SimulatedMoment target = time_ + duration;
    time_start_ += duration;  // in real time this comes on top
    wall_start_ += duration;
    run_until(target);
}

void Clock::run(double scale) {
    catch_up();
    const WallTime wall_now = wall();
    scale_ = scale;
    real_start_ = std::chrono::steady_clock::now();
    time_start_ = time_;
    wall_start_ = wall_now;
    wall_ahead_ = wall_now - system_time();
    arm();
}

void Clock::catch_up() {
    if (scale_ > 0 && !running_) {
        run_until(std::max(time_, real_time_now()));
    }
}

void Clock::stop() {
    scale_ = 0;
    events_.clear();
    timer_.cancel();
}

void Clock::run_until(SimulatedMoment moment) {
    running_ = true;
    while (!events_.empty() && events_.begin()->first <= moment) {
        auto event = events_.extract(events_.begin());
        pass_until(event.key());
        event.mapped()();
    }
    pass_until(moment);
    running_ = false;
    arm();
}

void Clock::pass_until(SimulatedMoment moment) {
    if (moment <= time_) {
        return;
    }
    const SimulatedMoment passed = moment - time_;
    time_ = moment;
    if (is_manual()) {
        wall_ahead_ += passed;
    }
    if (listener_) {
        listener_();
    }
}

SimulatedMoment Clock::real_time_now() const {
    const std::chrono::duration<double, std::micro> real =
        std::chrono::steady_clock::now() - real_start_;
    return time_start_ + SimulatedMoment(static_cast<std::int64_t>(real.count() * scale_));
}

void Clock::arm() {
    if (scale_ <= 0 || running_ || events_.empty()) {
        return;
    }
    const std::chrono::duration<double, std::micro> simulated =
        events_.begin()->first - time_start_;
    timer_.expires_at(real_start_ + std::chrono::duration_cast<std::chrono::steady_clock::duration>(
                                        simulated / scale_));
    timer_.async_wait([this](boost::system::error_code error) {
        if (!error) {
            catch_up();
        }
    });
}

}  // namespace patroni::simulation
