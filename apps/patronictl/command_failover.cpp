#include "patronictl/commands.hpp"
#include "patronictl/leader_change.hpp"

#include <array>

namespace patronictl {
namespace {

int run_failover(Session& session, const Parsed& parsed) {
    LeaderChange wanted;
    wanted.kind = patroni::LeaderRequest::Kind::failover;
    wanted.cluster_name = session.scope(parsed);
    wanted.group = Session::group(parsed);
    wanted.candidate = parsed.text("candidate");
    wanted.force = parsed.flag("force");
    return change_leader(session, std::move(wanted));
}

constexpr std::array k_options{
    shared::group,
    OptionSpec{"candidate", "--candidate", OptionKind::text, "Who is to lead"},
    shared::force,
};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_failover{"failover", "Make a replica the leader, with or without one",
                             k_arguments, k_options, &run_failover};

}  // namespace patronictl
