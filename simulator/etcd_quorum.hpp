#pragma once

#include "simulator/clock.hpp"

#include <functional>
#include <map>
#include <memory>

namespace patroni::simulation {

/// Whether an etcd can decide anything. Requests that need that wait while it cannot, as long as a
/// real server lets them.
class EtcdQuorum {
public:
    explicit EtcdQuorum(Clock& clock) : clock_(clock) {}
    ~EtcdQuorum() { *alive_ = false; }
    EtcdQuorum(const EtcdQuorum&) = delete;
    EtcdQuorum& operator=(const EtcdQuorum&) = delete;

    bool there() const { return there_; }
    /// Regained, it lets all go on that wait.
    void set(bool there);
    /// Calls the function with true as soon as there is one, or with false in seven seconds.
    void wait(std::function<void(bool)> then);
    /// Calls the function if it is not regained until then.
    void if_lost_for(SimulatedMoment time, std::function<void()> then);

private:
    Clock& clock_;
    bool there_ = true;
    unsigned losses_ = 0;
    unsigned last_ = 0;
    std::map<unsigned, std::function<void(bool)>> waiting_;
    std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
};

}  // namespace patroni::simulation
