#pragma once

#include "dcs/consul/watch_machine.hpp"
#include "dcs/endpoint_turns.hpp"
#include "transport/loop_timer.hpp"

#include <patroni/callback.hpp>

#include <map>
#include <memory>
#include <random>
#include <string>

namespace patroni::dcs::consul {

/// Carries one watch out: sends what its machine wants, tells what it says, and goes on at the next
/// agent when one is lost: at once, then after pauses that grow to two seconds.
class WatchRun : public std::enable_shared_from_this<WatchRun> {
public:
    WatchRun(transport::HttpClient& http, StoreAccess agents, WatchMachine machine,
             Callback<void(WatchEvent)> told);

    void start();
    /// The watch ends with `cancelled`.
    void cancel();
    /// It ends, and tells nothing any more.
    void drop();

private:
    void ask();
    void send(WatchCall call);
    void take(Result<protocol::Response> result);
    void lose(Refusal refusal);
    void end(Error error);
    bool is_final(const Refusal& refusal) const;
    bool is_over() const noexcept { return state_ == State::cancelled || state_ == State::ended; }
    std::chrono::milliseconds pause();

    /// An own one: a query holds the turn at its host for as long as it blocks.
    std::unique_ptr<transport::HttpClient> http_;
    transport::LoopTimer timer_;
    StoreAccess agents_;
    WatchMachine machine_;
    Callback<void(WatchEvent)> told_;
    Operation call_;
    std::size_t agent_ = 0;  ///< Whose turn it is.
    enum class State { unserved, connected, cancelled, ended } state_ = State::unserved;
    bool has_told_snapshot_ = false;
    std::size_t failures_ = 0;                 ///< In a row.
    std::map<std::string, std::string> lost_;  ///< Agent to what was told about its loss.
    std::minstd_rand random_{std::random_device{}()};
};

}  // namespace patroni::dcs::consul
