#include "patronictl/commands.hpp"
#include "patronictl/leader_change.hpp"

#include <array>

namespace patronictl {
namespace {

int run_switchover(Session& session, const Parsed& parsed) {
    LeaderChange wanted;
    wanted.kind = patroni::LeaderRequest::Kind::switchover;
    wanted.cluster_name = session.scope(parsed);
    wanted.group = Session::group(parsed);
    wanted.leader = parsed.text("leader");
    wanted.candidate = parsed.text("candidate");
    wanted.scheduled = parsed.text("scheduled");
    wanted.force = parsed.flag("force");
    return change_leader(session, std::move(wanted));
}

constexpr std::array k_options{
    shared::group,
    OptionSpec{"leader", "--leader,--primary", OptionKind::text, "Who leads now"},
    OptionSpec{"candidate", "--candidate", OptionKind::text, "Who is to lead"},
    OptionSpec{"scheduled", "--scheduled", OptionKind::text,
               "Time of the switchover, such as 2030-01-01T10:00:00+02:00"},
    shared::force,
};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_switchover{"switchover", "Hand the lead over to another member", k_arguments,
                               k_options, &run_switchover};

}  // namespace patronictl
