#include "patctl/render/discovery.hpp"

#include "codec/json.hpp"
#include "codec/report.hpp"
#include "codec/yaml.hpp"
#include "patctl/render/table.hpp"
#include "patctl/render/words.hpp"

namespace patctl::render {
namespace {

using patroni::Discovery;

std::string pretty(const Discovery& discovery) {
    bool registrator = false;
    bool scope = false;
    bool postgres = false;
    for (const auto& member : discovery.members) {
        registrator = registrator || member.registrator.has_value();
        scope = scope || member.scope.has_value();
        postgres = postgres || member.postgres.has_value();
    }
    Table table;
    table.add_column("MEMBER");
    table.add_column("REST API");
    if (scope) {
        table.add_column("SCOPE");
    }
    if (postgres) {
        table.add_column("POSTGRESQL");
    }
    if (registrator) {
        table.add_column("HOST");
    }
    for (const auto& member : discovery.members) {
        std::vector<std::string> cells = {safe(member.display_name()),
                                          member.api ? member.api->text() : "?"};
        if (scope) {
            cells.push_back(member.scope ? safe(*member.scope) : "?");
        }
        if (postgres) {
            cells.push_back(member.postgres ? member.postgres->text() : "?");
        }
        if (registrator) {
            cells.push_back(member.registrator ? safe(member.registrator->host) : "?");
        }
        table.add_row(std::move(cells));
    }
    std::string text = discovery.members.empty() ? "no member found\n" : table.text();
    for (const auto& problem : discovery.problems) {
        text += "! " + safe(problem.where) + ": " + safe(problem.message) + "\n";
    }
    return text;
}

std::string tsv(const Discovery& discovery) {
    std::string text =
        tsv_line({"name", "scope", "api_url", "host", "port", "postgres_host", "postgres_port",
                  "registrator_host", "container", "container_port"});
    for (const auto& member : discovery.members) {
        const auto& identity = member.registrator;
        text += tsv_line({member.display_name(), member.scope.value_or(""),
                          member.api ? member.api->text() : "",
                          member.api ? member.api->address.host : "",
                          member.api ? std::to_string(member.api->address.port) : "",
                          member.postgres ? member.postgres->host : "",
                          member.postgres ? std::to_string(member.postgres->port) : "",
                          identity ? identity->host : "", identity ? identity->container : "",
                          identity ? std::to_string(identity->container_port) : ""});
    }
    return text;
}

}  // namespace

std::string discovery_text(const Discovery& discovery, Format format) {
    switch (format) {
        case Format::pretty:
            return pretty(discovery);
        case Format::tsv:
            return tsv(discovery);
        case Format::json:
            return patroni::codec::to_pretty_json(patroni::codec::discovery_document(discovery)) +
                   "\n";
        case Format::yaml:
            return patroni::codec::to_yaml(patroni::codec::discovery_document(discovery));
    }
    return {};
}

}  // namespace patctl::render
