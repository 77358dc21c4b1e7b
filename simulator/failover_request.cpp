#include "simulator/failover_request.hpp"

#include "codec/dcs_values.hpp"
#include "simulator/python_json.hpp"
#include "simulator/schedule_time.hpp"

#include <utility>

namespace patroni::simulation {
namespace {

FailoverRequest parse(const std::string& text) {
    auto key = codec::read_failover(text).value;
    FailoverRequest request;
    request.leader = std::move(key.leader).value_or("");
    request.candidate = std::move(key.candidate).value_or("");
    if (const auto at = parse_schedule_time(key.scheduled_at.value_or(""))) {
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
