#include "patronictl/member_table.hpp"

#include "base/text.hpp"
#include "patronictl/failure.hpp"
#include "patronictl/lenient_number.hpp"
#include "patronictl/member_rows.hpp"
#include "patronictl/output.hpp"
#include "patronictl/python_text.hpp"

#include <algorithm>
#include <array>
#include <map>
#include <set>

namespace patronictl {
namespace {

using patroni::Value;
using Groups = std::map<std::int64_t, const DcsCluster*>;
using Rows = std::map<std::int64_t, std::vector<MemberRow>>;

constexpr std::array<std::string_view, 4> k_optional{"Pending restart", "Pending restart reason",
                                                     "Scheduled restart", "Tags"};

bool is_drawn(std::string_view format) {
    return format == "pretty" || format == "topology";
}

/// "Receive LSN" is the field "receive_lsn".
std::string field_of(std::string_view column) {
    std::string field = patroni::to_lower(column);
    std::replace(field.begin(), field.end(), ' ', '_');
    return field;
}

std::size_t code_points(std::string_view text) {
    return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xC0) != 0x80;
    }));
}

std::string restart_reasons(const Value* reasons, bool hide_long) {
    std::string text;
    if (reasons == nullptr || reasons->if_object() == nullptr) {
        return text;
    }
    for (const auto& [parameter, values] : *reasons->if_object()) {
        const Value* before = values.find("old_value");
        const Value* after = values.find("new_value");
        std::string line = parameter + ": " + (before == nullptr ? "" : python_str(*before)) +
                           "->" + (after == nullptr ? "" : python_str(*after));
        if (hide_long && code_points(line) > 50) {
            line = parameter + ": [hidden - too long]";
        }
        text += (text.empty() ? "" : "\n") + line;
    }
    return text;
}

Value megabytes(const Value* lag) {
    if (lag == nullptr) {
        return "";
    }
    const auto* bytes = lag->if_int();
    return bytes == nullptr ? Value("")
                            : Value(round_half_even(static_cast<double>(*bytes) / 1024 / 1024));
}

struct Positions {
    Value receive_lsn, receive_lag, replay_lsn, replay_lag;
};

Value or_empty(const Value* value) {
    return value == nullptr ? Value("") : *value;
}

bool is_unknown(const Value* value) {
    return value != nullptr && *value == Value("unknown");
}

/// Members before 4.1 publish one position only.
Positions positions_of(const MemberRow& row) {
    const Value* lsn = row.find("lsn");
    Positions out{or_empty(row.find("receive_lsn")), megabytes(row.find("receive_lag")),
                  or_empty(row.find("replay_lsn")), megabytes(row.find("replay_lag"))};
    if (is_unknown(row.find("receive_lsn")) && is_unknown(row.find("replay_lsn")) &&
        python_truth(lsn) && !is_unknown(lsn)) {
        const bool streams = *row.find("state") == Value("streaming");
        (streams ? out.receive_lsn : out.replay_lsn) = *lsn;
        (streams ? out.receive_lag : out.replay_lag) = megabytes(row.find("lag"));
    }
    return out;
}

Value host_of(const MemberRow& row, bool with_port) {
    const Value* host = row.find("host");
    const Value* port = row.find("port");
    if (host == nullptr || !with_port || port == nullptr) {
        return or_empty(host);
    }
    return python_str(*host) + ":" + python_str(*port);
}

Value scheduled_restart(const Value* restart) {
    if (restart == nullptr) {
        return "";
    }
    const Value* schedule = restart->find("schedule");
    if (schedule == nullptr) {
        throw Fail("The key of a member holds a scheduled restart without a time");
    }
    const Value* version = restart->find("postgres_version");
    return version == nullptr
               ? *schedule
               : Value(python_str(*schedule) + " if version < " + python_str(*version));
}

Value tags_cell(const Value* tags, std::string_view format) {
    const bool as_text = is_drawn(format) || format == "tsv";
    if (!as_text || !python_truth(tags)) {
        return or_empty(tags);
    }
    return std::string(patroni::trim(config_yaml(*tags, format != "pretty")));
}

/// What all rows of a table have in common.
struct Shape {
    std::string_view cluster;
    std::string_view format;
    std::vector<std::string> columns;
    bool with_port = false;
};

Value cell_of(const Shape& shape, std::int64_t group, const MemberRow& row,
              const Positions& positions, const std::string& column) {
    const std::string field = field_of(column);
    if (field == "cluster") {
        return shape.cluster;
    }
    if (field == "group") {
        return group;
    }
    if (field == "member") {
        return row.name;
    }
    if (field == "host") {
        return host_of(row, shape.with_port);
    }
    if (field == "tl") {
        return or_empty(row.find("timeline"));
    }
    if (field == "receive_lsn" || field == "receive_lag") {
        return field == "receive_lsn" ? positions.receive_lsn : positions.receive_lag;
    }
    if (field == "replay_lsn" || field == "replay_lag") {
        return field == "replay_lsn" ? positions.replay_lsn : positions.replay_lag;
    }
    if (field == "pending_restart") {
        return python_truth(row.find(field)) ? "*" : "";
    }
    if (field == "pending_restart_reason") {
        return restart_reasons(row.find(field), is_drawn(shape.format));
    }
    if (field == "scheduled_restart") {
        return scheduled_restart(row.find(field));
    }
    return field == "tags" ? tags_cell(row.find(field), shape.format) : or_empty(row.find(field));
}

std::vector<std::string> columns_of(const Rows& rows, bool citus, bool extended) {
    std::vector<std::string> columns{"Cluster",    "Member",    "Host",        "Role",
                                     "State",      "TL",        "Receive LSN", "Receive Lag",
                                     "Replay LSN", "Replay Lag"};
    if (citus) {
        columns.insert(columns.begin() + 1, "Group");
    }
    for (const auto column : k_optional) {
        bool shown = extended;
        for (const auto& [group, members] : rows) {
            for (const auto& row : members) {
                shown = shown ||
                        (row.find("host") != nullptr && python_truth(row.find(field_of(column))));
            }
        }
        if (shown) {
            columns.emplace_back(column);
        }
    }
    return columns;
}

/// Whether a port tells more than the default would: another one is used, or hosts repeat.
bool ports_matter(const Rows& rows) {
    std::set<std::string> hosts;
    std::size_t count = 0;
    bool unusual = false;
    for (const auto& [group, members] : rows) {
        for (const auto& row : members) {
            if (const Value* host = row.find("host")) {
                hosts.insert(python_str(*host));
                ++count;
                const Value* port = row.find("port");
                unusual = unusual || (port != nullptr && *port != Value(5432));
            }
        }
    }
    return unusual || hosts.size() < count;
}

std::string title_of(const Session& session, const DcsCluster& cluster, std::string_view name,
                     const MemberTable& how) {
    const std::string identifier = !cluster.initialize           ? "uninitialized"
                                   : cluster.initialize->empty() ? "initializing"
                                                                 : *cluster.initialize;
    if (!session.is_citus()) {
        return " Cluster: " + std::string(name) + " (" + identifier + ") ";
    }
    const std::string details =
        how.group ? " (group: " + std::to_string(*how.group) + ", " + identifier + ")" : "";
    return " Citus cluster: " + std::string(name) + details + " ";
}

/// What is planned: paused, a switchover at its time.
std::string footer_of(const DcsCluster& cluster) {
    std::string text;
    if (cluster.paused()) {
        text += " Maintenance mode: on\n";
    }
    if (cluster.failover && cluster.failover->active() && cluster.failover->scheduled_at) {
        text += " Switchover scheduled at: " + *cluster.failover->scheduled_at + "\n";
        if (cluster.failover->leader && !cluster.failover->leader->empty()) {
            text += "                    from: " + *cluster.failover->leader + "\n";
        }
        if (cluster.failover->candidate && !cluster.failover->candidate->empty()) {
            text += "                      to: " + *cluster.failover->candidate + "\n";
        }
    }
    return text;
}

void print_footers(const Session& session, const Groups& groups, const MemberTable& how) {
    for (const auto& [group, cluster] : groups) {
        const std::string footer = footer_of(*cluster);
        if (footer.empty()) {
            continue;
        }
        if (session.is_citus() && !how.group) {
            session.echo("Citus group: " + std::to_string(group));
        }
        session.streams().out(footer);
    }
}

Output draw(const Shape& shape, const Rows& rows, std::string title) {
    Output output;
    output.format = shape.format;
    const bool drawn = is_drawn(shape.format);
    // The title tells the cluster, and the group when it is one.
    const std::size_t skip = !drawn ? 0 : title.find(" (group: ") == std::string::npos ? 1 : 2;
    output.title = std::move(title);
    for (std::size_t i = skip; i < shape.columns.size(); ++i) {
        const std::string& name = shape.columns[i];
        const bool lag = drawn && (name == "Receive Lag" || name == "Replay Lag");
        const bool right =
            lag || name == "Group" || name == "TL" || name == "Receive LSN" || name == "Replay LSN";
        output.columns.push_back({lag ? "Lag" : name, right});
    }
    for (const auto& [group, members] : rows) {
        for (const auto& row : members) {
            const Positions positions = positions_of(row);
            std::vector<Cell> cells;
            for (std::size_t i = skip; i < shape.columns.size(); ++i) {
                cells.emplace_back(cell_of(shape, group, row, positions, shape.columns[i]));
            }
            output.rows.push_back(std::move(cells));
        }
    }
    return output;
}

}  // namespace

void print_members(const Session& session, const DcsCluster& cluster, std::string_view name,
                   const MemberTable& how) {
    Groups groups{{how.group.value_or(0), &cluster}};
    if (session.is_citus() && !how.group) {
        for (const auto& worker : cluster.workers) {
            groups[worker.group.value_or(0)] = &worker;
        }
    }
    Rows rows;
    for (const auto& [group, one] : groups) {
        rows[group] =
            how.format == "topology" ? sorted_by_topology(member_rows(*one)) : member_rows(*one);
    }
    Shape shape{name, how.format, columns_of(rows, session.is_citus(), how.extended),
                ports_matter(rows)};
    print_output(session, draw(shape, rows, title_of(session, cluster, name, how)));
    if (is_drawn(how.format)) {
        print_footers(session, groups, how);
    }
}

}  // namespace patronictl
