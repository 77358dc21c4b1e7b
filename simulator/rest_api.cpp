#include "simulator/rest_api.hpp"

#include "codec/json.hpp"
#include "simulator/health.hpp"
#include "simulator/python_replies.hpp"
#include "simulator/status_document.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace patroni::simulation {
namespace {

/// The first segment of the path: it selects a handler by its name.
std::string_view first_segment(std::string_view path) {
    path.remove_prefix(std::min(path.find_first_not_of('/'), path.size()));
    return path.substr(0, path.find('/'));
}

/// The calls that change something and are access-checked first.
bool is_protected(Era era, std::string_view method, std::string_view name) {
    using Call = std::pair<std::string_view, std::string_view>;
    static constexpr std::array<Call, 3> old{
        {{"POST", "restart"}, {"POST", "reinitialize"}, {"POST", "failover"}}};
    static constexpr std::array<Call, 12> modern{{{"POST", "restart"},
                                                  {"POST", "reinitialize"},
                                                  {"POST", "failover"},
                                                  {"POST", "switchover"},
                                                  {"POST", "reload"},
                                                  {"POST", "failsafe"},
                                                  {"POST", "citus"},
                                                  {"POST", "sigterm"},
                                                  {"DELETE", "restart"},
                                                  {"DELETE", "switchover"},
                                                  {"PATCH", "config"},
                                                  {"PUT", "config"}}};
    const auto holds = [&](const auto& calls) {
        return std::ranges::find(calls, Call{method, name}) != calls.end();
    };
    return era == Era::v0_90 ? holds(old) : holds(modern);
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

HttpReply get_4_1(const ClusterState& cluster, const MemberState& member,
                  const HttpRequest& request, std::string_view name, const Replies& replies,
                  WallTime now) {
    if (name == "cluster") {
        return replies.json(200, cluster_document(cluster));
    }
    if (name == "history") {
        return replies.json(200, cluster.history);
    }
    if (name == "config") {
        return replies.json(200, dynamic_config(cluster));
    }
    if (name == "metrics") {
        return replies.text(200, metrics_text(cluster, member, now), "", "text/plain");
    }
    if (name == "failsafe") {
        return replies.bad_gateway();  // failsafe mode is off
    }
    if (name == "liveness") {
        return Replies::status_only(true);
    }
    if (name == "readiness") {
        return Replies::status_only(is_ready(cluster, member, request.target));
    }
    const int status = is_healthy(cluster, member, request.target) ? 200 : 503;
    return replies.json(status, status_document(cluster, member, now));
}

}  // namespace

HttpReply rest_reply(const ClusterState& cluster, const MemberState& member,
                     const HttpRequest& request, WallTime now) {
    const Replies replies{now};
    const bool old = cluster.era == Era::v0_90;
    if (request.version.empty() || request.target.find(' ') != std::string::npos) {
        HttpReply page = replies.page(400, "Bad request syntax ('" + request.line + "')",
                                      "Bad request syntax or unsupported method");
        if (request.version.empty()) {
            page.segments.erase(page.segments.begin());  // as for HTTP/0.9: no head
        }
        return page;
    }
    // Before 2.0 the query is part of the path.
    const std::string_view name =
        first_segment(old ? std::string_view(request.target) : path_of(request.target));
    if (request.method == "GET") {
        if (name == "patroni") {
            return replies.json(200, status_document(cluster, member, now));
        }
        if (!old) {
            return get_4_1(cluster, member, request, name, replies, now);
        }
        const int status = is_healthy(cluster, member, request.target) ? 200 : 503;
        return replies.json(status, status_document(cluster, member, now));
    }
    if (request.method == "OPTIONS" && old) {
        return {};  // its handler fails before it writes
    }
    if (request.method == "OPTIONS" || (request.method == "HEAD" && !old)) {
        return Replies::status_only(is_healthy(cluster, member, request.target));
    }
    if (is_protected(cluster.era, request.method, name)) {
        const bool tried = request.header("Authorization").has_value();
        return replies.text(401, tried ? "not authenticated" : "no auth header received",
                            "WWW-Authenticate: Basic realm=\"Patroni\"\r\n");
    }
    if (!old && request.method == "POST" && name == "mpp") {
        return mpp_reply(request, replies);
    }
    return replies.unsupported_method(request.method);
}

}  // namespace patroni::simulation
