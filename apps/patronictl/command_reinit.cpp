#include "codec/json.hpp"
#include "patronictl/commands.hpp"
#include "patronictl/member_answer.hpp"
#include "patronictl/members.hpp"
#include "patronictl/prompts.hpp"
#include "patronictl/python_text.hpp"

#include <array>

namespace patronictl {
namespace {

using patroni::Value;
using Members = std::vector<const DcsMember*>;

constexpr std::chrono::seconds k_pause{2};

/// Returns whether it was started.
bool reinitialize(const Session& session, MemberApi& api, const DcsMember& member, bool force,
                  bool from_leader) {
    Value body = Value::object({{"force", force}, {"from_leader", from_leader}});
    while (true) {
        const auto answer = api.ask(member, "POST", "reinitialize", &body);
        if (report(session, answer, member.name, "reinitialize")) {
            return true;
        }
        if (force || !answer.body.ends_with(" already in progress") ||
            !confirm(session.streams(), "Do you want to cancel it and reinitialize anyway?")) {
            return false;
        }
        body.set("force", true);
    }
}

bool is_copying(MemberApi& api, const DcsMember& member) {
    const auto answer = api.ask(member, "GET", "patroni");
    const auto document = patroni::codec::parse_json(answer.body);
    if (!document || document->if_object() == nullptr) {
        throw Fail("The answer of member " + member.name + " is no status document");
    }
    const Value* state = document->find("state");
    return state != nullptr && state->if_string() != nullptr &&
           *state->if_string() == "creating replica";
}

/// Without a limit, as a copy can take days. A member that has ended makes the one behind it wait
/// for the next round.
void wait_for(const Session& session, MemberApi& api, Members members) {
    Members shown;
    while (!members.empty()) {
        if (members != shown) {
            session.echo("Waiting for reinitialize to complete on: " + joined_names(members));
            shown = members;
        }
        session.streams().sleep(k_pause);
        for (std::size_t i = 0; i < members.size(); ++i) {
            if (!is_copying(api, *members[i])) {
                session.echo("Reinitialize is completed on: " + members[i]->name);
                members.erase(members.begin() + static_cast<std::ptrdiff_t>(i));
            }
        }
    }
}

int run_reinit(Session& session, const Parsed& parsed) {
    Selection selection;
    selection.cluster_name = session.scope(parsed);
    selection.group = Session::group(parsed);
    selection.names = parsed.texts("member_names");
    selection.role = RoleFilter::replica;
    selection.force = parsed.flag("force");
    selection.action = "reinitialize";
    const auto cluster = session.read_cluster(selection.cluster_name, selection.group);
    const auto members = select_members(session, cluster, selection);
    MemberApi api(session);
    Members started;
    for (const DcsMember* member : members) {
        if (reinitialize(session, api, *member, selection.force, parsed.flag("from_leader"))) {
            started.push_back(member);
        }
    }
    if (parsed.flag("wait")) {
        wait_for(session, api, std::move(started));
    }
    return 0;
}

constexpr std::array k_options{
    shared::group,
    shared::force,
    OptionSpec{"from_leader", "--from-leader", OptionKind::flag, "Copy from the leader"},
    OptionSpec{"wait", "--wait", OptionKind::flag, "Wait until the copy is complete"},
};
constexpr std::array k_arguments{shared::cluster, shared::member_names};

}  // namespace

const CommandSpec k_reinit{"reinit", "Delete the data of replicas and copy it anew", k_arguments,
                           k_options, &run_reinit};

}  // namespace patronictl
