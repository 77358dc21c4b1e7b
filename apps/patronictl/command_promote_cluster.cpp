#include "patronictl/cluster_role.hpp"
#include "patronictl/commands.hpp"

#include <array>

namespace patronictl {
namespace {

int run_promote(Session& session, const Parsed& parsed) {
    return change_cluster_role(session, session.scope(parsed), parsed.flag("force"), {});
}

constexpr std::array k_options{shared::force};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_promote_cluster{"promote-cluster", "Make a standby cluster one of its own",
                                    k_arguments, k_options, &run_promote};

}  // namespace patronictl
