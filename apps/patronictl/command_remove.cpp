#include "patronictl/commands.hpp"
#include "patronictl/member_table.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/session.hpp"

#include <array>
#include <optional>

namespace patronictl {
namespace {

constexpr std::string_view k_phrase = "Yes I am aware";

void ask(const Session& session, const DcsCluster& cluster, const std::string& name) {
    if (prompt(session.streams(), "Please confirm the cluster name to remove") != name) {
        throw Fail("Cluster names specified do not match");
    }
    const std::string phrase = "\"" + std::string(k_phrase) + "\"";
    if (prompt(session.streams(), "You are about to remove all information in DCS for " + name +
                                      ", please type: " + phrase) != k_phrase) {
        throw Fail("You did not exactly type " + phrase);
    }
    if (cluster.has_leader() &&
        prompt(session.streams(),
               "This cluster currently is healthy. Please specify the leader name to continue") !=
            cluster.leader->name) {
        throw Fail("You did not specify the current leader of the cluster");
    }
}

int run_remove(Session& session, const Parsed& parsed) {
    const std::string name = session.scope(parsed);
    const auto group = Session::group(parsed);
    auto cluster = session.read_cluster(name, group);
    if (session.is_citus() && !group) {
        throw Fail("For Citus clusters the --group must me specified");
    }
    if (group == 0) {
        // The coordinator's cluster has the others as its workers: the table shows all of them.
        cluster = session.read_cluster(name, std::nullopt);
    }
    const std::string format = parsed.text("format").value_or("pretty");
    print_members(session, cluster, name, {.format = format});
    ask(session, cluster, name);
    if (cluster.keys.empty()) {
        return 0;  // Nor is "batman/" taken for "batman" by the store.
    }
    try {
        const auto outcome = session.store().remove_cluster(name, group);
        if (outcome.kind != patroni::OutcomeKind::done) {
            session.warn("The keys of " + name + " may not have been removed: " + outcome.message);
        }
    } catch (const patroni::Failure& failure) {
        session.warn("The keys of " + name + " were not removed: " + to_line(failure.error()));
    }
    return 0;
}

constexpr std::array k_options{shared::group, shared::format};
constexpr std::array k_arguments{shared::cluster};

}  // namespace

const CommandSpec k_remove{"remove", "Remove all keys of a cluster from the store", k_arguments,
                           k_options, &run_remove};

}  // namespace patronictl
