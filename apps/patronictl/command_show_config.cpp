#include "patronictl/commands.hpp"
#include "patronictl/output.hpp"
#include "patronictl/session.hpp"

#include <array>

namespace patronictl {
namespace {

int run_show_config(Session& session, const Parsed& parsed) {
    const auto cluster =
        session.read_cluster(session.scope(parsed), session.group_or_configured(parsed));
    if (!cluster.config.is_null()) {
        session.echo(config_yaml(cluster.config));
    }
    return 0;
}

constexpr std::array k_options{shared::group};
constexpr std::array k_arguments{shared::optional_cluster};

}  // namespace

const CommandSpec k_show_config{"show-config", "Show the dynamic configuration of a cluster",
                                k_arguments, k_options, &run_show_config};

}  // namespace patronictl
