#include "patronictl/commands.hpp"
#include "patronictl/member_table.hpp"
#include "patronictl/session.hpp"
#include "patronictl/watch.hpp"

#include <array>

namespace patronictl {
namespace {

int show(Session& session, const Parsed& parsed, std::string_view format) {
    auto names = parsed.texts("cluster_names");
    const auto* scope = session.config().find("scope");
    if (names.empty() && scope != nullptr && !scope->is_null()) {
        if (scope->if_string() == nullptr) {
            throw Fail("scope in the configuration is no name of a cluster");
        }
        names.push_back(*scope->if_string());
    }
    if (names.empty()) {
        session.warn("Listing members: No cluster names were provided");
        return 0;
    }
    const auto group = Session::group(parsed);
    Watch watch(session.streams(), watch_seconds(parsed), Watch::Screen::cleared);
    do {
        if (parsed.flag("timestamp")) {
            session.echo(session.timestamp(0));
        }
        for (const auto& name : names) {
            const auto cluster = session.read_cluster(name, group);
            print_members(session, cluster, name,
                          {.format = format, .extended = parsed.flag("extended"), .group = group});
        }
    } while (watch.again());
    return 0;
}

int run_list(Session& session, const Parsed& parsed) {
    return show(session, parsed, parsed.text("format").value_or("pretty"));
}

int run_topology(Session& session, const Parsed& parsed) {
    return show(session, parsed, "topology");
}

constexpr std::array k_arguments{ArgumentSpec{"cluster_names", "CLUSTER_NAMES", false, true}};
constexpr std::array k_list_options{
    shared::group,
    OptionSpec{"extended", "--extended,-e", OptionKind::flag,
               "Also pending and scheduled restarts, and tags"},
    OptionSpec{"timestamp", "--timestamp,-t", OptionKind::flag, "The time above each table"},
    shared::format,
    shared::watch_2s,
    shared::watch,
};
constexpr std::array k_topology_options{shared::group, shared::watch_2s, shared::watch};

}  // namespace

const CommandSpec k_list{"list", "Show the members of a cluster", k_arguments, k_list_options,
                         &run_list};
const CommandSpec k_topology{"topology", "Show who replicates from whom", k_arguments,
                             k_topology_options, &run_topology};

}  // namespace patronictl
