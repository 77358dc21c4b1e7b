#include "base/text.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/member_answer.hpp"
#include "patronictl/members.hpp"

#include <array>

namespace patronictl {
namespace {

using patroni::StoreWrite;

void flush_restart(Session& session, const Parsed& parsed, const DcsCluster& cluster,
                   const std::string& name) {
    Selection selection;
    selection.cluster_name = name;
    selection.group = Session::group(parsed);
    selection.names = parsed.texts("member_names");
    selection.role = role_filter(parsed.text("role").value_or("any"));
    selection.force = parsed.flag("force");
    selection.action = "flush";
    const auto members = select_members(session, cluster, selection);
    MemberApi api(session);
    for (const DcsMember* member : members) {
        if (member->has("scheduled_restart")) {
            report(session, api.ask(*member, "DELETE", "restart"), member->name,
                   "flush scheduled restart");
        } else {
            session.echo("No scheduled restart for member " + member->name);
        }
    }
}

/// No member could do it: the key that was read, and no other, becomes idle.
void flush_in_store(Session& session, const DcsCluster& cluster) {
    try {
        const auto outcome = session.store().write(
            StoreWrite::put_if(cluster.path + "failover", "{}", cluster.failover->revision));
        if (outcome.kind != patroni::OutcomeKind::done) {
            session.warn("The scheduled switchover may be there still: " + to_line(outcome));
        }
    } catch (const patroni::Failure& failure) {
        session.warn("The scheduled switchover is there still: " + to_line(failure.error()));
    }
}

bool is_scheduled(const DcsCluster& cluster) {
    const auto& failover = cluster.failover;
    const auto given = [](const std::optional<std::string>& text) {
        return text && !text->empty();
    };
    return failover && given(failover->scheduled_at) &&
           (given(failover->leader) || given(failover->candidate));
}

void flush_switchover(Session& session, const DcsCluster& cluster, const std::string& name) {
    if (!is_scheduled(cluster)) {
        return session.echo("No pending scheduled switchover");
    }
    MemberApi api(session);
    for (const DcsMember* member : leader_first(cluster)) {
        const auto answer = api.try_to_ask(*member, "DELETE", "switchover");
        if (!answer) {
            session.warn(to_line(answer.error()));
            session.warn("Member " + patroni::escape_untrusted(member->name) +
                         " is not accessible");
        } else if (answer->status == 200 || answer->status == 404) {
            return session.echo((answer->status == 200 ? "Success: " : "Failed: ") + answer->body);
        } else {
            session.echo("Failed: member=" + member->name + ", status_code=" +
                         std::to_string(answer->status) + ", (" + answer->body + ")");
        }
    }
    session.warn("Failing over to DCS");
    session.echo(session.timestamp() + " Could not find any accessible member of cluster " + name);
    flush_in_store(session, cluster);
}

int run_flush(Session& session, const Parsed& parsed) {
    const std::string name = session.scope(parsed);
    const auto cluster = session.read_cluster(name, Session::group(parsed));
    if (parsed.text("target") == "restart") {
        flush_restart(session, parsed, cluster, name);
    } else {
        flush_switchover(session, cluster, name);
    }
    return 0;
}

constexpr std::array k_options{shared::group, shared::role, shared::force};
constexpr std::array k_arguments{
    shared::cluster, shared::member_names,
    ArgumentSpec{"target", "{restart|switchover}", true, false, "restart,switchover"}};

}  // namespace

const CommandSpec k_flush{"flush", "Cancel what is scheduled", k_arguments, k_options, &run_flush};

}  // namespace patronictl
