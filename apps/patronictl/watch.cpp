#include "patronictl/watch.hpp"

#include <algorithm>

namespace patronictl {

double watch_seconds(const Parsed& parsed) {
    const double seconds = parsed.real("watch").value_or(0);
    return seconds == 0 && parsed.flag("w") ? 2 : seconds;
}

Watch::Watch(const Streams& streams, double seconds, Screen screen)
    : streams_(streams),
      seconds_(seconds),
      clears_(screen == Screen::cleared && streams.out_is_terminal && seconds != 0) {
    begin_round();
}

void Watch::begin_round() {
    if (clears_) {
        streams_.out("\x1b[2J\x1b[1;1H");
    }
    began_ = streams_.now();
}

bool Watch::again() {
    if (seconds_ == 0) {
        return false;
    }
    const std::chrono::duration<double> passed = streams_.now() - began_;
    streams_.sleep(std::chrono::duration<double>(std::max(0.0, seconds_ - passed.count())));
    begin_round();
    return true;
}

}  // namespace patronictl
