#include "operations/leader_request.hpp"

#include "codec/ascii_json.hpp"
#include "codec/dcs_values.hpp"

#include <string_view>

namespace patroni::operations {
namespace {

constexpr int k_not_implemented = 501;

const std::string* given(const std::optional<std::string>& text) {
    return text && !text->empty() ? &*text : nullptr;
}

bool is_idle(std::string_view value) {
    const auto read = codec::read_failover(value);
    // What cannot be read may be the request of somebody else.
    return read.problem.empty() && !read.value.active() && !read.value.scheduled_at;
}

std::string quoted(const std::string& name) {
    return '"' + name + '"';
}

}  // namespace

protocol::Request to_http(const LeaderRequest& request, bool old) {
    const bool switchover = request.kind == LeaderRequest::Kind::switchover;
    Value body = Value::object();
    body.set("candidate", request.candidate ? Value(*request.candidate) : Value());
    if (switchover && request.leader) {
        body.set("leader", *request.leader);
    }
    if (request.scheduled_at) {
        body.set("scheduled_at", *request.scheduled_at);
    }
    protocol::Request http;
    http.method = "POST";
    http.target = switchover && !old ? "/switchover" : "/failover";
    http.body = codec::to_python_json(body);
    return http;
}

bool is_too_old(const LeaderRequest& request, const protocol::Response& response) {
    return request.kind == LeaderRequest::Kind::switchover &&
           response.status == k_not_implemented &&
           response.body.find("Server does not support this operation") != std::string::npos;
}

std::string failover_value(const LeaderRequest& request) {
    Value value = Value::object();
    if (request.kind == LeaderRequest::Kind::switchover && given(request.leader)) {
        value.set("leader", *request.leader);
    }
    if (const std::string* candidate = given(request.candidate)) {
        value.set("member", *candidate);
    }
    if (request.scheduled_at) {
        value.set("scheduled_at", *request.scheduled_at);
    }
    return codec::to_compact_python_json(value);
}

std::variant<KeyWrite, NoWrite> decide_write(const LeaderRequest& request, const Cluster& now) {
    const std::string* leader = given(request.leader);
    if (now.leader != (leader ? std::optional(*leader) : std::nullopt)) {
        const std::string who =
            now.leader ? quoted(*now.leader) + " leads now" : "nobody leads now";
        return NoWrite{Reason::leader_mismatch, who + ": nothing was written to the store"};
    }
    const auto key = now.keys.find("failover");
    if (key == now.keys.end()) {
        return KeyWrite{StoreWrite::create(now.path + "failover", failover_value(request))};
    }
    if (!is_idle(key->second.value)) {
        return NoWrite{Reason::conflict,
                       "the store holds a switchover or failover already: nothing was written"};
    }
    return KeyWrite{
        StoreWrite::put_if(now.path + "failover", failover_value(request), key->second.revision)};
}

}  // namespace patroni::operations
