#pragma once

#include "patronictl/grammar.hpp"
#include "patronictl/streams.hpp"

#include <chrono>
#include <optional>

namespace patronictl {

/// What `-w` and `-W` say: -w wins over -W; 0 is once.
double watch_seconds(const Parsed& parsed);

/// The rounds of a command that repeats: a period counts from the start of the round before.
class Watch {
public:
    enum class Screen { cleared, kept };

    /// Begins the first round; with `cleared` a terminal is cleared before each one.
    Watch(const Streams& streams, double seconds, Screen screen);

    /// Waits for the next round; false when there is none.
    bool again();

private:
    void begin_round();

    const Streams& streams_;
    double seconds_;
    bool clears_;
    std::chrono::system_clock::time_point began_{};
};

}  // namespace patronictl
