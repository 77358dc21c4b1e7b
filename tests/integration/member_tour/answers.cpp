#include "answers.hpp"

namespace patroni::tour {
namespace {

template <class T>
Value optional(const std::optional<T>& value) {
    return value ? Value(*value) : Value();
}
Value optional(const std::optional<Lsn>& value) {
    return value ? Value(value->bytes()) : Value();
}
Value optional(const std::optional<Origin>& value) {
    return value ? Value(value->text()) : Value();
}
Value optional(const std::optional<HostPort>& value) {
    return value ? Value(value->text()) : Value();
}
Value optional(const std::optional<Version>& value) {
    return value ? Value(to_string(*value)) : Value();
}

}  // namespace

Value to_value(const MemberStatus& status) {
    Value replication = Value::array();
    for (const auto& connection : status.replication) {
        replication.push_back(Value::object({{"application_name", connection.application_name},
                                             {"state", connection.state},
                                             {"sync_state", connection.sync_state}}));
    }
    return Value::object(
        {{"state", status.state},
         {"role", to_string(status.role)},
         {"patroni_version", status.patroni_version},
         {"scope", status.scope},
         {"name", optional(status.name)},
         {"system_identifier", optional(status.system_identifier)},
         {"server_version", optional(status.server_version)},
         {"postmaster_start_time",
          status.postmaster_start_time ? Value(status.postmaster_start_time->iso()) : Value()},
         {"location", optional(status.location)},
         {"received_location", optional(status.received_location)},
         {"replayed_location", optional(status.replayed_location)},
         {"timeline", optional(status.timeline)},
         {"replication_state", optional(status.replication_state)},
         {"replication", std::move(replication)},
         {"sync_standby", status.sync_standby},
         {"quorum_standby", status.quorum_standby},
         {"paused", status.paused},
         {"pending_restart", status.pending_restart},
         {"scheduled_restart", status.scheduled_restart},
         {"tags", status.tags}});
}

Value to_value(const ClusterOverview& cluster) {
    Value members = Value::array();
    for (const PublishedMember& member : cluster.members) {
        members.push_back(Value::object({{"name", member.name},
                                         {"role", to_string(member.role)},
                                         {"state", member.state},
                                         {"api", optional(member.api)},
                                         {"postgres", optional(member.postgres)},
                                         {"timeline", optional(member.timeline)},
                                         {"lag", optional(member.lag)},
                                         {"receive_lag", optional(member.receive_lag)},
                                         {"replay_lag", optional(member.replay_lag)},
                                         {"tags", member.tags}}));
    }
    Value scheduled;
    if (cluster.scheduled_switchover) {
        scheduled = Value::object({{"at", cluster.scheduled_switchover->at},
                                   {"from", optional(cluster.scheduled_switchover->from)},
                                   {"to", optional(cluster.scheduled_switchover->to)}});
    }
    return Value::object({{"members", std::move(members)},
                          {"scope", optional(cluster.scope)},
                          {"leader", cluster.leader() ? Value(cluster.leader()->name) : Value()},
                          {"paused", cluster.paused},
                          {"scheduled_switchover", std::move(scheduled)}});
}

Value to_value(const History& history) {
    Value entries = Value::array();
    for (const HistoryEntry& entry : history.entries) {
        entries.push_back(Value::object({{"timeline", entry.timeline},
                                         {"lsn", entry.lsn.bytes()},
                                         {"reason", entry.reason},
                                         {"timestamp", optional(entry.timestamp)},
                                         {"new_leader", optional(entry.new_leader)}}));
    }
    return Value::object({{"entries", std::move(entries)},
                          {"unreadable", static_cast<std::int64_t>(history.unreadable)}});
}

Value to_value(const Metrics& metrics) {
    const MemberMetrics member = metrics.member();
    return Value::object({{"samples", static_cast<std::int64_t>(metrics.samples.size())},
                          {"families", static_cast<std::int64_t>(metrics.families.size())},
                          {"scope", member.scope},
                          {"name", optional(member.name)},
                          {"version", optional(member.version)},
                          {"postgres_running", optional(member.postgres_running)},
                          {"primary", optional(member.primary)},
                          {"replica", optional(member.replica)},
                          {"location", optional(member.location)},
                          {"received_location", optional(member.received_location)},
                          {"replayed_location", optional(member.replayed_location)},
                          {"streaming", optional(member.streaming)},
                          {"server_version", optional(member.server_version)},
                          {"timeline", optional(member.timeline)},
                          {"pending_restart", optional(member.pending_restart)},
                          {"paused", optional(member.paused)}});
}

Value to_value(const GetFailsafe::Data& members) {
    Value names = Value::object();
    for (const auto& [name, api] : members) {
        names.set(name, optional(api));
    }
    return names;
}

Value to_value(const CheckHealth::Data& check) {
    return Value::object(
        {{"healthy", check.healthy}, {"status", check.status ? to_value(*check.status) : Value()}});
}

Value to_value(const CheckLiveness::Data& check) {
    return Value::object({{"healthy", check.healthy}});
}

Value to_value(const RawRequest::Data& raw) {
    return Value::object({{"outcome", raw.outcome ? to_value(*raw.outcome) : Value()}});
}

Value to_value(const Value& document) {
    return document;
}

Value to_value(const Outcome& outcome) {
    return Value::object({{"kind", to_string(outcome.kind)},
                          {"reason", to_string(outcome.reason)},
                          {"message", outcome.message},
                          {"server_text", outcome.server_text},
                          {"http_status", outcome.http_status},
                          {"new_leader", optional(outcome.new_leader)},
                          {"config", outcome.config},
                          {"error", outcome.error ? to_value(*outcome.error) : Value()},
                          {"line", to_line(outcome)}});
}

Value to_value(const Error& error) {
    return Value::object({{"kind", to_string(error.kind)},
                          {"delivery", to_string(error.delivery)},
                          {"http_status", error.http_status},
                          {"message", error.message},
                          {"line", to_line(error)}});
}

}  // namespace patroni::tour
