#include "simulator/rest_api.hpp"

#include "codec/json.hpp"
#include "simulator/health.hpp"
#include "simulator/python_replies.hpp"
#include "simulator/status_document.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace patroni::simulation {
namespace {

/// The first segment of the path: it selects a handler by its name.
std::string_view first_segment(std::string_view path) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    return path.substr(0, path.find('/'));
}

/// The calls that change something and are access-checked first.
bool is_protected(const ClusterState& cluster, std::string_view method, std::string_view name) {
    struct Call {
        std::string_view method, name;
        Feature since = Feature::role_while_down;
        bool always = false;
    };
    static constexpr std::array<Call, 12> calls{{
        {.method = "POST", .name = "restart", .always = true},
        {.method = "POST", .name = "reinitialize", .always = true},
        {.method = "POST", .name = "failover", .always = true},
        {.method = "POST", .name = "switchover", .since = Feature::switchover},
        {.method = "POST", .name = "reload", .since = Feature::config_writes},
        {.method = "POST", .name = "failsafe", .since = Feature::failsafe},
        {.method = "POST", .name = "citus", .since = Feature::citus},
        {.method = "POST", .name = "sigterm", .since = Feature::sigterm},
        {.method = "DELETE", .name = "restart", .since = Feature::config_writes},
        {.method = "DELETE", .name = "switchover", .since = Feature::delete_switchover},
        {.method = "PATCH", .name = "config", .since = Feature::config_writes},
        {.method = "PUT", .name = "config", .since = Feature::config_writes},
    }};
    return std::ranges::any_of(calls, [&](const Call& call) {
        return call.method == method && call.name == name &&
               (call.always || cluster.has(call.since));
    });
}

/// The one write that Patroni forgets to protect: it does nothing without Citus.
HttpReply mpp_reply(const HttpRequest& request, const Replies& replies) {
    if (!request.header("Content-Length")) {
        return replies.page(411, "Length Required", "Client must specify Content-Length");
    }
    const Result<Value> body = codec::parse_json(request.body);
    const Value::Object* fields = body ? body->if_object() : nullptr;
    if (fields == nullptr || fields->empty()) {
        return replies.page(400, "Bad Request", "Bad request syntax or unsupported method");
    }
    return replies.text(200, "OK");
}

/// GET of what is no health endpoint in that version; nullopt: it is one.
std::optional<HttpReply> get_document(const ClusterState& cluster, const MemberState& member,
                                      const HttpRequest& request, std::string_view name,
                                      const Replies& replies, WallTime now) {
    if (name == "patroni") {
        return replies.json(200, status_document(cluster, member, now));
    }
    if (name == "config" && cluster.has(Feature::config_key)) {
        return replies.json(200, dynamic_config(cluster));
    }
    if (name == "cluster" && cluster.has(Feature::cluster)) {
        return replies.json(200, cluster_document(cluster));
    }
    if (name == "history" && cluster.has(Feature::cluster)) {
        return replies.json(200, cluster.history);
    }
    if (name == "metrics" && cluster.has(Feature::metrics)) {
        return replies.text(200, metrics_text(cluster, member, now), "", "text/plain");
    }
    if (name == "failsafe" && cluster.has(Feature::failsafe)) {
        return replies.bad_gateway();  // failsafe mode is off
    }
    if (name == "liveness" && cluster.has(Feature::probes)) {
        return Replies::status_only(true);
    }
    if (name == "readiness" && cluster.has(Feature::probes)) {
        return Replies::status_only(is_ready(cluster, member, request.target));
    }
    return std::nullopt;
}

}  // namespace

HttpReply rest_reply(const ClusterState& cluster, const MemberState& member,
                     const HttpRequest& request, WallTime now) {
    const Replies replies{now};
    if (request.version.empty() || request.target.find(' ') != std::string::npos) {
        HttpReply page = replies.page(400, "Bad request syntax ('" + request.line + "')",
                                      "Bad request syntax or unsupported method");
        if (request.version.empty()) {
            page.segments.erase(page.segments.begin());  // as for HTTP/0.9: no head
        }
        return page;
    }
    // Before 2.0 the query is part of the path.
    const std::string_view name = first_segment(
        cluster.has(Feature::query) ? path_of(request.target) : std::string_view(request.target));
    if (request.method == "GET") {
        if (auto document = get_document(cluster, member, request, name, replies, now)) {
            return *std::move(document);
        }
        const int status = is_healthy(cluster, member, request.target) ? 200 : 503;
        return replies.json(status, status_document(cluster, member, now));
    }
    if (request.method == "OPTIONS" && !cluster.has(Feature::options)) {
        return {};  // its handler fails before it writes
    }
    if (request.method == "OPTIONS" || (request.method == "HEAD" && cluster.has(Feature::head))) {
        const bool healthy = is_healthy(cluster, member, request.target);
        return Replies::status_only(healthy, !cluster.has(Feature::options_headless));
    }
    if (is_protected(cluster, request.method, name)) {
        const bool tried = request.header("Authorization").has_value();
        return replies.text(401, tried ? "not authenticated" : "no auth header received",
                            "WWW-Authenticate: Basic realm=\"Patroni\"\r\n");
    }
    if (request.method == "POST" && name == "mpp" && cluster.has(Feature::mpp)) {
        return mpp_reply(request, replies);
    }
    return replies.unsupported_method(request.method);
}

}  // namespace patroni::simulation
