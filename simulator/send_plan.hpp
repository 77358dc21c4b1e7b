#pragma once

#include <patroni/simulator.hpp>

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace patroni::simulation {

/// What a connection does with (a piece of) one answer: what it sends, how fast, and what then.
struct SendPlan {
    enum class End {
        more,    ///< The answer goes on.
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

/// One answer, whole or in pieces, as the fault spoils it. Not for the kinds that end before an
/// answer is made (refuse, silent, reset_on_accept).
class SendPlanner {
public:
    explicit SendPlanner(std::optional<Fault> fault = std::nullopt);

    /// What becomes of the next piece. `end` is `more`, and `keep` or `close` for the last one;
    /// nothing may follow a plan whose end is another than `more`.
    SendPlan next(std::vector<std::string> segments, SendPlan::End end);

private:
    SendPlan spoiled(std::string text, SendPlan::End end);
    SendPlan limited(std::string text, SendPlan::End end, SendPlan::End after);

    std::optional<Fault> fault_;
    std::size_t passed_ = 0;  ///< Bytes of earlier pieces.
};

}  // namespace patroni::simulation
