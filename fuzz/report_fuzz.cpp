#include "check.hpp"
#include "codec/cluster.hpp"
#include "codec/json.hpp"
#include "codec/member_status.hpp"
#include "codec/report.hpp"
#include "codec/yaml.hpp"
#include "parts.hpp"
#include "patctl/render/discovery.hpp"
#include "patctl/render/status.hpp"
#include "printable.hpp"
#include "topology/status_report.hpp"

#include <algorithm>
#include <cctype>

using namespace patroni;

namespace {

/// Lines of `key=value`.
std::vector<codec::RawKey> keys(std::string_view text) {
    std::vector<codec::RawKey> result;
    for (const std::string_view line : fuzz::parts(text, '\n')) {
        const std::size_t equals = std::min(line.find('='), line.size());
        result.push_back({std::string(line.substr(0, equals)),
                          std::string(line.substr(std::min(equals + 1, line.size())))});
    }
    return result;
}

struct Scene {
    Discovery discovery;
    std::vector<topology::Observation> observations;
    std::vector<topology::OverviewAnswer> overviews;
};

/// Parts that begin with `K` hold the keys of a store, with `P` what the next member answers to
/// `GET /patroni`, with `C` what the last one answers to `GET /cluster`. Names and tags are text of
/// servers; so is what a member says that does not answer.
Scene scene(std::string_view text) {
    Scene scene;
    scene.discovery.source = "etcd3";
    for (const std::string_view part : fuzz::parts(text)) {
        const char kind = part.empty() ? 0 : part.front();
        const std::string_view body = part.substr(part.empty() ? 0 : 1);
        if (kind == 'K') {
            Cluster cluster = codec::decode_cluster("demo", "/service/demo/", keys(body));
            for (const PublishedMember& member : cluster.members) {
                scene.discovery.members.push_back({member.name, "demo", member.api, {}, {}});
            }
            scene.discovery.clusters["demo"] = std::move(cluster);
        } else if (kind == 'P') {
            const WallTime at(std::chrono::seconds(1795446189));
            scene.observations.push_back({codec::decode_member_status(body), at});
        } else if (kind == 'C' && !scene.observations.empty()) {
            scene.overviews.push_back(
                {scene.observations.size() - 1, codec::decode_cluster_overview(body)});
        }
    }
    while (scene.discovery.members.size() < scene.observations.size()) {
        const std::string number = std::to_string(scene.discovery.members.size() + 1);
        DiscoveredMember member;
        member.api = Origin{false, {"10.0.0." + number, 8008}};
        scene.discovery.members.push_back(std::move(member));
    }
    while (scene.observations.size() < scene.discovery.members.size()) {
        Error error;
        error.kind = ErrorKind::http_status;
        error.message = "HTTP 500";
        error.server_text = std::string(text.substr(0, 100));
        scene.observations.push_back({std::move(error), {}});
    }
    return scene;
}

void check_document(const std::string& json, const std::string& yaml, const Value& document) {
    const auto parsed = codec::parse_json(json);
    fuzz::check(parsed && parsed->if_object(), "JSON that is printed can be read");
    fuzz::check(parsed->find("format") && parsed->find("problems"), "it has its fields");
    // Bytes that are no UTF-8 became U+FFFD in the first writing.
    const auto again = codec::parse_json(codec::to_json(*parsed));
    fuzz::check(again && *again == *parsed, "it reads back");
    fuzz::check(
        codec::to_pretty_json(document) == json.substr(0, json.find_last_not_of('\n') + 1) ||
            codec::to_json(document) == json.substr(0, json.find_last_not_of('\n') + 1),
        "it is the document");
    fuzz::check(codec::parse_yaml(yaml, "printed").has_value(), "YAML that is printed can be read");
}

/// Each line has as many cells as the first.
void check_table(std::string_view tsv) {
    fuzz::check(tsv.empty() || tsv.ends_with('\n'), "tsv ends with its last line");
    std::optional<std::ptrdiff_t> tabs;
    for (const std::string_view line :
         fuzz::parts(tsv.substr(0, tsv.size() - !tsv.empty()), '\n')) {
        const auto count = std::count(line.begin(), line.end(), '\t');
        fuzz::check(!tabs || *tabs == count, "each line of tsv has the same cells");
        tabs = count;
    }
}

}  // namespace

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    using patctl::Format;
    const Scene seen = scene(fuzz::text(data, size));
    const StatusReport report =
        topology::assemble_report(seen.discovery, seen.observations, seen.overviews);
    std::size_t rows = 0;
    for (const ClusterStatus& cluster : report.clusters) {
        fuzz::check(!cluster.primary || cluster.primaries_seen.size() == 1,
                    "the primary is the only one");
        fuzz::check(cluster.verdict != Verdict::split || cluster.primaries_seen.size() > 1,
                    "a split has two primaries");
        for (const MemberHealth& member : cluster.members) {
            rows += member.role == Role::gone ? 0 : 1;
            fuzz::check(member.healthy == member.reasons.empty(), "who is not well has a reason");
        }
    }
    // One server at two addresses is one row (docs/status.md), and a problem says so.
    rows += static_cast<std::size_t>(
        std::count_if(report.problems.begin(), report.problems.end(),
                      [](const Problem& problem) { return problem.kind == "same_member"; }));
    fuzz::check(rows >= seen.discovery.members.size(),
                "no member is hidden, but for a server that is listed twice");

    const auto shown = [&](Format format, bool details) {
        return patctl::render::status_text(report, {format, false, details, "--etcd3 etcd1:2379"});
    };
    for (const bool details : {false, true}) {
        fuzz::check(fuzz::is_printable(shown(Format::pretty, details), true),
                    "what a person sees has no control or bidi characters");
        check_table(shown(Format::tsv, details));
    }
    check_document(shown(Format::json, false), shown(Format::yaml, false),
                   codec::status_document(report));

    const auto listed = [&](Format format) {
        return patctl::render::discovery_text(seen.discovery, format);
    };
    fuzz::check(fuzz::is_printable(listed(Format::pretty), true),
                "a list that a person sees has no control or bidi characters");
    check_table(listed(Format::tsv));
    check_document(listed(Format::json), listed(Format::yaml),
                   codec::discovery_document(seen.discovery));
    return 0;
}
