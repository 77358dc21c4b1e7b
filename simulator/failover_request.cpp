#include "simulator/failover_request.hpp"

#include "codec/json.hpp"
#include "simulator/python_json.hpp"
#include "simulator/schedule_time.hpp"

namespace patroni::simulation {
namespace {

std::string text_of(const Value& object, std::string_view key) {
    const Value* value = object.find(key);
    const std::string* text = value == nullptr ? nullptr : value->if_string();
    return text == nullptr ? std::string() : *text;
}

FailoverRequest parse(const std::string& text) {
    FailoverRequest request;
    const Result<Value> value = codec::parse_json(text);
    if (!value || value->if_object() == nullptr) {
        const std::size_t colon = text.find(':');
        request.leader = text.substr(0, colon);
        request.candidate = colon == std::string::npos ? std::string() : text.substr(colon + 1);
        return request;
    }
    request.leader = text_of(*value, "leader");
    request.candidate = text_of(*value, "member");
    if (const auto at = parse_schedule_time(text_of(*value, "scheduled_at"))) {
        request.at = at->time;
        request.at_text = at->text;
    }
    return request;
}

}  // namespace

void set_failover(ClusterState& cluster, const std::string& text) {
    cluster.failover.reset();
    cluster.failover_key.reset();
    if (text.empty()) {
        return;
    }
    cluster.failover_key = text;
    FailoverRequest request = parse(text);
    if (!request.leader.empty() || !request.candidate.empty()) {
        cluster.failover = std::move(request);
    }
}

std::string failover_text(std::string_view leader, std::string_view candidate,
                          std::string_view scheduled_at) {
    Value key = Value::object();
    if (!leader.empty()) {
        key.set("leader", leader);
    }
    if (!candidate.empty()) {
        key.set("member", candidate);
    }
    if (!scheduled_at.empty()) {
        key.set("scheduled_at", scheduled_at);
    }
    return compact_python_json(key);
}

}  // namespace patroni::simulation
