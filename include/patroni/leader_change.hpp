#pragma once

#include <patroni/cluster.hpp>
#include <patroni/outcome.hpp>
#include <patroni/store_write.hpp>
#include <patroni/timestamp.hpp>
#include <patroni/url.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace patroni {

/// One switchover or failover, ready to be sent.
struct LeaderRequest {
    enum class Kind {
        switchover,  ///< From a leader that lives, now or at a time.
        failover,    ///< To a candidate, whether there is a leader or not; can lose transactions.
    };

    Kind kind = Kind::switchover;
    std::string scope;
    std::optional<int> group = std::nullopt;  ///< Of a Citus cluster.
    /// Who led when this was decided (nullopt: nobody). A switchover names it; and the store is
    /// written only while it leads still.
    std::optional<std::string> leader = std::nullopt;
    /// nullopt or empty: Patroni chooses (not for a failover).
    std::optional<std::string> candidate = std::nullopt;
    /// ISO 8601 with its zone, of a switchover that has to wait; nullopt: now.
    std::optional<std::string> scheduled_at = std::nullopt;
    /// The member that is told: the leader, without one the candidate. nullopt: it has no usable
    /// address, only the store is left.
    std::optional<Origin> api = std::nullopt;
};

/// What became of it. `kind`, `reason` and `message` are the whole truth; the rest is evidence.
///
/// - A member answered: what it said, `body` in full.
/// - No member answered, and the store was written: `done` (Patroni was told through the store, and
///   has not acted yet) or `scheduled`; `through_store`.
/// - No member answered, and the store was not written, since another member leads by now, another
///   request is there already, or the store could not be read: `unknown` where the request may have
///   arrived, else `rejected`.
struct LeaderResult : Outcome {
    std::string body;            ///< The member's answer as received, untrusted.
    bool through_store = false;  ///< The store was written instead.
    /// Why no member answered; nullopt when one did.
    std::optional<Error> member_error;
    /// The write to the store where it was tried.
    std::optional<StoreOutcome> store;
    /// The cluster as it was found before the store was written (or not).
    std::optional<Cluster> seen;
};

/// "switchover", "failover".
std::string_view to_string(LeaderRequest::Kind kind) noexcept;

}  // namespace patroni
