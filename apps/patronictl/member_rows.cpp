#include "patronictl/member_rows.hpp"

#include "patronictl/failure.hpp"
#include "patronictl/lenient_number.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>
#include <array>
#include <cstdio>
#include <map>
#include <set>

namespace patronictl {
namespace {

using patroni::Value;

constexpr std::string_view k_unknown = "unknown";

std::string lsn_text(std::int64_t lsn) {
    // What Python makes of a negative number, too.
    const std::int64_t high = lsn >> 32;
    char text[48];
    std::snprintf(text, sizeof text, "%s%llX/%X", high < 0 ? "-" : "",
                  static_cast<unsigned long long>(high < 0 ? -high : high),
                  static_cast<unsigned>(lsn & 0xFFFFFFFF));
    return text;
}

void set(MemberRow& row, std::string_view field, Value value) {
    for (auto& [name, old] : row.fields) {
        if (name == field) {
            old = std::move(value);
            return;
        }
    }
    row.fields.emplace_back(field, std::move(value));
}

/// A position and how far it is behind the leader: "unknown" both, or a text and bytes.
void set_position(MemberRow& row, const std::string& kind, const Value* lsn,
                  std::int64_t leader_lsn) {
    const auto number = lsn == nullptr ? std::nullopt : lenient_integer(*lsn);
    if (!number || *number == 0) {
        set(row, kind + "lsn", k_unknown);
        set(row, kind + "lag", k_unknown);
        return;
    }
    set(row, kind + "lsn", lsn_text(*number));
    set(row, kind + "lag", leader_lsn >= *number ? leader_lsn - *number : std::int64_t{0});
}

std::string role_of(const DcsCluster& cluster, const DcsMember& member) {
    if (cluster.leader && member.name == cluster.leader->name) {
        return cluster.is_standby_cluster() ? "Standby Leader" : "Leader";
    }
    if (cluster.is_synchronous() && cluster.sync.matches(member.name)) {
        return cluster.is_quorum() ? "Quorum Standby" : "Sync Standby";
    }
    return "Replica";
}

Value state_of(const DcsMember& member, const std::string& role) {
    const Value* replication = member.data.find("replication_state");
    if (role != "Leader" && python_truth(replication)) {
        return *replication;
    }
    const Value* state = member.data.find("state");
    return state == nullptr ? Value("") : *state;
}

/// Where the member listens: `host` and, as a number, `port`; nothing without a host.
void set_address(MemberRow& row, const DcsMember& member) {
    const auto data = connection_data(member);
    if (!data || !data->host || data->host->empty()) {
        return;
    }
    set(row, "host", *data->host);
    if (data->port && !data->port->empty() && *data->port != "0") {
        const auto port = python_int(*data->port);
        if (!port) {
            throw Fail("A member's port is no number: " + *data->port);
        }
        set(row, "port", *port);
    }
}

MemberRow row_of(const DcsCluster& cluster, const DcsMember& member) {
    MemberRow row;
    row.name = member.name;
    const std::string role = role_of(cluster, member);
    set(row, "role", role);
    set(row, "state", state_of(member, role));
    set_address(row, member);
    for (const auto* field :
         {"timeline", "pending_restart", "pending_restart_reason", "scheduled_restart", "tags"}) {
        if (const Value* value = member.data.find(field)) {
            set(row, field, *value);
        }
    }
    if (!cluster.leader || member.name != cluster.leader->name) {
        set_position(row, "receive_", member.data.find("receive_lsn"), cluster.leader_lsn);
        set_position(row, "replay_", member.data.find("replay_lsn"), cluster.leader_lsn);
        set_position(row, "", member.data.find("xlog_location"), cluster.leader_lsn);
    }
    return row;
}

bool leads(const MemberRow& row) {
    return python_str(*row.find("role")).ends_with("Leader");
}

/// Puts a member and all below it at the end of `sorted`.
void take_branch(std::map<std::string, std::vector<MemberRow>>& children, MemberRow row,
                 std::size_t level, std::vector<MemberRow>& sorted) {
    auto below = std::move(children[row.name]);
    if (level > 0) {
        row.name = std::string(2 * (level - 1), ' ') + "+ " + row.name;
    }
    sorted.push_back(std::move(row));
    for (auto& child : below) {
        take_branch(children, std::move(child), level + 1, sorted);
    }
}

}  // namespace

const Value* MemberRow::find(std::string_view field) const {
    const auto found = std::find_if(fields.begin(), fields.end(),
                                    [&](const auto& one) { return one.first == field; });
    return found == fields.end() ? nullptr : &found->second;
}

std::vector<MemberRow> member_rows(const DcsCluster& cluster) {
    std::vector<MemberRow> rows;
    for (const auto& member : cluster.members) {
        rows.push_back(row_of(cluster, member));
    }
    std::stable_sort(rows.begin(), rows.end(),
                     [](const MemberRow& a, const MemberRow& b) { return a.name < b.name; });
    return rows;
}

std::vector<MemberRow> sorted_by_topology(std::vector<MemberRow> rows) {
    std::optional<MemberRow> leader;
    std::set<std::string> replicas;
    for (const auto& row : rows) {
        if (!leads(row)) {
            replicas.insert(row.name);
        } else if (!leader) {
            leader = row;
        }
    }
    std::map<std::string, std::vector<MemberRow>> children;
    std::vector<MemberRow> below_leader;
    for (auto& row : rows) {
        if (leads(row)) {
            continue;
        }
        const Value* tags = row.find("tags");
        const Value* from = tags == nullptr ? nullptr : tags->find("replicatefrom");
        const std::string parent = from == nullptr ? "" : python_str(*from);
        const bool cascades = python_truth(from) && parent != row.name && replicas.contains(parent);
        (cascades ? children[parent] : below_leader).push_back(std::move(row));
    }
    std::vector<MemberRow> sorted;
    if (leader) {
        sorted.push_back(std::move(*leader));
    }
    for (auto& row : below_leader) {
        take_branch(children, std::move(row), 1, sorted);
    }
    return sorted;
}

}  // namespace patronictl
