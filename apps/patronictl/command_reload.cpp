#include "patronictl/commands.hpp"
#include "patronictl/member_api.hpp"
#include "patronictl/members.hpp"
#include "patronictl/python_text.hpp"

#include <array>

namespace patronictl {
namespace {

/// What the members' configuration says, as Python prints it; else Patroni's default.
std::string loop_wait(const DcsCluster& cluster) {
    const patroni::Value* value = cluster.config.find("loop_wait");
    return python_truth(value) ? python_str(*value) : "10";
}

int run_reload(Session& session, const Parsed& parsed) {
    Selection selection;
    selection.cluster_name = session.scope(parsed);
    selection.group = Session::group(parsed);
    selection.names = parsed.texts("member_names");
    selection.role = role_filter(parsed.text("role").value_or("any"));
    selection.force = parsed.flag("force");
    selection.action = "reload";
    const auto cluster = session.read_cluster(selection.cluster_name, selection.group);
    const auto members = select_members(session, cluster, selection);
    MemberApi api(session);
    for (const DcsMember* member : members) {
        const auto answer = api.ask(*member, "POST", "reload");
        if (answer.status == 200) {
            session.echo("No changes to apply on member " + member->name);
        } else if (answer.status == 202) {
            session.echo("Reload request received for member " + member->name +
                         " and will be processed within " + loop_wait(cluster) + " seconds");
        } else {
            session.echo("Failed: reload for member " + member->name + ", status code=" +
                         std::to_string(answer.status) + ", (" + answer.body + ")");
        }
    }
    return 0;
}

constexpr std::array k_options{shared::group, shared::role, shared::force};
constexpr std::array k_arguments{shared::cluster, shared::member_names};

}  // namespace

const CommandSpec k_reload{"reload", "Let members read their configuration files again",
                           k_arguments, k_options, &run_reload};

}  // namespace patronictl
