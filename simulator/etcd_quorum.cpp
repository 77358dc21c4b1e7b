#include "simulator/etcd_quorum.hpp"

#include <chrono>
#include <utility>

namespace patroni::simulation {
namespace {

// Five seconds and two election timeouts.
constexpr std::chrono::seconds patience{7};

}  // namespace

void EtcdQuorum::set(bool there) {
    losses_ += there_ && !there ? 1 : 0;
    there_ = there;
    if (there) {
        for (const auto& [number, then] : std::exchange(waiting_, {})) {
            then(true);
        }
    }
}

void EtcdQuorum::wait(std::function<void(bool)> then) {
    if (there_) {
        then(true);
        return;
    }
    const unsigned number = ++last_;
    waiting_.emplace(number, std::move(then));
    clock_.after(patience, [this, alive = alive_, number] {
        if (*alive) {
            if (const auto late = waiting_.extract(number)) {
                late.mapped()(false);
            }
        }
    });
}

void EtcdQuorum::if_lost_for(SimulatedMoment time, std::function<void()> then) {
    clock_.after(time, [this, alive = alive_, loss = losses_, then = std::move(then)] {
        if (*alive && !there_ && loss == losses_) {
            then();
        }
    });
}

}  // namespace patroni::simulation
