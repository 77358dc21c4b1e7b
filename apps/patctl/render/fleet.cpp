#include "patctl/render/fleet.hpp"

#include "codec/json.hpp"
#include "codec/yaml.hpp"
#include "patctl/render/table.hpp"
#include "patctl/render/words.hpp"

namespace patctl::render {
namespace {

using patroni::FleetCluster;
using patroni::Value;

std::string joined(const std::vector<std::string>& words) {
    std::string text;
    for (const auto& word : words) {
        text += (text.empty() ? "" : ",") + word;
    }
    return text;
}

template <class T>
std::string number_text(const std::optional<T>& number) {
    return number ? std::to_string(*number) : std::string();
}

std::string flag_text(const std::optional<bool>& flag) {
    return !flag ? std::string() : *flag ? "true" : "false";
}

std::string pretty(const patroni::Fleet& fleet) {
    if (fleet.clusters.empty()) {
        return "no cluster found\n";
    }
    Table table;
    table.add_column("VERDICT");
    table.add_column("SCOPE");
    table.add_column("LEADER");
    table.add_column("RUNNING", Table::Align::right);
    table.add_column("LAG", Table::Align::right);
    table.add_column("TL", Table::Align::right);
    table.add_column("REASONS");
    for (const FleetCluster& cluster : fleet.clusters) {
        std::string reasons = safe(joined(cluster.reasons));
        if (cluster.paused.value_or(false)) {
            reasons += reasons.empty() ? "(paused)" : " (paused)";
        }
        table.add_row({verdict_text(cluster.verdict), safe(cluster.name()),
                       cluster.leader ? safe(*cluster.leader) : "-",
                       std::to_string(cluster.running) + "/" + std::to_string(cluster.members),
                       cluster.lag_bytes ? size_text(cluster.lag_bytes) : "-",
                       cluster.timeline ? std::to_string(*cluster.timeline) : "?",
                       std::move(reasons)});
    }
    return table.text();
}

std::string tsv(const patroni::Fleet& fleet) {
    std::string text = tsv_line({"scope", "group", "verdict", "leader", "members", "running",
                                 "lag_bytes", "timeline", "paused", "reasons"});
    for (const FleetCluster& cluster : fleet.clusters) {
        text += tsv_line({cluster.scope, number_text(cluster.group),
                          std::string(to_string(cluster.verdict)), cluster.leader.value_or(""),
                          std::to_string(cluster.members), std::to_string(cluster.running),
                          number_text(cluster.lag_bytes), number_text(cluster.timeline),
                          flag_text(cluster.paused), joined(cluster.reasons)});
    }
    return text;
}

template <class T>
Value or_null(const std::optional<T>& value) {
    return value ? Value(*value) : Value();
}

Value document_of(const patroni::Fleet& fleet, const std::string& source) {
    Value list = Value::array();
    for (const FleetCluster& cluster : fleet.clusters) {
        Value reasons = Value::array();
        for (const auto& reason : cluster.reasons) {
            reasons.push_back(reason);
        }
        list.push_back(Value::object({{"scope", cluster.scope},
                                      {"group", or_null(cluster.group)},
                                      {"verdict", std::string(to_string(cluster.verdict))},
                                      {"reasons", std::move(reasons)},
                                      {"leader", or_null(cluster.leader)},
                                      {"members", static_cast<std::int64_t>(cluster.members)},
                                      {"running", static_cast<std::int64_t>(cluster.running)},
                                      {"lag_bytes", or_null(cluster.lag_bytes)},
                                      {"timeline", or_null(cluster.timeline)},
                                      {"paused", or_null(cluster.paused)},
                                      {"standby_cluster", cluster.standby_cluster}}));
    }
    return Value::object({{"format", "patroni.fleet/1"},
                          {"source", source},
                          {"revision", fleet.revision == 0 ? Value() : Value(fleet.revision)},
                          {"clusters", std::move(list)}});
}

}  // namespace

std::string fleet_text(const patroni::Fleet& fleet, const std::string& source, Format format) {
    switch (format) {
        case Format::pretty:
            return pretty(fleet);
        case Format::tsv:
            return tsv(fleet);
        case Format::json:
            return patroni::codec::to_pretty_json(document_of(fleet, source)) + "\n";
        case Format::yaml:
            return patroni::codec::to_yaml(document_of(fleet, source));
    }
    return {};
}

}  // namespace patctl::render
