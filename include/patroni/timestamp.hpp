#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace patroni {

using WallTime = std::chrono::sys_time<std::chrono::microseconds>;

/// A point in time as a server wrote it. Patroni has three families of text for it: PostgreSQL's
/// `2016-07-08 06:03:11.407 UTC` (up to 2.0.2), Python's `2024-08-28 19:39:26.352526+00:00`, and
/// ISO 8601.
struct Timestamp {
    std::string text;              ///< As written.
    std::optional<WallTime> time;  ///< nullopt when the zone is an unknown abbreviation.

    /// `text` in RFC 3339 (UTC, `Z`) where the time is known, else the text as written.
    std::string iso() const;

    /// nullopt when the text is no date and time at all.
    static std::optional<Timestamp> parse(std::string_view text);
};

/// `2026-11-23T18:10:15.593Z`: UTC with milliseconds.
std::string to_iso(WallTime time);

}  // namespace patroni
