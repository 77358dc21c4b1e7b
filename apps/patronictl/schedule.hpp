#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace patronictl {

/// The time of `--scheduled`.
struct Schedule {
    std::string iso;   ///< "2030-01-01T10:00:00+02:00": what is sent.
    std::string text;  ///< The same with a blank in the place of the T.
};

/// nullopt: now ("", "now"). Without a zone in the text it is the one of TZ. Throws Fail.
std::optional<Schedule> parse_schedule(std::string_view text,
                                       std::chrono::system_clock::time_point now);

/// The time of a key as Python's `isoformat` writes it, without a zone when it has none. Throws
/// Fail.
std::string iso_of_stored(std::string_view text, std::chrono::system_clock::time_point now);

/// "2030-01-01T11:05": an hour from now, as an example in a question.
std::string next_hour(std::chrono::system_clock::time_point now);

}  // namespace patronictl
