#pragma once

#include <patroni/version.hpp>

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

namespace patroni {

/// Who may call.
enum class Access {
    anyone,      ///< Never checked (mutual TLS with `verify_client: required` apart).
    authorized,  ///< `restapi.authentication`, allowlist and client certificates.
};

/// What a call can do to the cluster.
enum class Risk {
    none,         ///< Reads.
    settings,     ///< Changes what members do, and can be changed back.
    interrupts,   ///< Ends connections to PostgreSQL.
    destructive,  ///< Deletes a member's data, or can lose transactions.
    internal,     ///< Of the members among themselves.
};

/// One field of a query or of a JSON body.
struct Parameter {
    std::string_view name;
    bool in_query = false;  ///< Else in the body.
    bool required = false;
    Version since;
    std::string_view type;  ///< "string", "integer", "boolean", "date-time", "object".
    std::string_view meaning;
};

/// One call of Patroni's REST API.
struct Capability {
    std::string_view method;
    std::string_view path;
    std::string_view aliases;  ///< Other paths for the same, with blanks between; can be empty.
    Version since;             ///< The first version where it works as described.
    /// The first version without it; nullopt: no version took it away.
    std::optional<Version> until;
    Access access = Access::anyone;
    Risk risk = Risk::none;
    /// Doing it twice is the same as doing it once.
    bool idempotent = true;
    std::chrono::milliseconds typical{10};      ///< How long a healthy member takes.
    std::chrono::milliseconds timeout{10'000};  ///< The default limit for the whole call.
    std::string_view answers;  ///< "status", "json", "text", "metrics": the body of a success.
    std::string_view meaning;
    std::span<const Parameter> parameters;

    /// One of the checks that a load balancer asks: 200 or 503, found by a part of the path.
    bool is_health_check() const {
        return method == "HEAD" || method == "OPTIONS" ||
               (answers == "status" && path != "/patroni");
    }
    bool works_in(const Version& version) const {
        return version >= since && (!until || version < *until);
    }
};

/// Every call that any version of Patroni from 0.90 to 4.1 answers, by path.
std::span<const Capability> capabilities() noexcept;

/// The row of a method and a path (or alias, without query); nullptr when no version has it.
/// HEAD and OPTIONS stand once, at `/`, for every path of a health check.
const Capability* find_capability(std::string_view method, std::string_view path) noexcept;

/// "anyone", "authorized" and "none", "settings", "interrupts", "destructive", "internal".
std::string_view to_string(Access access) noexcept;
std::string_view to_string(Risk risk) noexcept;

}  // namespace patroni
