#include "codec/report.hpp"

#include <string>

namespace patroni::codec {
namespace {

Value or_null(const std::string& text) {
    return text.empty() ? Value() : Value(text);
}

template <class T>
Value or_null(const std::optional<T>& value) {
    return value ? Value(*value) : Value();
}

Value or_null(const std::optional<Lsn>& lsn) {
    return lsn ? Value(lsn->text()) : Value();
}

Value or_null(const std::optional<HostPort>& address) {
    if (!address) {
        return {};
    }
    return Value::object({{"host", address->host}, {"port", int{address->port}}});
}

Value or_null(const std::optional<RegistratorIdentity>& identity) {
    if (!identity) {
        return {};
    }
    return Value::object({{"host", identity->host},
                          {"container", identity->container},
                          {"container_port", int{identity->container_port}}});
}

template <class T>
Value list(const std::vector<T>& items) {
    Value array = Value::array();
    for (const auto& item : items) {
        array.push_back(Value(item));
    }
    return array;
}

Value api_url(const std::optional<Origin>& api) {
    return api ? Value(api->text()) : Value();
}

void set_address(Value& object, const std::optional<Origin>& api) {
    object.set("host", api ? Value(api->address.host) : Value());
    object.set("port", api ? Value(int{api->address.port}) : Value());
}

Value problems_of(const std::vector<Problem>& problems) {
    Value array = Value::array();
    for (const auto& problem : problems) {
        array.push_back(Value::object(
            {{"kind", problem.kind}, {"where", problem.where}, {"message", problem.message}}));
    }
    return array;
}

Value error_of(const std::optional<Error>& error) {
    if (!error) {
        return {};
    }
    return Value::object(
        {{"kind", to_string(error->kind)},
         {"message", error->message},
         {"delivery", to_string(error->delivery)},
         {"http_status", error->http_status == 0 ? Value() : Value(error->http_status)}});
}

/// {} when there are none, null when nobody told.
Value tags_of(const MemberHealth& member) {
    if (!member.tags.is_null()) {
        return member.tags;
    }
    const bool told = member.role_source != FactSource::none && member.role != Role::gone;
    return told ? Value::object() : Value();
}

Value member_of(const MemberHealth& member) {
    Value row = Value::object({{"name", member.name}, {"api_url", api_url(member.discovered.api)}});
    set_address(row, member.discovered.api);
    row.set("postgres", or_null(member.postgres));
    row.set("role", to_string(member.role));
    row.set("role_reported", or_null(member.role_reported));
    row.set("role_source", or_null(std::string(to_string(member.role_source))));
    row.set("holds_lock", or_null(member.holds_lock));
    row.set("state", or_null(member.state));
    row.set("healthy", member.healthy);
    row.set("reasons", list(member.reasons));
    row.set("timeline", or_null(member.timeline));
    row.set("lsn", or_null(member.lsn));
    row.set("received_lsn", or_null(member.received_lsn));
    row.set("replayed_lsn", or_null(member.replayed_lsn));
    row.set("lag_bytes", or_null(member.lag_bytes));
    row.set("receive_lag_bytes", or_null(member.receive_lag_bytes));
    row.set("replay_lag_bytes", or_null(member.replay_lag_bytes));
    row.set("lag_source", or_null(std::string(to_string(member.lag_source))));
    row.set("replayed_at", member.replayed_at ? Value(member.replayed_at->iso()) : Value());
    row.set("replay_paused", or_null(member.replay_paused));
    row.set("replication_state", or_null(member.replication_state));
    row.set("pending_restart", or_null(member.pending_restart));
    row.set("tags", tags_of(member));
    row.set("server_version", or_null(member.server_version));
    row.set("patroni_version", or_null(member.patroni_version));
    row.set("observed_at", member.observed_at ? Value(to_iso(*member.observed_at)) : Value());
    row.set("registrator", or_null(member.discovered.registrator));
    row.set("named_by", or_null(member.named_by));
    row.set("error", error_of(member.error));
    return row;
}

Value sync_of(const std::optional<SyncSummary>& sync) {
    if (!sync) {
        return {};
    }
    return Value::object({{"mode", sync->quorum_mode ? "quorum" : "sync"},
                          {"leader", or_null(sync->leader)},
                          {"standbys", list(sync->standbys)},
                          {"quorum", or_null(sync->quorum)}});
}

Value switchover_of(const std::optional<ScheduledSwitchover>& switchover) {
    if (!switchover) {
        return {};
    }
    return Value::object({{"at", switchover->at},
                          {"from", or_null(switchover->from)},
                          {"to", or_null(switchover->to)}});
}

Value cluster_of(const ClusterStatus& cluster) {
    Value problems = Value::array();
    for (const auto& problem : cluster.problems) {
        problems.push_back(Value::object({{"kind", problem.kind},
                                          {"member", or_null(problem.member)},
                                          {"message", problem.message}}));
    }
    Value members = Value::array();
    for (const auto& member : cluster.members) {
        members.push_back(member_of(member));
    }
    return Value::object({{"scope", or_null(cluster.scope)},
                          {"system_identifier", or_null(cluster.system_identifier)},
                          {"verdict", to_string(cluster.verdict)},
                          {"primary", or_null(cluster.primary)},
                          {"standby_leader", or_null(cluster.standby_leader)},
                          {"primaries_seen", list(cluster.primaries_seen)},
                          {"lock_holder", or_null(cluster.lock_holder)},
                          {"paused", or_null(cluster.paused)},
                          {"failsafe", or_null(cluster.failsafe)},
                          {"sync", sync_of(cluster.sync)},
                          {"scheduled_switchover", switchover_of(cluster.scheduled_switchover)},
                          {"problems", std::move(problems)},
                          {"members", std::move(members)}});
}

}  // namespace

Value discovery_document(const Discovery& discovery) {
    Value members = Value::array();
    for (const auto& member : discovery.members) {
        Value row = Value::object({{"name", member.display_name()},
                                   {"scope", or_null(member.scope)},
                                   {"api_url", api_url(member.api)}});
        set_address(row, member.api);
        row.set("registrator", or_null(member.registrator));
        row.set("postgres", or_null(member.postgres));
        members.push_back(std::move(row));
    }
    return Value::object({{"format", "patroni.discover/1"},
                          {"source", discovery.source},
                          {"members", std::move(members)},
                          {"problems", problems_of(discovery.problems)}});
}

Value status_document(const StatusReport& report) {
    Value clusters = Value::array();
    for (const auto& cluster : report.clusters) {
        clusters.push_back(cluster_of(cluster));
    }
    return Value::object({{"format", "patroni.status/1"},
                          {"source", report.source},
                          {"observed_at", to_iso(report.observed_at)},
                          {"elapsed_ms", std::int64_t{report.elapsed.count() / 1000}},
                          {"clusters", std::move(clusters)},
                          {"problems", problems_of(report.problems)}});
}

}  // namespace patroni::codec
