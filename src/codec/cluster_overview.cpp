#include "codec/fields.hpp"
#include "codec/json.hpp"
#include "codec/member_status.hpp"

#include <algorithm>
#include <utility>

namespace patroni::codec {
namespace {

/// "0/6000060"; nullopt for "unknown".
std::optional<Lsn> lsn_text_field(const Value& row, std::string_view key) {
    const auto text = string_field(row, key);
    return text ? Lsn::parse(*text) : std::nullopt;
}

PublishedMember decode_row(const Value& row) {
    PublishedMember member;
    member.name = text_field(row, "name");
    member.api = api_field(row, "api_url");
    // Patroni 1.6.1 to 1.6.4 say port 5432 beside a null host when they know no address.
    member.postgres = address_fields(row, "host", "port", 5432);
    member.state = text_field(row, "state");
    member.role_reported = text_field(row, "role");
    member.role = parse_role(member.role_reported);
    member.timeline = int_field(row, "timeline");
    member.position = lsn_text_field(row, "lsn");
    member.receive_lsn = lsn_text_field(row, "receive_lsn");
    member.replay_lsn = lsn_text_field(row, "replay_lsn");
    // A number, or the text "unknown". That 0 can stand for an unknown position of the leader is
    // for the topology to judge.
    member.lag = natural_field(row, "lag");
    member.receive_lag = natural_field(row, "receive_lag");
    member.replay_lag = natural_field(row, "replay_lag");
    member.pending_restart = flag_field(row, "pending_restart");
    member.tags = object_field(row, "tags");
    return member;
}

std::optional<ScheduledSwitchover> switchover_field(const Value& document) {
    const Value* field = document.find("scheduled_switchover");
    if (!field || !field->if_object()) {
        return std::nullopt;
    }
    return ScheduledSwitchover{text_field(*field, "at"), string_field(*field, "from"),
                               string_field(*field, "to")};
}

}  // namespace

Result<ClusterOverview> decode_cluster_overview(std::string_view body) {
    auto document = parse_json(body);
    if (!document) {
        return std::move(document).error();
    }
    const Value* field = document->find("members");
    const Value::Array* rows = field ? field->if_array() : nullptr;
    if (!rows) {
        Error error;
        error.kind = ErrorKind::decode;
        error.message = "the answer has no list of members";
        return error;
    }
    ClusterOverview overview;
    overview.members.reserve(rows->size());
    for (const Value& row : *rows) {
        PublishedMember member = decode_row(row);
        if (!member.name.empty()) {
            overview.members.push_back(std::move(member));
        }
    }
    std::sort(overview.members.begin(), overview.members.end(),
              [](const PublishedMember& left, const PublishedMember& right) {
                  return left.name < right.name;
              });
    overview.scope = string_field(*document, "scope");
    overview.paused = flag_field(*document, "pause");
    overview.scheduled_switchover = switchover_field(*document);
    return overview;
}

}  // namespace patroni::codec
