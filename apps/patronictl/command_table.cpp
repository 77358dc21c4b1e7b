#include "patronictl/commands.hpp"

#include <array>

namespace patronictl {
namespace {

constexpr std::array k_table{
    &k_demote_cluster, &k_dsn,        &k_edit_config, &k_failover,        &k_flush,
    &k_history,        &k_list,       &k_pause,       &k_promote_cluster, &k_query,
    &k_reinit,         &k_reload,     &k_remove,      &k_restart,         &k_resume,
    &k_show_config,    &k_switchover, &k_topology,    &k_version_command,
};

}  // namespace

std::span<const CommandSpec* const> command_table() {
    return k_table;
}

}  // namespace patronictl
