#pragma once

#include <patroni/cluster.hpp>
#include <patroni/history.hpp>
#include <patroni/member_status.hpp>
#include <patroni/metrics.hpp>
#include <patroni/outcome.hpp>
#include <patroni/url.hpp>
#include <patroni/value.hpp>

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace patroni {

// What one member can be asked: each struct is one question, `Data` is its answer. They change
// nothing; give them to `Member::call`. What the server is too old for is an Error (unsupported).

/// `GET /patroni`: the member about itself; also how its version is learned.
struct GetStatus {
    using Data = MemberStatus;
};

/// `GET /cluster` (Patroni >= 1.6.1): the cluster as the DCS shows it. From 2.0.0 on each call is a
/// read of the DCS; a member that cannot reach it closes without an answer (Error reset).
struct GetCluster {
    using Data = ClusterOverview;
};

/// `GET /history` (Patroni >= 1.6.1), oldest first.
struct GetHistory {
    using Data = History;
};

/// `GET /config` (Patroni >= 1.0): the dynamic configuration, an object. Error not_found when the
/// DCS has none (servers before 3.3.8, 4.0.7 and 4.1.0 may say `{}` then).
struct GetConfig {
    using Data = Value;
};

/// `GET /metrics` (Patroni >= 2.1.0).
struct GetMetrics {
    using Data = Metrics;
};

/// `GET /failsafe` (Patroni >= 3.0.0): name and REST URL of the members that count in failsafe
/// mode (nullopt: the URL is none). Error not_found while the DCS has no such key.
struct GetFailsafe {
    using Data = std::map<std::string, std::optional<Origin>>;
};

/// What a health check asks. One name where Patroni has several for the same.
enum class HealthCheck {
    primary,           ///< `/` (any version): holds the leader lock of no standby cluster.
    leader,            ///< >= 1.5.0; from 2.1.0 on also the leader of a standby cluster.
    standby_leader,    ///< >= 1.5.0; before 2.0.0 a primary answers 200 too.
    replica,           ///< A running replica without the tag noloadbalance.
    read_write,        ///< >= 1.6.0; as primary.
    read_only,         ///< >= 1.6.0; as primary or replica.
    read_only_sync,    ///< >= 2.1.5; as primary or sync.
    read_only_quorum,  ///< >= 4.0.0; as primary or quorum.
    sync,              ///< >= 1.4; a synchronous standby.
    async,             ///< >= 1.4; a replica that is not synchronous.
    quorum,            ///< >= 4.0.0; a standby that counts for the quorum.
    health,            ///< >= 1.6.0; PostgreSQL is running.
};

/// The path, such as "/read-only-sync".
std::string_view path_of(HealthCheck check) noexcept;

/// A health check: `GET`, or `HEAD` and `OPTIONS`, which answer the status alone.
struct CheckHealth {
    enum class Method {
        get,
        head,     ///< Patroni >= 2.1.5.
        options,  ///< Patroni >= 1.0; what HAProxy sends.
    };

    HealthCheck check = HealthCheck::primary;
    /// Replicas that replayed less are not well (Patroni >= 2.0.0): bytes.
    std::optional<std::uint64_t> max_lag_bytes = std::nullopt;
    /// All of these tags, as text (Patroni >= 2.1.0); never applied to the leader's own checks.
    std::vector<std::pair<std::string, std::string>> tags = {};
    Method method = Method::get;

    struct Data {
        bool healthy = false;  ///< The server answered 200; else it was 503.
        /// The member about itself; nullopt for HEAD and OPTIONS.
        std::optional<MemberStatus> status;
    };
};

/// `GET /liveness` (Patroni >= 2.0.0; before 2.1.5 it is always well): the HA loop runs.
struct CheckLiveness {
    struct Data {
        bool healthy = false;
    };
};

/// `GET /readiness` (Patroni >= 2.0.0): PostgreSQL can serve; from 4.1.0 on a replica must stream
/// and be near enough.
struct CheckReadiness {
    enum class Mode { apply, write };

    /// Bytes (Patroni >= 4.1.0); nullopt: `maximum_lag_on_failover`.
    std::optional<std::uint64_t> max_lag_bytes = std::nullopt;
    /// Lag of what was replayed, or of what was received (Patroni >= 4.1.0).
    Mode mode = Mode::apply;

    using Data = CheckLiveness::Data;
};

/// Any request as it is: for what this library has no struct for, or for the answer as it came. The
/// answer is the Reply's status, headers and body; a status is no Error. Nothing is refused for the
/// member's version (one before 2.0.0 takes a query for a part of the path).
struct RawRequest {
    std::string method = "GET";
    std::string target = "/";  ///< Path and query, percent-encoded.
    std::string body = {};     ///< Not for GET, HEAD and OPTIONS.
    /// Name and value. Error config for those that belong to the exchange (Content-Length,
    /// Transfer-Encoding, Connection, Keep-Alive, Expect) and for control characters.
    std::vector<std::pair<std::string, std::string>> headers = {};

    /// GET, HEAD and OPTIONS: whatever Patroni does with them changes nothing. Other methods are
    /// treated as writes: sent once, with the member's credentials.
    bool is_read() const { return method == "GET" || method == "HEAD" || method == "OPTIONS"; }

    struct Data {
        /// What became of a write; nullopt for a read. A call that no known Patroni has is
        /// `unknown` when it was answered with anything but a refusal.
        std::optional<Outcome> outcome;
    };
};

}  // namespace patroni
