#pragma once

#include <patroni/lsn.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patroni {

/// How one timeline ended: a row of `GET /history` (Patroni >= 1.6.1) and of the key `history`.
struct HistoryEntry {
    std::int64_t timeline = 0;              ///< The one that ended.
    Lsn lsn;                                ///< Where it ended.
    std::string reason;                     ///< PostgreSQL's words.
    std::optional<std::string> timestamp;   ///< ISO 8601 as written; nullopt: not seen by Patroni.
    std::optional<std::string> new_leader;  ///< Who was promoted; Patroni >= 2.1.1.

    friend bool operator==(const HistoryEntry&, const HistoryEntry&) = default;
};

/// The timelines of a cluster that ended, oldest first.
struct History {
    std::vector<HistoryEntry> entries;
    std::size_t unreadable = 0;  ///< Rows that are not `[timeline, position, reason, ...]`.
};

}  // namespace patroni
