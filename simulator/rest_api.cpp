#include "simulator/rest_api.hpp"

#include "base/text.hpp"
#include "simulator/health.hpp"
#include "simulator/rest_call.hpp"
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

/// A call that changes something.
struct Write {
    std::string_view method, name;
    void (*handle)(const RestCall&);
    Feature since = Feature::role_while_down;
    bool always = false;       ///< Since the oldest version.
    bool is_protected = true;  ///< Patroni forgets one.
};

constexpr std::array<Write, 13> writes{{
    {"POST", "restart", post_restart, {}, true},
    {"POST", "reinitialize", post_reinitialize, {}, true},
    {"POST", "failover", [](const RestCall& call) { post_failover(call, "failover"); }, {}, true},
    {"POST", "switchover", [](const RestCall& call) { post_failover(call, "switchover"); },
     Feature::switchover},
    {"POST", "reload", [](const RestCall& call) { call.text(202, "reload scheduled"); },
     Feature::config_writes},
    {"POST", "failsafe", post_failsafe, Feature::failsafe},
    {"POST", "citus", post_mpp, Feature::citus},
    {"POST", "mpp", post_mpp, Feature::mpp, false, false},
    {"POST", "sigterm", [](const RestCall& call) { call.text(202, "shutdown scheduled"); },
     Feature::sigterm},
    {"DELETE", "restart", delete_restart, Feature::config_writes},
    {"DELETE", "switchover", delete_switchover, Feature::delete_switchover},
    {"PATCH", "config", patch_config, Feature::config_writes},
    {"PUT", "config", put_config, Feature::config_writes},
}};

const Write* find_write(const ClusterState& cluster, std::string_view method,
                        std::string_view name) {
    const auto* found = std::ranges::find_if(writes, [&](const Write& call) {
        return call.method == method && call.name == name &&
               (call.always || cluster.has(call.since));
    });
    return found == writes.end() ? nullptr : found;
}

/// `check_access`: whether it may go on; else it has been answered.
bool is_allowed(const RestCall& call) {
    const std::string& wanted = call.cluster().authorization;
    const auto shown = call.request.header("Authorization");
    if (wanted.empty() || shown == wanted) {
        return true;
    }
    call.responder.reply(call.replies.text(401,
                                           shown ? "not authenticated" : "no auth header received",
                                           "WWW-Authenticate: Basic realm=\"Patroni\"\r\n"));
    return false;
}

/// Whether the answer is read from the store, or was and is not known any more.
bool needs_store(const ClusterState& cluster, const MemberState& member, std::string_view name) {
    if (name == "cluster" && cluster.has(Feature::cluster)) {
        return cluster.has(Feature::query) || !member.has_view;
    }
    return !member.has_view && ((name == "config" && cluster.has(Feature::config_key)) ||
                                (name == "history" && cluster.has(Feature::cluster)));
}

/// GET of what is no health endpoint in that version; nullopt: it is one.
std::optional<HttpReply> get_document(const ClusterState& cluster, const MemberState& member,
                                      const HttpRequest& request, std::string_view name,
                                      const Replies& replies, WallTime now) {
    if (name == "patroni") {
        return replies.json(200, status_document(cluster, member, now));
    }
    if (name == "config" && cluster.has(Feature::config_key)) {
        if (!cluster.has_config && cluster.has(Feature::get_config_502)) {
            return replies.bad_gateway();
        }
        return replies.json(200, cluster.has_config ? cluster.config : Value::object());
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
        return cluster.failsafe.is_null() ? replies.bad_gateway()
                                          : replies.json(200, cluster.failsafe);
    }
    if (name == "liveness" && cluster.has(Feature::probes)) {
        return Replies::status_only(is_live(cluster, member));
    }
    if (name == "readiness" && cluster.has(Feature::probes)) {
        return Replies::status_only(is_ready(cluster, member, request.target));
    }
    return std::nullopt;
}

}  // namespace

void answer_rest(HaLoop& ha, MemberState& member, const HttpRequest& request,
                 const HttpResponder& responder) {
    const ClusterState& cluster = ha.cluster();
    const WallTime now = ha.clock().wall();
    const RestCall call{ha, member, request, responder, Replies{now}};
    const Replies& replies = call.replies;
    if (trim(request.line).empty()) {
        responder.reply({});
        return;
    }
    if (request.version.empty() || !request.is_well_formed()) {
        HttpReply page = replies.page(400, "Bad request syntax ('" + request.line + "')",
                                      "Bad request syntax or unsupported method");
        if (request.version.empty()) {
            page.segments.erase(page.segments.begin());  // as for HTTP/0.9: no head
        }
        responder.reply(std::move(page));
        return;
    }
    // Before 2.0 the query is part of the path.
    const std::string_view name = first_segment(
        cluster.has(Feature::query) ? path_of(request.target) : std::string_view(request.target));
    if (request.method == "GET") {
        if (needs_store(cluster, member, name) && call.fails_without_store()) {
            return;
        }
        if (auto document = get_document(cluster, member, request, name, replies, now)) {
            responder.reply(*std::move(document));
            return;
        }
        const int status = is_healthy(cluster, member, request.target) ? 200 : 503;
        responder.reply(replies.json(status, status_document(cluster, member, now)));
        return;
    }
    if (request.method == "OPTIONS" && !cluster.has(Feature::options)) {
        call.nothing();  // its handler fails before it writes
        return;
    }
    if (request.method == "OPTIONS" || (request.method == "HEAD" && cluster.has(Feature::head))) {
        const bool healthy = is_healthy(cluster, member, request.target);
        responder.reply(Replies::status_only(healthy, !cluster.has(Feature::options_headless)));
        return;
    }
    const Write* write = find_write(cluster, request.method, name);
    if (write == nullptr) {
        responder.reply(replies.unsupported_method(request.method));
    } else if (!write->is_protected || is_allowed(call)) {
        write->handle(call);
    }
}

}  // namespace patroni::simulation
