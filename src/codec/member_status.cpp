#include "codec/member_status.hpp"

#include "codec/fields.hpp"
#include "codec/json.hpp"

#include <utility>

namespace patroni::codec {
namespace {

std::vector<ReplicationConnection> replication_field(const Value& document) {
    std::vector<ReplicationConnection> connections;
    const Value* field = document.find("replication");
    const Value::Array* rows = field ? field->if_array() : nullptr;
    if (!rows) {
        return connections;
    }
    connections.reserve(rows->size());
    for (const Value& row : *rows) {
        if (!row.if_object()) {
            continue;
        }
        ReplicationConnection& connection = connections.emplace_back();
        connection.application_name = text_field(row, "application_name");
        connection.user = text_field(row, "usename");
        connection.client_address = string_field(row, "client_addr");
        connection.state = text_field(row, "state");
        connection.sync_state = text_field(row, "sync_state");
        connection.sync_priority = int_field(row, "sync_priority");
    }
    return connections;
}

void read_wal(MemberStatus& status, const Value& wal) {
    status.location = lsn_field(wal, "location");
    status.received_location = lsn_field(wal, "received_location");
    status.replayed_location = lsn_field(wal, "replayed_location");
    status.replayed_timestamp = timestamp_field(wal, "replayed_timestamp");
    status.replay_paused = bool_field(wal, "paused");
}

void read_identity(MemberStatus& status, const Value& document) {
    if (const Value* patroni = document.find("patroni")) {
        status.patroni_version = text_field(*patroni, "version");
        status.version = Version::parse(status.patroni_version);
        status.scope = text_field(*patroni, "scope");
        status.name = string_field(*patroni, "name");
    }
    status.system_identifier = string_field(document, "database_system_identifier");
    status.server_version = int_field(document, "server_version");
    status.postmaster_start_time = timestamp_field(document, "postmaster_start_time");
}

}  // namespace

Result<MemberStatus> decode_member_status(std::string_view body) {
    auto parsed = parse_json(body);
    if (!parsed) {
        return std::move(parsed).error();
    }
    const Value& document = *parsed;
    const Value* patroni = document.find("patroni");
    if ((!patroni || !patroni->if_object()) && !string_field(document, "state")) {
        Error error;
        error.kind = ErrorKind::decode;
        error.message = "the answer is no status document of Patroni";
        return error;
    }

    MemberStatus status;
    status.state = text_field(document, "state");
    status.role_reported = text_field(document, "role");
    status.role = parse_role(status.role_reported);
    read_identity(status, document);
    // No version answers with "wal", but Patroni's own client accepts it.
    const Value* xlog = document.find("xlog");
    if (const Value* wal = xlog ? xlog : document.find("wal")) {
        read_wal(status, *wal);
    }
    status.timeline = int_field(document, "timeline");
    status.replication_state = string_field(document, "replication_state");
    status.replication = replication_field(document);
    status.sync_standby = flag_field(document, "sync_standby");
    status.quorum_standby = flag_field(document, "quorum_standby");
    status.paused = flag_field(document, "pause");
    status.cluster_unlocked = flag_field(document, "cluster_unlocked");
    status.failsafe_mode_is_active = flag_field(document, "failsafe_mode_is_active");
    status.pending_restart = flag_field(document, "pending_restart");
    status.watchdog_failed = flag_field(document, "watchdog_failed");
    status.dcs_last_seen = int_field(document, "dcs_last_seen");
    status.tags = object_field(document, "tags");
    status.scheduled_restart = object_field(document, "scheduled_restart");
    status.pending_restart_reason = object_field(document, "pending_restart_reason");
    status.document = std::move(*parsed);
    return status;
}

}  // namespace patroni::codec
