#pragma once

#include <patroni/status.hpp>
#include <patroni/timestamp.hpp>
#include <patroni/url.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace patroni {

/// The one member of a cluster that takes writes, with the evidence: PostgreSQL runs as a primary
/// by the member's own word, and the leader lock is its.
struct WritablePrimary {
    std::string scope;   ///< Empty when no source names one.
    std::string member;  ///< Its name, or `host:port` of its REST API when nobody names it.
    std::optional<Origin> api;
    /// Where PostgreSQL takes connections; nullopt when neither source nor member says it (a list
    /// of members before Patroni 1.6.1, registrator without keys of the PostgreSQL port).
    std::optional<HostPort> postgres;
    std::optional<std::int64_t> timeline;
    /// Who says that it holds the lock: the store (dcs), `GET /cluster` (cluster), or its own
    /// answer to `GET /`, which is 200 for nobody else (live).
    FactSource lock_source = FactSource::none;
    /// Others that said at the same time that they run as a primary: old leaders that are about to
    /// step down. Do not write there.
    std::vector<std::string> other_primaries;
    WallTime observed_at{};  ///< When the member said so.
};

}  // namespace patroni
