#pragma once

#include "simulator/http_message.hpp"

#include <patroni/simulator.hpp>

#include <chrono>
#include <string>
#include <vector>

namespace patroni::simulation {

/// What a connection does with one request: what it sends, how fast, and what then.
struct SendPlan {
    enum class End {
        keep,    ///< The next request may come.
        close,   ///< In order.
        reset,   ///< With a TCP reset.
        wait,    ///< Nothing more, until the client gives up.
        repeat,  ///< The last segment again and again.
    };
    std::vector<std::string> segments;
    std::chrono::milliseconds pause{0};  ///< Between two segments.
    End end = End::close;
};

SendPlan plan_of(HttpReply reply);
/// The answer as the fault spoils it. Not for the kinds that end before an answer is made
/// (refuse, silent, reset_on_accept).
SendPlan plan_of(HttpReply reply, const Fault& fault);

}  // namespace patroni::simulation
