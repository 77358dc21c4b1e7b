#include "patronictl/commands.hpp"
#include "patronictl/pause_mode.hpp"

#include <array>

namespace patronictl {
namespace {

int run_resume(Session& session, const Parsed& parsed) {
    return set_pause(session, parsed, false);
}

constexpr std::array k_options{
    shared::group,
    OptionSpec{"wait", "--wait", OptionKind::flag, "Wait until all members know of it"},
};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_resume{"resume", "Switch the automatic failover on again", k_arguments,
                           k_options, &run_resume};

}  // namespace patronictl
