#include "patctl/render/status.hpp"

#include "codec/json.hpp"
#include "codec/report.hpp"
#include "codec/yaml.hpp"
#include "patctl/render/table.hpp"
#include "patctl/render/words.hpp"

#include <algorithm>

namespace patctl::render {
namespace {

using patroni::ClusterStatus;
using patroni::FactSource;
using patroni::MemberHealth;
using patroni::Role;
using patroni::StatusReport;
using patroni::Verdict;

bool leads(const MemberHealth& member, const ClusterStatus& cluster) {
    return cluster.primary == member.name || cluster.standby_leader == member.name;
}

std::string mark(const MemberHealth& member, const ClusterStatus& cluster) {
    if (!member.healthy) {
        return "!";
    }
    return leads(member, cluster) ? "*" : "";
}

std::string address(const MemberHealth& member) {
    if (member.postgres) {
        return member.postgres->text();
    }
    return member.discovered.api ? "api " + member.discovered.api->address.text() : "?";
}

std::string state(const MemberHealth& member) {
    if (member.role == Role::gone) {
        return "-";
    }
    if (member.state == "running" && member.replication_state) {
        return safe(*member.replication_state);
    }
    return member.state.empty() ? "?" : safe(member.state);
}

std::string lag(const MemberHealth& member, const std::optional<std::uint64_t>& exact,
                bool fall_back) {
    if (member.role == Role::primary || member.role == Role::gone) {
        return "-";
    }
    return size_text(exact || !fall_back ? exact : member.lag_bytes);
}

std::string as_of(const MemberHealth& member, const ClusterStatus& cluster) {
    const std::string age = ", < " + std::to_string(cluster.ttl.count()) + " s";
    const auto published = [&](FactSource source) {
        return (source == FactSource::cluster ? "/cluster" : "etcd") + age;
    };
    switch (member.role_source) {
        case FactSource::live:
            return member.lag_source == FactSource::live || member.lag_source == FactSource::none
                       ? "now"
                       : "now; lag " + published(member.lag_source);
        case FactSource::cluster:
        case FactSource::dcs:
            return member.role == Role::gone ? "etcd" : published(member.role_source);
        case FactSource::none:
            break;
    }
    return "?";
}

std::string number(const std::optional<std::int64_t>& value) {
    return value ? std::to_string(*value) : "?";
}

std::string position(const MemberHealth& member) {
    if (member.lsn) {
        return member.lsn->text();
    }
    const auto best = std::max(member.received_lsn, member.replayed_lsn);
    return best ? best->text() : "?";
}

void add_columns(Table& table, bool details) {
    table.add_column("");
    table.add_column("MEMBER");
    table.add_column("ROLE");
    table.add_column("ADDRESS");
    table.add_column("STATE");
    table.add_column("TL", Table::Align::right);
    table.add_column("RECV LAG", Table::Align::right);
    table.add_column("REPLAY LAG", Table::Align::right);
    table.add_column("AS OF");
    if (details) {
        table.add_column("LSN");
        table.add_column("PATRONI");
        table.add_column("POSTGRESQL");
        table.add_column("REST API");
        table.add_column("TAGS");
    }
}

std::string member_table(const ClusterStatus& cluster, const StatusStyle& style) {
    Table table;
    add_columns(table, style.details);
    for (const auto& member : cluster.members) {
        std::vector<std::string> cells = {mark(member, cluster),
                                          safe(member.name),
                                          role_text(member),
                                          address(member),
                                          state(member),
                                          number(member.timeline),
                                          lag(member, member.receive_lag_bytes, true),
                                          lag(member, member.replay_lag_bytes, false),
                                          as_of(member, cluster)};
        if (style.details) {
            cells.push_back(position(member));
            cells.push_back(member.patroni_version.empty() ? "?" : safe(member.patroni_version));
            cells.push_back(number(member.server_version));
            cells.push_back(member.discovered.api ? member.discovered.api->text() : "?");
            cells.push_back(member.tags.is_null() ? ""
                                                  : safe(patroni::codec::to_json(member.tags)));
        }
        table.add_row(std::move(cells));
    }
    return table.text();
}

std::string colored(const std::string& line, Verdict verdict, bool color) {
    if (!color) {
        return line;
    }
    const char* code = verdict == Verdict::ok ? "32" : verdict == Verdict::degraded ? "33" : "31";
    const auto word = verdict_text(verdict).size();
    return "\x1b[1;" + std::string(code) + "m" + line.substr(0, word) + "\x1b[0m" +
           line.substr(word);
}

/// Worst first.
int badness(Verdict verdict) {
    switch (verdict) {
        case Verdict::split:
            return 4;
        case Verdict::no_leader:
            return 3;
        case Verdict::unknown:
            return 2;
        case Verdict::degraded:
            return 1;
        case Verdict::ok:
            break;
    }
    return 0;
}

std::string cluster_block(const ClusterStatus& cluster, const StatusStyle& style) {
    std::string text = colored(headline(cluster), cluster.verdict, style.color) + "\n";
    if (!cluster.members.empty()) {
        text += member_table(cluster, style);
    }
    for (const auto& problem : cluster.problems) {
        text += "! " + (problem.member.empty() ? std::string() : safe(problem.member) + "  ") +
                safe(problem.message) + "\n";
    }
    return text;
}

/// Commands that show more and change nothing; side by side where they fit.
std::string next_steps(const std::string& source) {
    constexpr std::size_t k_columns = 100;
    const std::string more = "patctl status" + safe(source) + " -v";
    const std::string who = "patctl discover" + safe(source);
    const std::string one_line = "Next:  " + more + "    " + who + "\n";
    return one_line.size() <= k_columns + 1 ? one_line
                                            : "Next:  " + more + "\n       " + who + "\n";
}

std::string pretty(const StatusReport& report, const StatusStyle& style) {
    std::vector<const ClusterStatus*> clusters;
    for (const auto& cluster : report.clusters) {
        clusters.push_back(&cluster);
    }
    std::sort(clusters.begin(), clusters.end(), [](const auto* a, const auto* b) {
        const int worse = badness(a->verdict) - badness(b->verdict);
        return worse != 0 ? worse > 0 : a < b;  // Else in the order of the report.
    });
    const bool tables = clusters.size() == 1 || style.details;
    std::string text;
    bool bad = false;
    for (const auto* cluster : clusters) {
        text += tables ? cluster_block(*cluster, style)
                       : colored(headline(*cluster), cluster->verdict, style.color) + "\n";
        text += tables && clusters.size() > 1 ? "\n" : "";
        bad = bad || cluster->verdict != Verdict::ok;
    }
    if (clusters.empty()) {
        text += "no cluster found\n";
    }
    for (const auto& problem : report.problems) {
        text += "! " + safe(problem.where) + ": " + safe(problem.message) + "\n";
    }
    if (bad && !style.details) {
        text += next_steps(style.source);
    }
    return text;
}

std::string optional_text(const std::optional<std::uint64_t>& value) {
    return value ? std::to_string(*value) : "";
}

std::string tsv(const StatusReport& report) {
    std::string text =
        tsv_line({"scope", "system_identifier", "verdict", "name", "role", "role_source", "state",
                  "healthy", "host", "port", "postgres", "timeline", "lag_bytes",
                  "receive_lag_bytes", "replay_lag_bytes", "lag_source", "reasons", "error"});
    for (const auto& cluster : report.clusters) {
        for (const auto& member : cluster.members) {
            std::string reasons;
            for (const auto& reason : member.reasons) {
                reasons += (reasons.empty() ? "" : ",") + reason;
            }
            const auto& api = member.discovered.api;
            text += tsv_line(
                {cluster.scope, cluster.system_identifier.value_or(""),
                 std::string(to_string(cluster.verdict)), member.name,
                 std::string(to_string(member.role)), std::string(to_string(member.role_source)),
                 member.state, member.healthy ? "true" : "false", api ? api->address.host : "",
                 api ? std::to_string(api->address.port) : "",
                 member.postgres ? member.postgres->text() : "",
                 member.timeline ? std::to_string(*member.timeline) : "",
                 optional_text(member.lag_bytes), optional_text(member.receive_lag_bytes),
                 optional_text(member.replay_lag_bytes), std::string(to_string(member.lag_source)),
                 reasons, member.error ? std::string(to_string(member.error->kind)) : ""});
        }
    }
    return text;
}

}  // namespace

std::string status_text(const StatusReport& report, const StatusStyle& style) {
    switch (style.format) {
        case Format::pretty:
            return pretty(report, style);
        case Format::tsv:
            return tsv(report);
        case Format::json:
            return patroni::codec::to_pretty_json(patroni::codec::status_document(report)) + "\n";
        case Format::yaml:
            return patroni::codec::to_yaml(patroni::codec::status_document(report));
    }
    return {};
}

}  // namespace patctl::render
