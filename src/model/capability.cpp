#include <patroni/capability.hpp>

#include <algorithm>
#include <array>

namespace patroni {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Version k_first{0, 90, 0};

constexpr std::array k_health = {
    Parameter{"lag", true, false, {2, 0, 0}, "integer", "replicas may be so many bytes behind"},
    Parameter{"tag_NAME", true, false, {2, 1, 0}, "string", "the tag NAME has this value"},
};
constexpr std::array k_readiness = {
    Parameter{"lag", true, false, {4, 1, 0}, "integer", "replicas may be so many bytes behind"},
    Parameter{"mode", true, false, {4, 1, 0}, "string", "apply or write: which lag counts"},
};
constexpr std::array k_restart = {
    Parameter{"schedule", false, false, {1, 1, 0}, "date-time", "when, with zone; absent: now"},
    Parameter{"role", false, false, {1, 1, 0}, "string", "only in this role"},
    Parameter{"postgres_version", false, false, {1, 1, 0}, "string", "only if older than this"},
    Parameter{"restart_pending",
              false,
              false,
              {1, 1, 0},
              "boolean",
              "only if a restart is pending; never send false"},
    Parameter{"timeout", false, false, {1, 2, 0}, "integer", "seconds that the start may take"},
};
constexpr std::array k_reinitialize = {
    Parameter{"force", false, false, {1, 4, 0}, "boolean", "end what the member is doing first"},
    Parameter{"from_leader", false, false, {4, 1, 0}, "boolean", "copy from the leader only"},
};
constexpr std::array k_switchover = {
    Parameter{"leader", false, true, k_first, "string", "who leads now"},
    Parameter{"candidate", false, false, k_first, "string", "who shall lead; absent: the best"},
    Parameter{"scheduled_at", false, false, k_first, "date-time", "when, with zone; absent: now"},
};
constexpr std::array k_failover = {
    Parameter{"candidate", false, true, k_first, "string", "who shall lead"},
    Parameter{"leader", false, false, k_first, "string", "before 1.4: makes it a switchover"},
};
constexpr std::array k_failsafe = {
    Parameter{"name", false, true, {3, 0, 0}, "string", "the leader"},
    Parameter{"conn_url", false, true, {3, 0, 0}, "string", "its PostgreSQL"},
    Parameter{"api_url", false, true, {3, 0, 0}, "string", "its REST API"},
    Parameter{"slots", false, false, {3, 0, 0}, "object", "name and position of its slots"},
};
constexpr std::array k_coordinator = {
    Parameter{
        "type", false, true, {3, 0, 0}, "string", "before_demote, before_promote, after_promote"},
    Parameter{"group", false, true, {3, 0, 0}, "integer", "the worker's Citus group"},
    Parameter{"leader", false, true, {3, 0, 0}, "string", "the worker's leader"},
    Parameter{"timeout", false, true, {3, 0, 0}, "integer", "seconds"},
    Parameter{"cooldown", false, true, {3, 0, 0}, "integer", "seconds"},
};

constexpr Capability health(std::string_view path, std::string_view aliases, Version since,
                            std::string_view meaning) {
    return {.method = "GET",
            .path = path,
            .aliases = aliases,
            .since = since,
            .until = {},
            .answers = "status",
            .meaning = meaning,
            .parameters = k_health};
}

constexpr Capability read(std::string_view path, Version since, std::string_view answers,
                          milliseconds timeout, std::string_view meaning) {
    return {.method = "GET",
            .path = path,
            .aliases = {},
            .since = since,
            .until = {},
            .timeout = timeout,
            .answers = answers,
            .meaning = meaning,
            .parameters = {}};
}

struct Write {
    Risk risk;
    bool idempotent;
    milliseconds typical;
    milliseconds timeout;
};

constexpr Capability write(std::string_view method, std::string_view path, Version since, Write how,
                           std::string_view answers, std::string_view meaning,
                           std::span<const Parameter> parameters = {},
                           Access access = Access::authorized) {
    return {.method = method,
            .path = path,
            .aliases = {},
            .since = since,
            .until = {},
            .access = access,
            .risk = how.risk,
            .idempotent = how.idempotent,
            .typical = how.typical,
            .timeout = how.timeout,
            .answers = answers,
            .meaning = meaning,
            .parameters = parameters};
}

constexpr Write k_quick{Risk::settings, true, milliseconds(20), seconds(30)};
constexpr Write k_internal{Risk::internal, true, milliseconds(10), seconds(10)};

constexpr std::array k_rows = {
    health("/", "/master", k_first, "holds the leader lock of a cluster that is no standby"),
    health("/async", "/asynchronous", {1, 4, 0}, "a replica that is not synchronous"),
    read("/cluster", {1, 6, 1}, "json", seconds(30), "the cluster as the DCS shows it"),
    write("POST", "/citus", {3, 0, 0}, k_internal, "text", "an event for the Citus coordinator",
          k_coordinator),
    read("/config", {1, 0, 0}, "json", seconds(30), "the dynamic configuration"),
    write("PATCH", "/config", {1, 0, 0}, k_quick, "json",
          "merges into the dynamic configuration; null deletes"),
    write("PUT", "/config", {1, 0, 0}, k_quick, "json", "replaces the dynamic configuration"),
    write("POST", "/failover", k_first, {Risk::destructive, false, seconds(3), seconds(120)},
          "text", "makes a member the leader, even if the leader is well", k_failover),
    read("/failsafe", {3, 0, 0}, "json", seconds(10), "the members that count in failsafe mode"),
    write("POST", "/failsafe", {3, 0, 0}, k_internal, "text",
          "a leader without its DCS says that it leads", k_failsafe),
    health("/health", "", {1, 6, 0}, "PostgreSQL is running"),
    read("/history", {1, 6, 1}, "json", seconds(30), "how earlier timelines ended"),
    health("/leader", "", {1, 5, 0}, "holds the leader lock; from 2.1.0 on of any cluster"),
    read("/liveness", {2, 0, 0}, "nothing", seconds(5),
         "Patroni's loop runs (before 2.1.5: always well)"),
    read("/metrics", {2, 1, 0}, "metrics", seconds(10), "for Prometheus"),
    write("POST", "/mpp", {3, 3, 0}, k_internal, "text", "as /citus, without access check",
          k_coordinator, Access::anyone),
    read("/patroni", k_first, "status", seconds(10), "the member about itself; always 200"),
    health("/primary", "", {1, 5, 0}, "as /"),
    health("/quorum", "", {4, 0, 0}, "a standby that counts for the quorum"),
    health("/read-only", "", {1, 6, 0}, "as /primary or /replica"),
    health("/read-only-quorum", "", {4, 0, 0}, "as /primary or /quorum"),
    health("/read-only-sync", "/read-only-synchronous", {2, 1, 5}, "as /primary or /sync"),
    health("/read-write", "", {1, 6, 0}, "as /primary"),
    Capability{.method = "GET",
               .path = "/readiness",
               .aliases = {},
               .since = {2, 0, 0},
               .until = {},
               .answers = "nothing",
               .meaning = "PostgreSQL can serve; from 4.1.0 on a replica must stream and be near",
               .parameters = k_readiness},
    write("POST", "/reinitialize", k_first,
          {Risk::destructive, false, milliseconds(100), seconds(60)}, "text",
          "deletes a replica's data and copies it anew", k_reinitialize),
    write("POST", "/reload", {1, 0, 0}, k_quick, "text", "reads the configuration file again"),
    health("/replica", "", k_first, "a running replica without the tag noloadbalance"),
    write("POST", "/restart", k_first, {Risk::interrupts, false, seconds(3), seconds(600)}, "text",
          "restarts PostgreSQL, now or at a time", k_restart),
    write("DELETE", "/restart", {1, 1, 0}, k_quick, "text", "cancels the scheduled restart"),
    write("POST", "/sigterm", {2, 1, 5}, k_internal, "text",
          "does nothing outside of Patroni's own tests"),
    health("/standby-leader", "/standby_leader", {1, 5, 0},
           "leads a standby cluster (before 2.0.0 a primary too)"),
    write("POST", "/switchover", {1, 4, 0}, {Risk::interrupts, false, seconds(3), seconds(120)},
          "text", "makes another member the leader", k_switchover),
    write("DELETE", "/switchover", {2, 0, 0}, k_quick, "text", "cancels the scheduled switchover"),
    health("/sync", "/synchronous", {1, 4, 0}, "a synchronous standby"),
    Capability{.method = "HEAD",
               .path = "/",
               .aliases = {},
               .since = {2, 1, 5},
               .until = {},
               .answers = "nothing",
               .meaning = "a health check without body, at any of their paths",
               .parameters = k_health},
    Capability{.method = "OPTIONS",
               .path = "/",
               .aliases = {},
               .since = {1, 0, 0},
               .until = {},
               .answers = "nothing",
               .meaning = "a health check without body, at any of their paths",
               .parameters = k_health},
};

bool is_named(const Capability& row, std::string_view path) {
    if (row.path == path) {
        return true;
    }
    for (std::string_view rest = row.aliases; !rest.empty();) {
        const auto end = rest.find(' ');
        if (rest.substr(0, end) == path) {
            return true;
        }
        rest = end == std::string_view::npos ? std::string_view() : rest.substr(end + 1);
    }
    return false;
}

bool is_health_path(std::string_view path) {
    return std::ranges::any_of(k_rows, [&](const Capability& row) {
        return row.method == "GET" && row.parameters.data() == k_health.data() &&
               is_named(row, path);
    });
}

}  // namespace

std::span<const Capability> capabilities() noexcept {
    return k_rows;
}

const Capability* find_capability(std::string_view method, std::string_view path) noexcept {
    if ((method == "HEAD" || method == "OPTIONS") && is_health_path(path)) {
        path = "/";
    }
    const auto* row = std::ranges::find_if(k_rows, [&](const Capability& candidate) {
        return candidate.method == method && is_named(candidate, path);
    });
    return row == k_rows.end() ? nullptr : row;
}

std::string_view to_string(Access access) noexcept {
    return access == Access::anyone ? "anyone" : "authorized";
}

std::string_view to_string(Risk risk) noexcept {
    switch (risk) {
        case Risk::none:
            return "none";
        case Risk::settings:
            return "settings";
        case Risk::interrupts:
            return "interrupts";
        case Risk::destructive:
            return "destructive";
        case Risk::internal:
            return "internal";
    }
    return "none";
}

}  // namespace patroni
